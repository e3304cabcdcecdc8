"""`make chart`: lint, render, validate and scan helm/hamaynk, and hold it against our own rules. 1 if anything is wrong."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

from tools.chart import custom, every, processes, scan, values
from tools.chart.manifests import Given, Object, Render

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/hamaynk"
TOOLS = ROOT / "var/tools/chart"
HELM = TOOLS / "helm"
PYTHON = ROOT / ".venv/bin/python"  # ours, with Django
CHECKOV = TOOLS / "venv/bin/checkov"
OUT = ROOT / "var/chart"  # what was rendered, to be looked at
NAMESPACE, RELEASE = "towns", "trial"
MIRROR = "mirror.internal:5000"  # ci/air-gapped.yaml
MODES: dict[str, tuple[str, ...]] = {"install": (), "upgrade": ("--is-upgrade",)}


def helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Helm, which asks nobody."""
    return subprocess.run([str(HELM), *arguments], capture_output=True, text=True, check=False)


def ci_files() -> list[Path]:
    """One set of values each."""
    return sorted((CHART / "ci").glob("*.yaml"))


def lint() -> Iterator[str]:
    """Helm's own."""
    for path in ci_files():
        done = helm("lint", str(CHART), "--strict", "--namespace", NAMESPACE, "--values", str(path))
        if done.returncode:
            yield f"{path.name}: {done.stdout}{done.stderr}"


