"""What the chart says to our own processes: their variables, secrets, queues, and how long they may take to end."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.chart.manifests import Pod, Render, title
from tools.chart.references import of_pod

READERS = ("text", "number", "flag", "words", "Variable", "_number", "_flag")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
OWNERS = ("migrate", "provisioner")
OWNER_FILE = "owner-database-url"
# Read by libpq, within psycopg: how each connection is secured, the owner's included, whose address we do not write.
LIBPQ = frozenset({"PGSSLMODE", "PGSSLROOTCERT"})
OTEL = "OTEL_"  # the standard variables of OpenTelemetry are read by its own packages
PROVISIONING = "provisioning"
# Agreed with whoever writes the metrics and not read yet where this was written. Take a name out when it is.
COMING: frozenset[str] = frozenset()


def settings_read(root: Path) -> frozenset[str]:
    """Names of all variables that settings and processes read, as the code has them: `env.text("NAME", ...)`."""
    folder = root / "platform/hamaynk/config"
    found = {"DJANGO_SETTINGS_MODULE", *COMING}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if function in READERS and isinstance(first, ast.Constant) and NAME.fullmatch(str(first.value)):
                found.add(str(first.value))
    return frozenset(found)


def constant(root: Path, name: str) -> str:
    """The source of what base settings give a name, such as CELERY_TASK_TIME_LIMIT."""
    tree = ast.parse((root / "platform/hamaynk/config/settings/base.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            return ast.unparse(node.value)
    raise LookupError(f"{name} does not stand in the base settings")


def ours(pod: Pod) -> bool:
    """A process of our image that reads settings."""
    return pod.component in ("web", "worker", "provisioner", "beat", "migrate")


def variables_are_known(render: Render) -> Iterator[str]:
    """Every variable that the chart sets is one that somebody reads; none is given twice in two forms."""
    configmaps = render.named("ConfigMap")
    for pod in render.pods():
        if not ours(pod):
            continue
        env = pod.environment(configmaps)
        for name in env:
            known = name.removesuffix("_FILE") if name not in render.settings else name
            if known in render.settings or name in LIBPQ or (name.startswith(OTEL) and name != f"{OTEL}ENABLED"):
                continue
            yield f"{pod.where}: nobody reads {name}"
        for name in env:
            if f"{name}_FILE" in env:
                yield f"{pod.where}: {name} and {name}_FILE are both set"
        for name, value in env.items():
            if name.endswith("_FILE") and not _is_mounted(pod, value):
                yield f"{pod.where}: {name} names {value}, which no volume brings"
        yield from _say_the_same(pod, env)


def _say_the_same(pod: Pod, env: dict[str, str]) -> Iterator[str]:
    if env.get("METRICS_PORT", "0") == "0":
        yield f"{pod.where}: METRICS_PORT is off, and so are probes and metrics"
    for container in pod.containers():
        for port in container.get("ports", []):
            if port["name"] == "metrics" and str(port["containerPort"]) != env.get("METRICS_PORT"):
                yield f"{pod.where}: metrics are not where METRICS_PORT says"
            if port["name"] == "http" and not env.get("WEB_BIND", "").endswith(f":{port['containerPort']}"):
                yield f"{pod.where}: web does not listen where the port says"


def _is_mounted(pod: Pod, path: str) -> bool:
    volumes = pod.volumes()
    for container in pod.containers():
        for mount in container.get("volumeMounts", []):
            if not path.startswith(f"{mount['mountPath']}/"):
                continue
            volume = volumes.get(mount["name"], {})
            source = volume.get("secret") or volume.get("configMap") or {}
            if path.removeprefix(f"{mount['mountPath']}/") in {item["path"] for item in source.get("items", [])}:
                return True
    return False


def owner_credentials(render: Render) -> Iterator[str]:
    """Nobody but migrate and provisioner sees the owner's address or a superuser's, in any way."""
    guarded = {given.name for given in render.given if OWNER_FILE in given.keys}
    for item in render.of("Secret"):
        if OWNER_FILE in {**(item.get("data") or {}), **(item.get("stringData") or {})}:
            guarded.add(item["metadata"]["name"])
    for name in render.named("Cluster"):
        guarded |= {f"{name}-app", f"{name}-superuser"}
    configmaps = render.named("ConfigMap")
    for pod in render.pods():
        url = pod.environment(configmaps).get("DATABASE_URL", "")
        if "@" in url:
            yield f"{pod.where}: DATABASE_URL carries credentials"
        if pod.component in OWNERS:
            continue
        if seen := sorted(_secrets_of(pod) & guarded):
            yield f"{pod.where}: sees the owner's credentials in {', '.join(seen)}"
    for pod in render.pods():
        if pod.component in OWNERS and not _secrets_of(pod) & guarded:
            yield f"{pod.where}: has no credentials of the owner"


def _secrets_of(pod: Pod) -> set[str]:
    return {name for kind, name, _ in of_pod(pod) if kind == "Secret"}


def secrets_are_files(render: Render) -> Iterator[str]:
    """No secret stands in a variable or in a ConfigMap, where `kubectl describe` would show it."""
    words = ("PASSWORD", "SECRET", "REDIS_URL", "TOKEN")
    configmaps = render.named("ConfigMap")
    for pod in render.pods():
        for name in pod.environment(configmaps):
            if any(word in name for word in words) and not name.endswith("_FILE"):
                yield f"{pod.where}: {name} stands in the environment"
        for container in pod.all_containers():
            if any("secretRef" in source for source in container.get("envFrom", [])):
                yield f"{pod.where}: a whole Secret in the environment"


def time_to_end(render: Render, task_limit: int) -> Iterator[str]:
    """A pod is given longer than the longest thing it may be doing, and web is out of all proxies' lists first."""
    configmaps = render.named("ConfigMap")
    for pod in render.pods():
        grace = pod.spec.get("terminationGracePeriodSeconds", 30)
        if pod.component in ("worker", "provisioner") and grace <= task_limit:
            yield f"{pod.where}: {grace} seconds to end, and a task may take {task_limit}"
        if pod.component != "web":
            continue
        env = pod.environment(configmaps)
        wait = pod.containers()[0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        stop = int(env.get("STOP_SECONDS", "30"))
        if wait < 1:
            yield f"{pod.where}: no preStop: requests would still come to a web that ends"
        if stop < int(env.get("WEB_TIMEOUT", "60")):
            yield f"{pod.where}: STOP_SECONDS is shorter than WEB_TIMEOUT"
        if grace <= wait + stop:
            yield f"{pod.where}: {grace} seconds to end, and {wait + stop} are needed"
        strategy = pod.owner["spec"].get("strategy", {}).get("rollingUpdate", {})
        if strategy.get("maxUnavailable") != 0:
            yield f"{pod.where}: an upgrade takes pods away before others serve"


def narrowed_after_all(render: Render) -> Iterator[str]:
    """At an upgrade, structure is narrowed when no pod of the old version can be left."""
    if not render.is_upgrade:
        return
    longest = max(
        (p.spec.get("terminationGracePeriodSeconds", 30) for p in render.pods() if p.runs_for_long), default=0
    )
    for pod in render.pods():
        if pod.component == "migrate" and "contract" in pod.containers()[0]["args"]:
            waits = [int(c["args"][-1]) for c in pod.all_containers() if c["name"] == "wait-for-old-pods"]
            if sum(waits) <= longest:
                yield f"{pod.where}: waits {sum(waits)} seconds, and an old pod may take {longest} to end"
            if sum(waits) >= pod.owner["spec"].get("activeDeadlineSeconds", 0):
                yield f"{pod.where}: its deadline is over before it begins"


def queues_used(root: Path) -> frozenset[str]:
    """The queues that tasks are sent to, as the code has them, but for the provisioner's own."""
    routed = re.findall(r'"queue": "(\w+)"', (root / "tasks/app.py").read_text(encoding="utf-8"))
    return frozenset({*routed, ast.literal_eval(constant(root, "CELERY_TASK_DEFAULT_QUEUE"))} - {PROVISIONING})


def queues(render: Render, prefix: str, used: frozenset[str]) -> Iterator[str]:
    """Every queue has a worker, none has two groups, and KEDA counts the lists that Celery writes."""
    configmaps = render.named("ConfigMap")
    served: dict[str, str] = {}
    deployments: dict[str, list[str]] = {}
    deployment = ""
    for pod in render.pods():
        env = pod.environment(configmaps)
        deployment = env.get("DEPLOYMENT", deployment)
        if pod.component != "worker":
            continue
        mine = env.get("WORKER_QUEUES", "").split(",")
        deployments[pod.name] = mine
        for queue in mine:
            if queue in served:
                yield f"{pod.where}: {served[queue]} serves the queue {queue} as well"
            served[queue] = pod.where
    for queue in sorted(used):
        if queue not in served:
            yield f"nobody serves the queue {queue}"
    if PROVISIONING in served:
        yield f"{served[PROVISIONING]}: has the provisioner's queue and not its credentials"
    for scaler in render.of("ScaledObject"):
        listed = {trigger["metadata"]["listName"] for trigger in scaler["spec"]["triggers"]}
        mine = deployments.get(scaler["spec"]["scaleTargetRef"]["name"], [])
        if listed != {f"{deployment}{prefix}{queue}" for queue in mine}:
            yield f"{title(scaler)}: counts {', '.join(sorted(listed))}"


def key_prefix(root: Path) -> str:
    """What stands between the name of the deployment and that of a queue, in the names of Celery's lists."""
    source = constant(root, "CELERY_BROKER_TRANSPORT_OPTIONS")
    found = re.search(r"'global_keyprefix': f'\{DEPLOYMENT\}([^']*)'", source)
    if not found:
        raise LookupError("CELERY_BROKER_TRANSPORT_OPTIONS has no global_keyprefix of DEPLOYMENT and a text")
    return found[1]


def phases(render: Render) -> Iterator[str]:
    """Structure is widened before the new pods and narrowed after; a fresh database of ours is prepared beside them."""
    found = {}
    for pod in render.pods():
        if pod.component == "migrate":
            words = pod.containers()[0]["args"]
            found[words[words.index("--phase") + 1] if "--phase" in words else "all"] = pod.hooks
    own = bool(render.of("Cluster"))
    before, after = (
        ({"pre-upgrade"}, {"post-upgrade"})
        if own
        else (
            {"pre-install", "pre-upgrade"},
            {"post-install", "post-upgrade"},
        )
    )
    wanted = {"expand": before, "contract": after}
    if own and not render.is_upgrade:
        wanted["all"] = set()
    if found != wanted:
        yield f"migrations are {found}, and should be {wanted}"
