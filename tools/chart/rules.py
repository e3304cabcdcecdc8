"""What holds of every pod, and of everything that stands beside pods."""

from collections.abc import Iterator

from tools.chart.manifests import COMPONENT, Object, Pod, Render, hooks_of, selects, title

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
LONGEST_NAME = 63
SHORT_NAMED = ("Service", "Deployment", "StatefulSet", "Job", "Pod", "Cluster")


def probes(render: Render) -> Iterator[str]:
    """Whatever runs for long has three probes, on ports that it has; being alive is not asked of the database."""
    for pod in render.pods():
        if not pod.runs_for_long:
            continue
        for container in pod.containers():
            ports = {port.get("name") for port in container.get("ports", [])}
            for name in PROBES:
                probe = container.get(name)
                if not probe:
                    yield f"{pod.where}: container {container['name']} has no {name}"
                    continue
                port = (probe.get("httpGet") or probe.get("tcpSocket") or {}).get("port")
                if isinstance(port, str) and port not in ports:
                    yield f"{pod.where}: {name} asks on port {port}, which the container does not have"
            if (container.get("livenessProbe") or {}).get("httpGet", {}).get("path") == "/readyz":
                yield f"{pod.where}: livenessProbe asks /readyz: a database away would end all pods"
            if (
                pod.component == "web"
                and (container.get("readinessProbe") or {}).get("httpGet", {}).get("path") != "/readyz"
            ):
                yield f"{pod.where}: readinessProbe of web does not ask /readyz"


def resources(render: Render) -> Iterator[str]:
    """Requests and limits of processor and memory, for each container."""
    for pod in render.pods():
        for container in pod.all_containers():
            for kind in ("requests", "limits"):
                for what in ("cpu", "memory"):
                    if not container.get("resources", {}).get(kind, {}).get(what):
                        yield f"{pod.where}: container {container['name']} has no {what} in {kind}"
    for cluster in render.of("Cluster"):
        for kind in ("requests", "limits"):
            if set(cluster["spec"].get("resources", {}).get(kind, {})) < {"cpu", "memory"}:
                yield f"{title(cluster)}: no {kind}"


def restricted(render: Render) -> Iterator[str]:
    """The pod security standard "restricted", and more: read-only root, numeric user, no token, no links of services."""
    for pod in render.pods():
        yield from (f"{pod.where}: {fault}" for fault in _pod_security(pod))
        for container in pod.all_containers():
            yield from (
                f"{pod.where}: container {container['name']}: {fault}" for fault in _container_security(container)
            )


def _pod_security(pod: Pod) -> Iterator[str]:
    security = pod.spec.get("securityContext") or {}
    if security.get("runAsNonRoot") is not True:
        yield "runAsNonRoot is not set"
    for who in ("runAsUser", "runAsGroup"):
        if not isinstance(security.get(who), int) or security[who] < 10000:
            yield f"{who} is no number from 10000 on"
    if (security.get("seccompProfile") or {}).get("type") != "RuntimeDefault":
        yield "seccompProfile is not RuntimeDefault"
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield "the account's token is mounted"
    if pod.spec.get("enableServiceLinks") is not False:
        yield "enableServiceLinks is on: a Service of somebody would set our variables"
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(name):
            yield f"{name} is on"
    for volume in pod.spec.get("volumes", []):
        if "hostPath" in volume:
            yield f"volume {volume['name']} is a hostPath"
        if "emptyDir" in volume and not (volume["emptyDir"] or {}).get("sizeLimit"):
            yield f"volume {volume['name']} has no sizeLimit"


def _container_security(container: Object) -> Iterator[str]:
    security = container.get("securityContext") or {}
    if security.get("readOnlyRootFilesystem") is not True:
        yield "its root can be written"
    if security.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    if (security.get("capabilities") or {}).get("drop") != ["ALL"] or (security.get("capabilities") or {}).get("add"):
        yield "not all capabilities are dropped"
    if security.get("privileged"):
        yield "it is privileged"


