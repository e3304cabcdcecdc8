"""Column types of the Fiscal Data Package's budget taxonomy (1.0rc1), and the profile that holds a descriptor to them.

Naming the profile of the web makes validators fetch it; ours lies beside the descriptor and says the same of columns.
"""

from __future__ import annotations

from typing import Any


def _levels(prefix: str, depth: int, *ends: str) -> list[str]:
    return [f"{prefix}:level{level}:{end}" for level in range(1, depth + 1) for end in ends]


def _each(prefix: str, *ends: str) -> list[str]:
    return [f"{prefix}:{end}" for end in ends]


_DESCRIBED = ("code", "description", "label")
COLUMN_TYPES: tuple[str, ...] = (
    "value",
    *_each("value-kind", "code", "label"),
    *_each("value-currency", "code", "label"),
    "date:fiscal-year",
    "date:generic",
    *_each("date:fiscal", "activity-approval", "activity-end", "activity-start", "final-payment", "first-payment"),
    *(
        name
        for level in ("division:", "group:", "class:", "")
        for name in _each(f"functional-classification:cofog:{level}".rstrip(":"), *_DESCRIBED)
    ),
    *_each("functional-classification:generic", *_DESCRIBED),
    *_levels("functional-classification:generic", 8, *_DESCRIBED),
    *_levels("economic-classification:gfsm", 4, *_DESCRIBED),
    *_each("economic-classification:generic", *_DESCRIBED),
    *_levels("economic-classification:generic", 4, *_DESCRIBED),
    *_each("administrative-classification:generic", *_DESCRIBED),
    *_levels("administrative-classification:generic", 8, *_DESCRIBED),
    *(
        name
        for level in ("program", "subprogram", "project", "subproject", "contract")
        for name in _each(f"activity:generic:{level}", "code", "label")
    ),
    "budget-line-id",
    "budgetary-transfers",
    "direction",
    *_each("phase", "id", "label"),
    *_each("expenditure-type", "code", "label"),
    *_each("fin-source:generic", "code", "label"),
    *_levels("fin-source:generic", 3, "code", "label"),
    *(name for place in ("generic", "source", "target") for name in _each(f"geo:{place}", "code", "codeList", "title")),
    *_levels("geo:target", 2, "code", "title"),
)


def profile() -> dict[str, Any]:
    """JSON Schema (draft 7) of a descriptor: a table with known column types, a fiscal year, and amounts with a phase."""
    column_type = {"type": "string", "enum": list(COLUMN_TYPES)}
    field = {
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "name": {"type": "string"},
            "type": {"enum": ["string", "number", "integer", "boolean", "date"]},
            "columnType": column_type,
            "normalize": {"type": "object", "required": ["phase"], "additionalProperties": {"type": "string"}},
        },
    }
    schema = {
        "type": "object",
        "required": ["fields", "extraFields", "primaryKey"],
        "properties": {
            "fields": {"type": "array", "items": field, "contains": _bears("date:fiscal-year")},
            "extraFields": {
                "type": "array",
                "items": {**field, "required": ["name", "type", "columnType"]},
                "allOf": [{"contains": _bears(name)} for name in ("value", "phase:id", "value-currency:code")],
            },
        },
    }
    resource = {
        "type": "object",
        "required": ["name", "path", "hash", "bytes", "schema"],
        "properties": {
            "hash": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
            "bytes": {"type": "integer", "minimum": 1},
            "schema": schema,
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Fiscal Data Package 1.0: roles of columns",
        "type": "object",
        "required": ["name", "resources", "licenses"],
        "properties": {"resources": {"type": "array", "minItems": 1, "items": resource}},
    }


def _bears(column_type: str) -> dict[str, Any]:
    return {"type": "object", "required": ["columnType"], "properties": {"columnType": {"const": column_type}}}
