"""A small chart's worth of manifests that every rule finds right; tests spoil one thing at a time."""

import copy
from typing import Any

from tools.chart.every import Facts
from tools.chart.manifests import Given, Render

Object = dict[str, Any]
FACTS = Facts(600, ":celery:", frozenset({"default", "oversight"}))
NAME = {"app.kubernetes.io/name": "hamaynk", "app.kubernetes.io/instance": "trial"}
SETTINGS = frozenset(
    ["DATABASE_URL", "SECRET_KEY", "REDIS_URL", "METRICS_PORT", "WEB_BIND", "WEB_TIMEOUT", "STOP_SECONDS", "DEPLOYMENT"]
    + ["WORKER_QUEUES", "DATABASE_POOLED"]
)
GIVEN = (
    Given("Secret", "app", ("secret-key", "redis-url")),
    Given("Secret", "own", ("owner-database-url",)),
    Given("Secret", "tls", ("tls.crt",)),
)
HOOK = {"helm.sh/hook-delete-policy": "before-hook-creation"}


def labels(component: str) -> dict[str, str]:
    """Of a pod."""
    return {**NAME, "app.kubernetes.io/component": component}


def metadata(name: str, component: str = "web", **annotations: str) -> Object:
    """Of an object."""
    return {"name": name, "namespace": "towns", "labels": labels(component), "annotations": annotations}


def container(name: str, *, owner: bool = False, **env: str) -> Object:
    """A process, restricted, with probes."""
    probe = {"httpGet": {"path": "/healthz" if name == "web" else "/livez", "port": "metrics"}}
    ready = {"httpGet": {"path": "/readyz", "port": "http"}} if name == "web" else probe
    variables = {"SECRET_KEY_FILE": "/run/secrets/app/secret-key", "REDIS_URL_FILE": "/run/secrets/app/redis-url"}
    variables |= (
        {"DATABASE_URL_FILE": "/run/secrets/own/url"} if owner else {"DATABASE_URL": "postgres://db:5432/hamaynk"}
    )
    mounts = [{"name": "app", "mountPath": "/run/secrets/app"}, {"name": "tmp", "mountPath": "/tmp"}]
    if owner:
        mounts.append({"name": "own", "mountPath": "/run/secrets/own"})
    return {
        "name": name,
        "image": "registry.example/hamaynk:1.0",
        "args": [name],
        "envFrom": [{"configMapRef": {"name": "settings"}}],
        "env": [{"name": key, "value": value} for key, value in (variables | env).items()],
        "ports": [{"name": "metrics", "containerPort": 9464}],
        "startupProbe": probe,
        "readinessProbe": ready,
        "livenessProbe": copy.deepcopy(probe),
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}},
        "securityContext": {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": mounts,
    }


def pod(component: str, *, owner: bool = False, grace: int = 30, account: str = "trial", **env: str) -> Object:
    """A template."""
    volumes: list[Object] = [
        {
            "name": "app",
            "secret": {
                "secretName": "app",
                "items": [{"key": "secret-key", "path": "secret-key"}, {"key": "redis-url", "path": "redis-url"}],
            },
        },
        {"name": "tmp", "emptyDir": {"sizeLimit": "1Mi"}},
    ]
    if owner:
        own = {"secretName": "own", "items": [{"key": "owner-database-url", "path": "url"}]}
        volumes.append({"name": "own", "secret": own})
    return {
        "metadata": {"labels": labels(component)},
        "spec": {
            "serviceAccountName": account,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": grace,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 10001,
                "runAsGroup": 10001,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "topologySpreadConstraints": [{"labelSelector": {"matchLabels": labels(component)}}],
            "containers": [container(component, owner=owner, **env)],
            "volumes": volumes,
        },
    }


def deployment(component: str, replicas: int | None, template: Object, strategy: Object) -> Object:
    """With a selector of its own."""
    spec: Object = {"selector": {"matchLabels": labels(component)}, "strategy": strategy, "template": template}
    if replicas is not None:
        spec["replicas"] = replicas
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata(component, component), "spec": spec}


def web() -> Object:
    """Two of them, with a way to end."""
    template = pod("web", grace=90, WEB_BIND="0.0.0.0:8000", WEB_TIMEOUT="60", STOP_SECONDS="60")
    only = template["spec"]["containers"][0]
    only["ports"].append({"name": "http", "containerPort": 8000})
    only["lifecycle"] = {"preStop": {"sleep": {"seconds": 10}}}
    return deployment("web", 2, template, {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}})