def mounts(render: Render) -> Iterator[str]:
    """Each mount has its volume, and each volume is mounted somewhere."""
    for pod in render.pods():
        claimed = {c["metadata"]["name"] for c in pod.owner["spec"].get("volumeClaimTemplates", [])}
        have = {*pod.volumes(), *claimed}
        named = {mount["name"] for c in pod.all_containers() for mount in c.get("volumeMounts", [])}
        for name in sorted(named - have):
            yield f"{pod.where}: mounts {name}, which is no volume"
        for name in sorted(have - named):
            yield f"{pod.where}: nobody mounts {name}"


def images(render: Render) -> Iterator[str]:
    """By digest, or by a tag that is not "latest"."""
    named = [(pod.where, container["image"]) for pod in render.pods() for container in pod.all_containers()]
    named += [(title(c), c["spec"]["imageName"]) for c in render.of("Cluster") if "imageName" in c["spec"]]
    for where, image in named:
        tag = image.rpartition("/")[2].partition(":")[2]
        if "@sha256:" not in image and tag in ("", "latest"):
            yield f"{where}: image {image} has neither a digest nor a tag of its own"


def one_registry(render: Render, registry: str) -> Iterator[str]:
    """Without the internet, every image comes from the one registry, and every pod may fetch from it."""
    named = [(pod.where, c["image"], pod.spec) for pod in render.pods() for c in pod.all_containers()]
    named += [(title(c), c["spec"].get("imageName", "the operator's own"), c["spec"]) for c in render.of("Cluster")]
    for where, image, spec in named:
        if not image.startswith(f"{registry}/"):
            yield f"{where}: image {image} is not from {registry}"
        if not spec.get("imagePullSecrets"):
            yield f"{where}: no imagePullSecrets"


def singles(render: Render) -> Iterator[str]:
    """There is one clock and one provisioner, never two at a time, and nothing makes more of them."""
    for name, item in render.named("Deployment").items():
        component = item["metadata"].get("labels", {}).get(COMPONENT)
        if component not in ("beat", "provisioner"):
            continue
        if item["spec"].get("replicas") != 1:
            yield f"Deployment/{name}: not exactly one replica"
        if item["spec"].get("strategy", {}).get("type") != "Recreate":
            yield f"Deployment/{name}: an upgrade would run two at a time"
        for scaler in render.of("HorizontalPodAutoscaler", "ScaledObject"):
            if scaler["spec"]["scaleTargetRef"]["name"] == name:
                yield f"{title(scaler)}: makes more of {name}"
    if not any(p.component == "beat" for p in render.pods()):
        yield "no beat: nothing is done by the clock"


def selectors(render: Render) -> Iterator[str]:
    """Selectors find what they are meant for, and nothing of another."""
    pods = list(render.pods())
    for pod in pods:
        if not pod.runs_for_long:
            continue
        selector = pod.owner["spec"]["selector"]
        if not selects(selector, pod.labels):
            yield f"{pod.where}: its selector does not find its own pods"
        for other in pods:
            if other.owner is not pod.owner and selects(selector, other.labels):
                yield f"{pod.where}: its selector takes the pods of {other.where}"
    for service in render.of("Service"):
        found = [p for p in pods if p.runs_for_long and selects({"matchLabels": service["spec"]["selector"]}, p.labels)]
        if len(found) != 1:
            yield f"{title(service)}: selects the pods of {len(found)} workloads"
            continue
        have = {port.get("name") for c in found[0].containers() for port in c.get("ports", [])}
        for port in service["spec"]["ports"]:
            if port["targetPort"] not in have:
                yield f"{title(service)}: port {port['targetPort']} is none of {found[0].where}"
    for monitor in render.of("ServiceMonitor"):
        if not any(selects(monitor["spec"]["selector"], s["metadata"]["labels"]) for s in render.of("Service")):
            yield f"{title(monitor)}: selects no Service"
    for monitor in render.of("PodMonitor"):
        cluster = monitor["spec"]["selector"].get("matchLabels", {}).get("cnpg.io/cluster")
        if cluster in render.named("Cluster"):
            continue
        if not any(selects(monitor["spec"]["selector"], p.labels) for p in pods):
            yield f"{title(monitor)}: selects no pod"


