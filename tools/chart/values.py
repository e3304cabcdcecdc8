"""Values and their schema: closed at every level, complete in both directions, documented, and used."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from tools.chart.manifests import walk

Schema = dict[str, Any]
FREE = "Free-form:"
UNKNOWN = "aNameThatIsNone"
# Known without a default: set by Helm; asked for by some clusters only.
OPTIONAL = {"global", "ephemeral-storage"}
# Written into manifests as they are.
HANDED_ON = ("resources", "parameters", "ingressFrom", "monitoringFrom", "kedaFrom", "cloudnativepgFrom", "dns")


def resolve(schema: Schema, root: Schema) -> Schema:
    """Follow a reference to the definitions."""
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema


def closed(root: Schema) -> Iterator[str]:
    """Every object refuses names that are unknown, unless it says that it is free and why."""
    for path, part in walk(root):
        if not isinstance(part, dict) or part.get("type") != "object":
            continue
        if part.get("additionalProperties") is not False and not str(part.get("description", "")).startswith(FREE):
            yield f"{'.'.join(path) or 'the schema'}: takes any name and does not say that it is free"


def levels(
    values: Any, schema: Schema, root: Schema, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """The ways to all closed objects that a set of values has."""
    schema = resolve(schema, root)
    if isinstance(values, dict):
        if schema.get("additionalProperties") is False:
            yield path
        rest = schema.get("additionalProperties")
        for name, value in values.items():
            inner = schema.get("properties", {}).get(name, rest if isinstance(rest, dict) else {})
            for choice in inner.get("anyOf", [inner]):
                yield from levels(value, choice, root, (*path, name))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from levels(value, schema.get("items", {}), root, (*path, index))


def with_unknown(values: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """The same values with one name too many at a level."""
    changed = copy.deepcopy(values)
    place: Any = changed
    for step in path:
        place = place[step]
    place[UNKNOWN] = 1
    return changed


def same_names(values: dict[str, Any], root: Schema) -> Iterator[str]:
    """What the schema knows has a default, and what has a default is known: at every closed level of the defaults."""
    for path in levels(values, root, root):
        place: Any = values
        schema: Schema = root
        for step in path:
            place = place[step]
            schema = _inside(schema, step, root)
        known = set(resolve(schema, root)["properties"]) - OPTIONAL
        if not any(isinstance(step, int) for step in path):  # items of lists need not be complete
            for name in sorted(known ^ set(place)):
                where = ".".join(map(str, (*path, name)))
                yield f"{where}: {'has no default' if name in known else 'is not in the schema'}"


def _inside(schema: Schema, step: str | int, root: Schema) -> Schema:
    schema = resolve(schema, root)
    if isinstance(step, int):
        return dict(schema["items"])
    inner = schema.get("properties", {}).get(step) or schema["additionalProperties"]
    choices = inner.get("anyOf", [inner])
    return dict(next(choice for choice in choices if choice.get("type") != "null"))


def documented(text: str) -> Iterator[str]:
    """Every section of values.yaml is explained, above it or within."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if not re.match(r"[A-Za-z]\w*:", line) or lines[number - 1].startswith("#"):
            continue
        if not any(item.lstrip().startswith("#") for item in _block(lines, number)):
            yield f"values.yaml:{number + 1}: {line.partition(':')[0]} is not explained"


def _block(lines: list[str], number: int) -> Iterator[str]:
    for line in lines[number + 1 :]:
        if line and not line.startswith(" "):
            return
        yield line


def used(values: dict[str, Any], templates: str) -> Iterator[str]:
    """Every value is read by a template, itself or with what it stands in: one that is not would be set in vain."""
    for path, value in walk(values):
        if not path or (isinstance(value, dict) and value) or path[-1].isdigit():
            continue
        whole = next((step for step in path if step in HANDED_ON), path[-1])
        if not re.search(rf"\.{whole}\b", templates):
            yield f"{'.'.join(path)}: no template reads it"
