"""Network policies: nothing by default, and every process reaches what it needs and nothing by accident."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from tools.chart.manifests import Object, Pod, Render, selects, title

DNS = 53


def everything_is_closed(render: Render) -> Iterator[str]:
    """Each pod is selected by a policy that forbids both directions by allowing nothing."""
    policies = render.of("NetworkPolicy")
    for pod in render.pods():
        mine = [policy for policy in policies if selects(policy["spec"]["podSelector"], pod.labels)]
        if not mine:
            yield f"{pod.where}: no NetworkPolicy selects it"
        for direction in ("Ingress", "Egress"):
            if mine and not any(direction in policy["spec"].get("policyTypes", []) for policy in mine):
                yield f"{pod.where}: {direction} is open"


def nothing_is_wide_open(render: Render) -> Iterator[str]:
    """No rule lets everybody in, and none lets out on all ports."""
    for policy in render.of("NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            if not rule.get("from") or {} in rule["from"]:
                yield f"{title(policy)}: lets everybody in"
        for rule in policy["spec"].get("egress", []):
            if not rule.get("ports"):
                yield f"{title(policy)}: lets out on all ports"


def selectors_find_pods(render: Render) -> Iterator[str]:
    """A policy that selects nothing protects nothing: its labels are misspelt."""
    pods = list(render.pods())
    for policy in render.of("NetworkPolicy"):
        selector = policy["spec"]["podSelector"]
        cluster = selector.get("matchLabels", {}).get("cnpg.io/cluster")
        if cluster:
            if cluster not in render.named("Cluster"):
                yield f"{title(policy)}: no Cluster {cluster}"
        elif not any(selects(selector, pod.labels) for pod in pods):
            yield f"{title(policy)}: selects no pod"


def needs_are_met(render: Render) -> Iterator[str]:
    """A process that has an address may go to its port, and so may whoever probes, scrapes and visits come in."""
    configmaps = render.named("ConfigMap")
    for pod in render.pods():
        env = pod.environment(configmaps)
        for what, port in _needs(env).items():
            if not _may_go(render, pod, port):
                yield f"{pod.where}: may not go to {what} on port {port}"
        if pod.component == "migrate" and not _may_go(render, pod, _waited_for(pod)):
            yield f"{pod.where}: may not go to the database that it waits for"
        if "METRICS_PORT" in env and pod.runs_for_long and not _may_come(render, pod, "metrics"):
            yield f"{pod.where}: nobody may read its metrics"
        if pod.component == "web" and not _may_come(render, pod, "http"):
            yield f"{pod.where}: nobody may visit it"
    yield from _peers_meet(render)


def _needs(env: dict[str, str]) -> dict[str, int]:
    needs = {}
    if "DATABASE_URL" in env:
        needs["the database"] = urlsplit(env["DATABASE_URL"]).port or 5432
    if "DATABASE_URL" in env or "DATABASE_URL_FILE" in env:
        needs["the name servers"] = DNS
    if "EMAIL_HOST" in env and "WEB_BIND" in env:
        needs["the mail server"] = int(env["EMAIL_PORT"])
    if "OTEL_EXPORTER_OTLP_ENDPOINT" in env and "DATABASE_URL" in env:
        needs["the collector"] = urlsplit(env["OTEL_EXPORTER_OTLP_ENDPOINT"]).port or 443
    if env.get("LINK_CHECK_OUTSIDE") == "yes" and "WORKER_QUEUES" in env:
        needs["other sites"] = 443
    return needs


def _waited_for(pod: Pod) -> int:
    return int(pod.spec["initContainers"][0]["args"][-1])


def _may_go(render: Render, pod: Pod, port: int) -> bool:
    for policy in render.of("NetworkPolicy"):
        if selects(policy["spec"]["podSelector"], pod.labels):
            for rule in policy["spec"].get("egress", []):
                if any(str(entry["port"]) == str(port) for entry in rule["ports"]):
                    return True
    return False


def _may_come(render: Render, pod: Pod, port: str) -> bool:
    for policy in render.of("NetworkPolicy"):
        if selects(policy["spec"]["podSelector"], pod.labels):
            for rule in policy["spec"].get("ingress", []):
                if any(entry["port"] == port for entry in rule.get("ports", [])):
                    return True
    return False


def _peers_meet(render: Render) -> Iterator[str]:
    """Who goes to Valkey or PostgreSQL of this release is let in there."""
    configmaps = render.named("ConfigMap")
    doors: list[tuple[dict[str, str], int, tuple[str, ...], str]] = [
        (pod.labels, 6379, ("REDIS_URL_FILE",), "valkey") for pod in render.pods() if pod.component == "valkey"
    ]
    for name in render.named("Cluster"):
        doors.append(({"cnpg.io/cluster": name}, 5432, ("DATABASE_URL", "DATABASE_URL_FILE"), name))
    for labels, port, variables, what in doors:
        for pod in render.pods():
            if not set(variables) & set(pod.environment(configmaps)):
                continue
            if not _may_go_to(render, pod, labels, port):
                yield f"{pod.where}: may not go to {what}"
            if not _let_in(render, pod, labels, port):
                yield f"{pod.where}: is not let in by {what}"


def _may_go_to(render: Render, pod: Pod, labels: dict[str, str], port: int) -> bool:
    return any(
        selects(policy["spec"]["podSelector"], pod.labels)
        and any(_speaks_of(rule, "to", labels, port) for rule in policy["spec"].get("egress", []))
        for policy in render.of("NetworkPolicy")
    )


def _let_in(render: Render, pod: Pod, labels: dict[str, str], port: int) -> bool:
    return any(
        selects(policy["spec"]["podSelector"], labels)
        and any(_speaks_of(rule, "from", pod.labels, port) for rule in policy["spec"].get("ingress", []))
        for policy in render.of("NetworkPolicy")
    )


def _speaks_of(rule: Object, direction: str, labels: dict[str, str], port: int) -> bool:
    ports: list[Any] = rule.get("ports", [])
    return any(entry["port"] == port for entry in ports) and any(
        "podSelector" in peer and "namespaceSelector" not in peer and selects(peer["podSelector"], labels)
        for peer in rule.get(direction, [])
    )