def disruptions(render: Render) -> Iterator[str]:
    """Web and workers have a budget; none forbids to empty a node for ever."""
    pods = [pod for pod in render.pods() if pod.runs_for_long]
    budgets = render.of("PodDisruptionBudget")
    for budget in budgets:
        if not any(selects(budget["spec"]["selector"], pod.labels) for pod in pods):
            yield f"{title(budget)}: selects no pod"
        if str(budget["spec"].get("maxUnavailable", "0")) in ("0", "0%"):
            yield f"{title(budget)}: lets no pod go"
    for pod in pods:
        if pod.component in ("web", "worker"):
            found = [budget for budget in budgets if selects(budget["spec"]["selector"], pod.labels)]
            if len(found) != 1:
                yield f"{pod.where}: has {len(found)} PodDisruptionBudgets"


def scaling(render: Render) -> Iterator[str]:
    """A scaler has a target, which leaves the number of replicas to it."""
    deployments = render.named("Deployment")
    for scaler in render.of("HorizontalPodAutoscaler", "ScaledObject"):
        target = deployments.get(scaler["spec"]["scaleTargetRef"]["name"])
        if target is None:
            yield f"{title(scaler)}: its target does not exist"
        elif "replicas" in target["spec"]:
            yield f"{title(target)}: sets replicas, which {title(scaler)} does as well"
        low = scaler["spec"].get("minReplicas", scaler["spec"].get("minReplicaCount", 0))
        high = scaler["spec"].get("maxReplicas", scaler["spec"].get("maxReplicaCount", 0))
        if low > high:
            yield f"{title(scaler)}: at least {low}, at most {high}"
    scaled = {
        scaler["spec"]["scaleTargetRef"]["name"] for scaler in render.of("HorizontalPodAutoscaler", "ScaledObject")
    }
    for pod in render.pods():
        if pod.kind != "Deployment" or (pod.owner["spec"].get("replicas", 0) < 2 and pod.name not in scaled):
            continue
        spread = pod.spec.get("topologySpreadConstraints", [])
        if not any(selects(item["labelSelector"], pod.labels) for item in spread):
            yield f"{pod.where}: several replicas that nothing spreads over nodes"


def jobs_end(render: Render) -> Iterator[str]:
    """Every job has a deadline; a hook is tried once, for a second try would hide what failed."""
    for item in render.of("Job"):
        if not item["spec"].get("activeDeadlineSeconds"):
            yield f"{title(item)}: no deadline"
        if hooks_of(item) and item["spec"].get("backoffLimit") != 0:
            yield f"{title(item)}: a hook that is tried again"
    for item in render.of("Pod"):
        if not item["spec"].get("activeDeadlineSeconds"):
            yield f"{title(item)}: no deadline"
    for item in render.objects:
        if hooks_of(item) and "before-hook-creation" not in item["metadata"]["annotations"].get(
            "helm.sh/hook-delete-policy", ""
        ):
            yield f"{title(item)}: the next upgrade would find it there"


def names(render: Render) -> Iterator[str]:
    """Each object once, in the release's namespace, with the common labels, under a name that is short enough."""
    seen = set()
    for item in render.objects:
        metadata = item["metadata"]
        key = (item["kind"], metadata["name"])
        if key in seen:
            yield f"{title(item)}: there are two"
        seen.add(key)
        if metadata.get("namespace") != render.namespace:
            yield f"{title(item)}: not in the namespace of the release"
        if (metadata.get("labels") or {}).get("app.kubernetes.io/name") is None:
            yield f"{title(item)}: no labels"
        if (
            item["kind"] in ("Service", "Deployment", "StatefulSet", "Job", "Pod", "Cluster")
            and len(metadata["name"]) > LONGEST_NAME
        ):
            yield f"{title(item)}: a name of more than {LONGEST_NAME} characters"
