"""Whatever is named exists: in the render, made by an operator of Kubernetes, or given by the person who installs."""

from collections.abc import Iterator

from tools.chart.manifests import Object, Pod, Render, hooks_of, selects, title, walk, weight_of

# What operators of Kubernetes make: kind of their resource, suffix of the Secret, its keys.
MADE = (
    ("Cluster", "-app", ("uri", "username", "password", "dbname", "host", "port")),
    ("Cluster", "-ca", ("ca.crt",)),
)
Reference = tuple[str, str, tuple[str, ...]]  # kind, name, keys


def of_pod(pod: Pod) -> Iterator[Reference]:
    """What a pod cannot start without."""
    yield "ServiceAccount", pod.spec.get("serviceAccountName", "default"), ()
    for item in pod.spec.get("imagePullSecrets", []):
        yield "Secret", item["name"], ()
    for volume in pod.spec.get("volumes", []):
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"], _keys(volume["secret"])
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"], _keys(volume["configMap"])
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"], ()
        for source in volume.get("projected", {}).get("sources", []):
            for kind, word in (("Secret", "secret"), ("ConfigMap", "configMap")):
                if word in source:
                    yield kind, source[word]["name"], _keys(source[word])
    for container in pod.all_containers():
        for source in container.get("envFrom", []):
            for kind, word in (("ConfigMap", "configMapRef"), ("Secret", "secretRef")):
                if word in source:
                    yield kind, source[word]["name"], ()
        for item in container.get("env", []):
            for kind, word in (("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")):
                if word in item.get("valueFrom", {}):
                    yield kind, item["valueFrom"][word]["name"], (item["valueFrom"][word]["key"],)


def _keys(source: Object) -> tuple[str, ...]:
    return tuple(item["key"] for item in source.get("items", []))


def of_others(item: Object) -> Iterator[Reference]:
    """What other objects name."""
    spec = item.get("spec") or {}
    if item["kind"] == "Ingress":
        for entry in spec.get("tls", []):
            yield "Secret", entry["secretName"], ()
    if item["kind"] == "Gateway":
        for listener in spec["listeners"]:
            for reference in listener.get("tls", {}).get("certificateRefs", []):
                yield "Secret", reference["name"], ()
    if item["kind"] == "TriggerAuthentication":
        for entry in spec.get("secretTargetRef", []):
            yield "Secret", entry["name"], (entry["key"],)
    if item["kind"] in ("Cluster", "ObjectStore"):
        for path, value in walk(spec):
            if path and path[-1] in ("accessKeyId", "secretAccessKey"):
                yield "Secret", value["name"], (value["key"],)
        for entry in spec.get("imagePullSecrets", []):
            yield "Secret", entry["name"], ()
    if item["kind"] == "Cluster":
        for plugin in spec.get("plugins", []):
            yield "ObjectStore", plugin["parameters"]["barmanObjectName"], ()
    if item["kind"] == "ScheduledBackup":
        yield "Cluster", spec["cluster"]["name"], ()
    if item["kind"] == "ScaledObject":
        for trigger in spec["triggers"]:
            yield "TriggerAuthentication", trigger["authenticationRef"]["name"], ()
    if item["kind"] == "HTTPRoute":
        for parent in spec["parentRefs"]:
            if "namespace" not in parent:
                yield "Gateway", parent["name"], ()


def exists(render: Render) -> Iterator[str]:
    """Every Secret, ConfigMap, account and claim that is named is there, with the keys that are asked of it."""
    wanted = [(pod.where, reference) for pod in render.pods() for reference in of_pod(pod)]
    wanted += [(title(item), reference) for item in render.objects for reference in of_others(item)]
    for where, (kind, name, keys) in wanted:
        have = _keys_of(render, kind, name)
        if have is None:
            yield f"{where}: {kind}/{name} does not exist and is not given"
        elif missing := sorted(set(keys) - have) if have else []:
            yield f"{where}: {kind}/{name} lacks {', '.join(missing)}"


def _keys_of(render: Render, kind: str, name: str) -> set[str] | None:
    """Keys of an object; an empty set where they are not told; None where there is no such object."""
    for given in render.given:
        if (given.kind, given.name) == (kind, name):
            return set(given.keys)
    if item := render.named(kind).get(name):
        return set(item.get("data") or {}) | set(item.get("stringData") or {})
    if kind == "Secret":
        for owner, suffix, keys in MADE:
            if name.endswith(suffix) and name.removesuffix(suffix) in render.named(owner):
                return set(keys)
        if any(item["spec"]["secretName"] == name for item in render.of("Certificate")):
            return {"tls.crt", "tls.key"}
    return None


