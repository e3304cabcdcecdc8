"""A published month as a Fiscal Data Package 1.0: descriptor, table and profile, in one archive.

Source: Fiscal Data Package 1.0 (Frictionless Data) and its budget taxonomy. The table is wide; `normalize` and
`extraFields` say how it unfolds to one amount a row with its phase.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hamaynk.ui.language import in_languages
from modules.budgets.opendata.column_types import profile
from modules.budgets.opendata.dictionary import ROWS_ARE, table_schema
from modules.budgets.opendata.packing import packed
from modules.budgets.opendata.table import DIALECT, csv_bytes
from modules.budgets.opendata.values import OpenMonth

PROFILE = "fiscal-profile.json"
DESCRIPTOR = "datapackage.json"
SPECIFICATION = "https://specs.frictionlessdata.io/fiscal-data-package/"
TAXONOMY = "https://frictionlessdata.io/taxonomies/fiscal/budgets.json"
README = f"""A month of a community budget as a Fiscal Data Package.

{DESCRIPTOR} describes the table; {PROFILE} says which roles its columns may have. To check them, in this folder:

    frictionless validate {DESCRIPTOR}
"""
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def package_bytes(month: OpenMonth) -> bytes:
    """The archive. The same month gives the same bytes."""
    return packed(sorted(members(month).items()))


def members(month: OpenMonth) -> dict[str, bytes]:
    """Files of the package by name."""
    table = csv_bytes(month)
    return {
        DESCRIPTOR: _json(descriptor(month, table)),
        f"{month.name}.csv": table,
        PROFILE: _json(profile()),
        "README.md": README.encode(),
    }


def descriptor(month: OpenMonth, table: bytes) -> dict[str, Any]:
    """What datapackage.json says; `table` are the bytes of the CSV file."""
    place = month.town_names.get("en") or month.town
    said: dict[str, Any] = {
        "profile": PROFILE,
        "conformsTo": [SPECIFICATION, TAXONOMY],
        "name": month.name,
        "id": f"{month.base_url}/budget/data/{month.year}/{month.month}/{month.side}",
        "title": f"Budget of {place}: {month.side}, {month.period}",
        "description": in_languages(lambda: str(ROWS_ARE))["en"],
        "homepage": f"{month.base_url}/data/",
        "version": str(month.version),
        "created": month.published_at.isoformat(timespec="seconds"),
        "licenses": [{"name": month.licence, "path": LICENCES[month.licence]}],
        "sources": [{"title": text} for text in dict.fromkeys(month.source.values()) if text],
        "digest": f"sha256:{month.digest}",
        "isDemo": month.is_demo,
        "resources": [_resource(month, table)],
    }
    return said


def _resource(month: OpenMonth, table: bytes) -> dict[str, Any]:
    return {
        "name": month.name,
        "path": f"{month.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{hashlib.sha256(table).hexdigest()}",
        "bytes": len(table),
        "dialect": DIALECT,
        "schema": table_schema(month.side) | {"extraFields": _extra_fields(month)},
    }


def _extra_fields(month: OpenMonth) -> list[dict[str, Any]]:
    """What the table leaves out because it is the same everywhere, or comes of its unfolding."""
    return [
        {"name": "amount", "type": "number", "columnType": "value", "normalizationTarget": True},
        {"name": "phase", "type": "string", "columnType": "phase:id"},
        {
            "name": "currency", "type": "string", "columnType": "value-currency:code", "constant": month.currency,
        },
        {
            "name": "period_end", "type": "date", "columnType": "date:generic",
            "constant": month.period.last_day.isoformat(),
        },
        {
            "name": "community", "type": "string", "columnType": "administrative-classification:generic:code",
            "constant": month.town,
        },
    ]  # fmt: skip


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