def migrate(phase: str, hook: str) -> Object:
    """A job that is a hook."""
    template = pod("migrate", owner=True, account="trial-migrate")
    only = template["spec"]["containers"][0]
    only |= {"args": ["migrate", "--phase", phase]}
    only["envFrom"] = []
    only["env"].append({"name": "METRICS_PORT", "value": "9464"})
    template["spec"]["initContainers"] = [{**container("wait"), "args": ["-c", "db", "5432"], "env": [], "envFrom": []}]
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(
            f"migrate-{phase}", "migrate", **{"helm.sh/hook": hook, "helm.sh/hook-weight": "0", **HOOK}
        ),
        "spec": {"activeDeadlineSeconds": 60, "backoffLimit": 0, "template": template},
    }


def policy(name: str, spec: Object, **annotations: str) -> Object:
    """A NetworkPolicy."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(name, **annotations),
        "spec": spec,
    }


def policies() -> list[Object]:
    """Closed, and opened for what is needed."""
    everybody = {"podSelector": {"matchLabels": NAME}}
    hooks = {"helm.sh/hook": "pre-install,pre-upgrade,post-install,post-upgrade", "helm.sh/hook-weight": "-10", **HOOK}
    ports = [{"port": 53}, {"port": 5432}]
    visitors = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]
    return [
        policy("deny", {**everybody, "policyTypes": ["Ingress", "Egress"]}),
        policy("out", {**everybody, "policyTypes": ["Egress"], "egress": [{"ports": ports}]}),
        policy(
            "in",
            {
                **everybody,
                "policyTypes": ["Ingress"],
                "ingress": [{"ports": [{"port": "http"}, {"port": "metrics"}], "from": visitors}],
            },
        ),
        policy("hook", {"podSelector": {"matchLabels": labels("migrate")}, "policyTypes": ["Egress"]}, **hooks),
    ]


def accounts() -> list[Object]:
    """One that stays, one for hooks."""
    hooks = {"helm.sh/hook": "pre-install,pre-upgrade,post-install,post-upgrade", "helm.sh/hook-weight": "-10", **HOOK}
    return [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata("trial")},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata("trial-migrate", **hooks)},
    ]


def edge() -> list[Object]:
    """Service, Ingress, budgets, a scaler."""
    backend = {"service": {"name": "web", "port": {"name": "http"}}}
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": metadata("web"),
            "spec": {"selector": labels("web"), "ports": [{"name": "http", "port": 80, "targetPort": "http"}]},
        },
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": metadata("web"),
            "spec": {
                "tls": [{"hosts": ["*.towns.example"], "secretName": "tls"}],
                "rules": [{"host": "*.towns.example", "http": {"paths": [{"path": "/", "backend": backend}]}}],
            },
        },
        *(
            {
                "apiVersion": "policy/v1",
                "kind": "PodDisruptionBudget",
                "metadata": metadata(component, component),
                "spec": {"maxUnavailable": 1, "selector": {"matchLabels": labels(component)}},
            }
            for component in ("web", "worker")
        ),
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "ScaledObject",
            "metadata": metadata("worker", "worker"),
            "spec": {
                "scaleTargetRef": {"name": "worker"},
                "minReplicaCount": 1,
                "maxReplicaCount": 4,
                "triggers": [
                    {"metadata": {"listName": f"hmk:celery:{queue}"}, "authenticationRef": {"name": "redis"}}
                    for queue in ("default", "oversight")
                ],
            },
        },
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "TriggerAuthentication",
            "metadata": metadata("redis"),
            "spec": {"secretTargetRef": [{"parameter": "password", "name": "app", "key": "redis-url"}]},
        },
    ]


def good() -> list[Object]:
    """Everything, with an external database."""
    recreate = {"type": "Recreate"}
    settings = {"METRICS_PORT": "9464", "DEPLOYMENT": "hmk"}
    worker = pod("worker", grace=660, WORKER_QUEUES="default,oversight")
    return copy.deepcopy(
        [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("settings"), "data": settings},
            web(),
            deployment("worker", None, worker, {}),
            deployment("provisioner", 1, pod("provisioner", owner=True, grace=660), recreate),
            deployment("beat", 1, pod("beat"), recreate),
            migrate("expand", "pre-install,pre-upgrade"),
            migrate("contract", "post-install,post-upgrade"),
            *policies(),
            *accounts(),
            *edge(),
        ]
    )


def render(objects: list[Object], given: tuple[Given, ...] = GIVEN, *, upgrade: bool = False) -> Render:
    """As `make chart` would have rendered them."""
    return Render(objects, given, "towns", "test", upgrade, SETTINGS)