def given_is_used(render: Render) -> Iterator[str]:
    """A ci file names nothing as given that nobody asks for."""
    named = {reference[:2] for pod in render.pods() for reference in of_pod(pod)}
    named |= {reference[:2] for item in render.objects for reference in of_others(item)}
    for given in render.given:
        if (given.kind, given.name) not in named:
            yield f"{given.kind}/{given.name} is given and not used"


def hooks_find_theirs(render: Render) -> Iterator[str]:
    """What a hook before installation names is made before it: by a hook of the same event, or by a person."""
    for pod in render.pods():
        for event in sorted(pod.hooks & {"pre-install"}):
            for kind, name, _ in of_pod(pod):
                if any((given.kind, given.name) == (kind, name) for given in render.given):
                    continue
                item = render.named(kind).get(name)
                if item is None or event not in hooks_of(item):
                    yield f"{pod.where}: {kind}/{name} is not there before {event}"
                elif weight_of(item) >= weight_of(pod.owner):
                    yield f"{pod.where}: {kind}/{name} is made after it"
        if "pre-install" in pod.hooks and not any(
            "pre-install" in hooks_of(policy) and selects(policy["spec"]["podSelector"], pod.labels)
            for policy in render.of("NetworkPolicy")
        ):
            yield f"{pod.where}: no NetworkPolicy is there before it"


def backends(render: Render) -> Iterator[str]:
    """Ingresses and routes lead to a Service with such a port, and each name has a certificate that covers it."""
    services = render.named("Service")
    for item in render.of("Ingress"):
        for rule in item["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                backend = path["backend"]["service"]
                ports = {
                    port["name"] for port in services.get(backend["name"], {"spec": {"ports": []}})["spec"]["ports"]
                }
                if backend["port"]["name"] not in ports:
                    yield f"{title(item)}: no Service {backend['name']} with port {backend['port']['name']}"
        hosts = {rule["host"] for rule in item["spec"]["rules"]}
        for entry in item["spec"].get("tls", []):
            hosts -= set(entry["hosts"])
            yield from _covered(render, title(item), entry["secretName"], entry["hosts"])
        for host in sorted(hosts):
            yield f"{title(item)}: {host} without TLS"
    for item in render.of("HTTPRoute"):
        for rule in item["spec"]["rules"]:
            for backend in rule["backendRefs"]:
                numbers = {
                    port["port"] for port in services.get(backend["name"], {"spec": {"ports": []}})["spec"]["ports"]
                }
                if backend["port"] not in numbers:
                    yield f"{title(item)}: no Service {backend['name']} with port {backend['port']}"
    for item in render.of("Gateway"):
        for listener in item["spec"]["listeners"]:
            for reference in listener["tls"]["certificateRefs"]:
                yield from _covered(render, title(item), reference["name"], [listener["hostname"]])
    yield from _routes_have_listeners(render)


def _routes_have_listeners(render: Render) -> Iterator[str]:
    gateways = render.named("Gateway")
    for item in render.of("HTTPRoute"):
        for parent in item["spec"]["parentRefs"]:
            if (gateway := gateways.get(parent["name"])) is None or "namespace" in parent:
                continue
            listeners = [listener["hostname"] for listener in gateway["spec"]["listeners"]]
            for host in item["spec"]["hostnames"]:
                if not any(host == name or _wild(name, host) for name in listeners):
                    yield f"{title(item)}: no listener for {host}"


def _covered(render: Render, where: str, secret: str, hosts: list[str]) -> Iterator[str]:
    for certificate in render.of("Certificate"):
        if certificate["spec"]["secretName"] == secret:
            for host in hosts:
                if not any(name == host or _wild(name, host) for name in certificate["spec"]["dnsNames"]):
                    yield f"{where}: the certificate in {secret} does not cover {host}"


def _wild(pattern: str, host: str) -> bool:
    """`*.a.b` covers `x.a.b` and nothing deeper."""
    return pattern.startswith("*.") and host.partition(".")[2] == pattern[2:] and not host.startswith("*")
