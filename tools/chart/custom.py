"""Custom resources against their definitions: types of npm's @kubernetes-models.

Two checks, for each sees what the other does not. Their own one knows patterns, lists of words and what is required, and takes
unknown names; the TypeScript compiler refuses unknown names in literals and knows types.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.chart.manifests import Object

HERE = Path(__file__).parent
MODELS = {
    ("cert-manager.io/v1", "Certificate"): "@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate",
    ("keda.sh/v1alpha1", "ScaledObject"): "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject",
    ("keda.sh/v1alpha1", "TriggerAuthentication"): "@kubernetes-models/keda/keda.sh/v1alpha1/TriggerAuthentication",
    ("monitoring.coreos.com/v1", "ServiceMonitor"): (
        "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor"
    ),
    (
        "monitoring.coreos.com/v1",
        "PodMonitor",
    ): "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor",
    ("monitoring.coreos.com/v1", "PrometheusRule"): (
        "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule"
    ),
    (
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
    ): "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute",
    ("gateway.networking.k8s.io/v1", "Gateway"): "@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/Gateway",
    ("postgresql.cnpg.io/v1", "Cluster"): "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/Cluster",
    (
        "postgresql.cnpg.io/v1",
        "ScheduledBackup",
    ): "@kubernetes-models/cloudnative-pg/postgresql.cnpg.io/v1/ScheduledBackup",
}
# The Barman Cloud plugin has no package. Its configuration is, by its documentation, what CloudNativePG's own object store
# takes, and is checked as that, put into a Cluster; the rest of it is small.
OBJECT_STORE = ("barmancloud.cnpg.io/v1", "ObjectStore")
STORE_NAMES = {"retentionPolicy", "configuration"}
TSCONFIG = {
    "compilerOptions": {
        "module": "nodenext",
        "moduleResolution": "nodenext",
        "target": "es2022",
        "strict": True,
        "noEmit": True,
        "skipLibCheck": True,
    },
    "files": ["resources.mts"],
}


def is_custom(item: Object) -> bool:
    """Of a group that Kubernetes itself does not have."""
    key = (item["apiVersion"], item["kind"])
    return key in MODELS or key == OBJECT_STORE


def faults(resources: list[tuple[str, Object]], npm: Path, work: Path) -> Iterator[str]:
    """One line for each fault. `resources`: name of the render, object."""
    plain = []
    for where, item in resources:
        if (item["apiVersion"], item["kind"]) == OBJECT_STORE:
            yield from _store_names(where, item)
            item = _as_cluster(item)
        plain.append((where, item))
    yield from _own_checks(plain, npm, work)
    yield from _types(plain, npm, work)


def _store_names(where: str, item: Object) -> Iterator[str]:
    for name in sorted(set(item["spec"]) - STORE_NAMES):
        yield f"{where}: ObjectStore/{item['metadata']['name']}: {name} is no name of its spec"


def _as_cluster(item: Object) -> Object:
    return {
        "apiVersion": "postgresql.cnpg.io/v1",
        "kind": "Cluster",
        "metadata": item["metadata"],
        "spec": {
            "instances": 1,
            "storage": {"size": "1Gi"},
            "backup": {
                "retentionPolicy": item["spec"]["retentionPolicy"],
                "barmanObjectStore": item["spec"]["configuration"],
            },
        },
    }


def _own_checks(resources: list[tuple[str, Object]], npm: Path, work: Path) -> Iterator[str]:
    listed: list[dict[str, Any]] = []
    for where, item in resources:
        module = MODELS[item["apiVersion"], item["kind"]]
        listed.append({"file": where, "model": item["kind"], "module": module, "data": item})
    path = work / "custom.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    done = subprocess.run(
        ["node", str(HERE / "custom.mjs"), str(npm), str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        yield f"custom.mjs failed: {done.stderr.strip()}"
    yield from done.stdout.splitlines()


def _types(resources: list[tuple[str, Object]], npm: Path, work: Path) -> Iterator[str]:
    """Each resource as a literal of its type, one a line, so that a line says which."""
    imports, lines, lined = [], [], []
    for (_, kind), module in MODELS.items():
        imports.append(f'import type {{ I{kind} }} from "{module}";')
    for number, (where, item) in enumerate(resources):
        literal = json.dumps(item)
        lines.append(f"export const r{number}: I{item['kind']} = {literal};")
        lined.append(f"{where}: {item['kind']}/{item['metadata']['name']}")
    folder = npm / "check"  # beside node_modules, where the compiler looks for packages
    folder.mkdir(exist_ok=True)
    (folder / "resources.mts").write_text("\n".join([*imports, *lines]) + "\n", encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps(TSCONFIG), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    compiler = npm / "node_modules/typescript/bin/tsc"
    done = subprocess.run(
        ["node", str(compiler), "-p", str(folder), "--pretty", "false"], capture_output=True, text=True, check=False
    )
    for line in done.stdout.splitlines():
        found = re.match(r".*resources\.mts\((\d+),\d+\): error TS\d+: (.*)", line)
        if found and int(found[1]) > len(imports):
            yield f"{lined[int(found[1]) - len(imports) - 1]}: {found[2]}"
        elif line.strip() and not line.startswith(" "):
            yield line
    if done.returncode and not done.stdout.strip():
        yield f"the compiler failed: {done.stderr.strip()}"


def controls(npm: Path, work: Path) -> Iterator[str]:
    """Both checks see a fault that was put in; else they see nothing."""
    good: Object = {
        "apiVersion": "keda.sh/v1alpha1",
        "kind": "ScaledObject",
        "metadata": {"name": "control"},
        "spec": {"scaleTargetRef": {"name": "x"}, "triggers": [{"type": "redis", "metadata": {"listName": "x"}}]},
    }
    misspelt = {**good, "spec": {**good["spec"], "minReplicas": 1}}
    wrong_type = {**good, "spec": {**good["spec"], "triggers": [{"type": "redis", "metadata": {"listLength": 5}}]}}
    if found := list(_own_checks([("control", good)], npm, work)) + list(_types([("control", good)], npm, work)):
        yield f"a right resource is refused: {found}"
    if not list(_types([("control", misspelt)], npm, work)):
        yield "a misspelt name in a custom resource is not seen"
    if not list(_own_checks([("control", wrong_type)], npm, work)):
        yield "a wrong type in a custom resource is not seen"
