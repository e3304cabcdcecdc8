"""Rendered manifests, and the questions that all rules ask of them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Object = dict[str, Any]
CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet")
SELECTOR = ("app.kubernetes.io/name", "app.kubernetes.io/instance")
COMPONENT = "app.kubernetes.io/component"
GIVEN = re.compile(r"^# given: (?P<kind>[A-Za-z]+)/(?P<name>\S+)(?P<keys>( \S+)*)$", re.MULTILINE)


@dataclass(frozen=True)
class Given:
    """What the operator makes beforehand, as a ci file says in a line `# given: Secret/name key key`."""

    kind: str
    name: str
    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str) -> tuple["Given", ...]:
        """All of them in the text of a ci file."""
        return tuple(cls(m["kind"], m["name"], tuple(m["keys"].split())) for m in GIVEN.finditer(text))


@dataclass(frozen=True)
class Pod:
    """A pod, or the template of many."""

    kind: str
    name: str
    labels: dict[str, str]
    annotations: dict[str, str]
    spec: Object
    owner: Object

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.kind}/{self.name}"

    @property
    def component(self) -> str:
        """web, worker, provisioner, beat, migrate, valkey, test."""
        return self.labels.get(COMPONENT, "")

    @property
    def hooks(self) -> set[str]:
        """pre-install and so on; empty for what belongs to the release."""
        return hooks_of(self.owner)

    @property
    def runs_for_long(self) -> bool:
        """Neither a Job nor a single pod."""
        return self.kind in CONTROLLERS

    def containers(self) -> list[Object]:
        """Those that stay."""
        return list(self.spec.get("containers", []))

    def all_containers(self) -> list[Object]:
        """Those that begin as well."""
        return [*self.spec.get("initContainers", []), *self.containers()]

    def volumes(self) -> dict[str, Object]:
        """By name."""
        return {volume["name"]: volume for volume in self.spec.get("volumes", [])}

    def environment(self, configmaps: dict[str, Object]) -> dict[str, str]:
        """Plain variables of all containers, those of ConfigMaps included."""
        found: dict[str, str] = {}
        for container in self.all_containers():
            for source in container.get("envFrom", []):
                name = source.get("configMapRef", {}).get("name", "")
                found |= {key: str(value) for key, value in (configmaps.get(name, {}).get("data") or {}).items()}
            found |= {item["name"]: str(item.get("value", "")) for item in container.get("env", [])}
        return found


@dataclass(frozen=True)
class Render:
    """All objects of one rendering."""

    objects: list[Object]
    given: tuple[Given, ...] = ()
    namespace: str = "towns"
    name: str = ""
    is_upgrade: bool = False
    settings: frozenset[str] = field(default_factory=frozenset)  # variables that the code reads

    def of(self, *kinds: str) -> list[Object]:
        """Objects of these kinds."""
        return [item for item in self.objects if item["kind"] in kinds]

    def named(self, kind: str) -> dict[str, Object]:
        """Objects of a kind by name."""
        return {item["metadata"]["name"]: item for item in self.of(kind)}

    def pods(self) -> Iterator[Pod]:
        """Every pod that this render makes, CloudNativePG's not among them."""
        for item in self.objects:
            if item["kind"] == "Pod":
                template = item
            elif item["kind"] in (*CONTROLLERS, "Job"):
                template = item["spec"]["template"]
            elif item["kind"] == "CronJob":
                template = item["spec"]["jobTemplate"]["spec"]["template"]
            else:
                continue
            metadata = template.get("metadata") or {}
            yield Pod(
                item["kind"],
                item["metadata"]["name"],
                metadata.get("labels") or {},
                metadata.get("annotations") or {},
                template["spec"],
                item,
            )


def hooks_of(item: Object) -> set[str]:
    """The hooks of Helm that an object is."""
    text = (item["metadata"].get("annotations") or {}).get("helm.sh/hook", "")
    return {word.strip() for word in text.split(",") if word.strip()}


def weight_of(item: Object) -> int:
    """Hooks are made in the order of their weights."""
    return int((item["metadata"].get("annotations") or {}).get("helm.sh/hook-weight", "0"))


def title(item: Object) -> str:
    """For messages."""
    return f"{item['kind']}/{item['metadata']['name']}"


def selects(selector: Object | None, labels: dict[str, str]) -> bool:
    """Whether a label selector of Kubernetes takes these labels; an empty one takes all."""
    selector = selector or {}
    wanted = (selector.get("matchLabels") or {}).items()
    return all(labels.get(key) == value for key, value in wanted) and all(
        _matches(expression, labels) for expression in selector.get("matchExpressions") or []
    )


def _matches(expression: Object, labels: dict[str, str]) -> bool:
    value, values = labels.get(expression["key"]), expression.get("values") or []
    match expression["operator"]:
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    raise ValueError(f"no operator of selectors: {expression['operator']}")


def walk(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Everything within a value, with the way to it."""
    yield path, value
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, item in items:
        yield from walk(item, (*path, str(key)))