def render() -> tuple[list[Render], list[str]]:
    """Every ci file, as it is installed and as it is upgraded."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.rglob("*.yaml"):
        old.unlink()
    settings = processes.settings_read(ROOT)
    renders, faults = [], []
    for path in ci_files():
        given = Given.of(path.read_text(encoding="utf-8"))
        for mode, words in MODES.items():
            done = helm("template", RELEASE, str(CHART), "--namespace", NAMESPACE, "--values", str(path), *words)
            if done.returncode:
                faults.append(f"{path.name}: {done.stderr.strip()}")
                continue
            folder = OUT / mode
            folder.mkdir(exist_ok=True)
            (folder / path.name).write_text(done.stdout, encoding="utf-8")
            objects = [item for item in yaml.safe_load_all(done.stdout) if item]
            renders.append(Render(objects, given, NAMESPACE, f"{path.stem} ({mode})", mode == "upgrade", settings))
    return renders, faults


def kubernetes(renders: list[Render]) -> Iterator[str]:
    """Strictly against the three newest versions; what Kubernetes does not know must be a custom resource that we check."""
    versions = list(dict.fromkeys(kubernetes_validate.utils.all_versions()))[-3:]  # each is listed twice there
    print(f"            versions {', '.join(versions)}")
    for version in versions:
        bad = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "control"}, "spec": {"prts": []}}
        if not list(_one(bad, version, "control")):
            yield f"{version}: a misspelt name is not seen"
    seen: set[str] = set()  # renders share most objects
    for item in renders:
        for obj in item.objects:
            text = json.dumps(obj, sort_keys=True)
            if custom.is_custom(obj) or text in seen:
                continue
            seen.add(text)
            for version in versions:
                yield from _one(obj, version, item.name)


def _one(obj: Object, version: str, where: str) -> Iterator[str]:
    name = f"{where}: {obj['kind']}/{obj['metadata']['name']} in {version}"
    try:
        kubernetes_validate.validate(obj, version, strict=True)
    except kubernetes_validate.ValidationError as fault:
        yield f"{name}: {'.'.join(map(str, fault.path))}: {fault.message[:300]}"
    except kubernetes_validate.SchemaNotFoundError:
        yield f"{name}: no schema"


def custom_resources(renders: list[Render]) -> Iterator[str]:
    """Against their definitions."""
    found, seen = [], set()
    for item in renders:
        for obj in item.objects:
            text = json.dumps(obj, sort_keys=True)
            if custom.is_custom(obj) and text not in seen:
                seen.add(text)
                found.append((item.name, obj))
    kinds = {(obj["apiVersion"], obj["kind"]) for _, obj in found}
    for key in sorted({*custom.MODELS, custom.OBJECT_STORE} - kinds):
        yield f"no ci file renders a {' '.join(key)}"
    yield from custom.controls(TOOLS / "npm", OUT)
    yield from custom.faults(found, TOOLS / "npm", OUT)


def our_rules(renders: list[Render]) -> Iterator[str]:
    """Each of our rules over each render."""
    facts = every.Facts.of(ROOT)
    for item in renders:
        mirror = MIRROR if item.name.startswith("air-gapped") else ""
        yield from (f"{item.name}: {fault}" for fault in every.faults(item, facts, mirror=mirror))


def starts(renders: list[Render]) -> Iterator[str]:
    """Our own settings, in our own environment, take the variables of each process."""
    cases: dict[str, dict[str, Any]] = {}
    for item in renders:
        configmaps = item.named("ConfigMap")
        for pod in filter(processes.ours, item.pods()):
            env = pod.environment(configmaps)
            case: dict[str, Any] = {"where": f"{item.name}: {pod.where}", "process": pod.component, "env": env}
            cases.setdefault(json.dumps([pod.component, env], sort_keys=True), case)
    done = subprocess.run(
        [str(PYTHON), "-m", "tools.chart.starts"],
        input=json.dumps(list(cases.values())),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        yield f"tools.chart.starts failed: {done.stderr.strip()}"
    yield from (line for line in done.stdout.splitlines() if line)
    print(f"            {len(cases)} different processes")


def values_and_schema() -> Iterator[str]:
    """Closed, complete, documented, used; and each level refuses a name that it does not know."""
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    defaults: dict[str, Any] = yaml.safe_load(text)
    schema: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    yield from values.closed(schema)
    yield from values.same_names(defaults, schema)
    yield from values.documented(text)
    templates = "\n".join(p.read_text(encoding="utf-8") for p in sorted((CHART / "templates").rglob("*.*")))
    yield from values.used(defaults, templates)
    tried: set[tuple[str | int, ...]] = set()
    for path in ci_files():
        given = merged(defaults, yaml.safe_load(path.read_text(encoding="utf-8")))
        validator = jsonschema.Draft7Validator(schema)
        yield from (f"{path.name}: {fault.message}" for fault in validator.iter_errors(given))
        for level in values.levels(given, schema, schema):
            tried.add(level)
            if not any(values.UNKNOWN in fault.message for fault in _all(validator, values.with_unknown(given, level))):
                yield f"{path.name}: {'.'.join(map(str, level)) or 'the top'} takes a name that is none"
    print(f"            {len(tried)} levels refuse unknown names")
    yield from _helm_refuses(defaults)


def _all(validator: jsonschema.Draft7Validator, given: Any) -> Iterator[jsonschema.ValidationError]:
    """Errors, and those within `anyOf`."""
    for fault in validator.iter_errors(given):
        yield fault
        yield from fault.context or []


def _helm_refuses(defaults: dict[str, Any]) -> Iterator[str]:
    """The same through helm itself, once at the top and in each section."""
    minimal = str(CHART / "ci/minimal.yaml")
    sections = [name for name, value in defaults.items() if isinstance(value, dict) and name != "settings"]
    sections.remove("workers")  # free: a group of any name; what is within is tried below
    for place in (
        "",
        *(f"{name}." for name in sections),
        "workers.default.",
        "database.cloudnativepg.backup.credentials.",
    ):
        done = helm("template", RELEASE, str(CHART), "--values", minimal, "--set", f"{place}{values.UNKNOWN}=1")
        if done.returncode == 0 or values.UNKNOWN not in done.stderr:
            yield f"helm takes {place}{values.UNKNOWN}"
    for place in ("settings.SECRET_KEY=x", "settings.ANY_FILE=/x", "image.tag=latest", "database.citus.enabled=true"):
        if helm("template", RELEASE, str(CHART), "--values", minimal, "--set", place).returncode == 0:
            yield f"helm takes {place}"


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """As Helm lays values over defaults."""
    result = dict(below)
    for name, value in above.items():
        old = result.get(name)
        result[name] = merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def alerts() -> Iterator[str]:
    """The chart ships the very alerts that stand in deploy/observability."""
    theirs, ours = ROOT / "deploy/observability/alerts.yaml", CHART / "files/alerts.yaml"
    if theirs.exists() and theirs.read_bytes() != ours.read_bytes():
        yield f"{ours.relative_to(ROOT)} is another than {theirs.relative_to(ROOT)}: copy it"


def main() -> int:
    """One line a step with its time; the faults of those that failed."""
    failed = 0
    renders: list[Render] = []

    def rendering() -> Iterator[str]:
        found, faults = render()
        renders.extend(found)
        yield from faults

    steps: dict[str, Callable[[], Iterator[str]]] = {
        "lint": lint,
        "render": rendering,
        "values": values_and_schema,
        "rules": lambda: our_rules(renders),
        "starts": lambda: starts(renders),
        "alerts": alerts,
        "kubernetes": lambda: kubernetes(renders),
        "custom": lambda: custom_resources(renders),
        "checkov": lambda: scan.faults(OUT / "install", CHECKOV),
    }
    for name, step in steps.items():
        begun = time.monotonic()
        faults = sorted(set(step()))
        print(f"{name:<11} {'failed' if faults else 'ok':<7} {time.monotonic() - begun:5.1f} s", flush=True)
        for fault in faults:
            print(f"  - {fault}", flush=True)
        failed += bool(faults)
    print(f"{len(renders)} renders of {len(ci_files())} ci files. Nothing was run on a cluster.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
