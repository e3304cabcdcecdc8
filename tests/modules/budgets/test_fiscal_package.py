"""The Fiscal Data Package, read by a foreign validator that has no network; and the validator can say no."""

import hashlib
import json
import socket
import zipfile
from collections.abc import Callable
from contextlib import chdir
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from frictionless import FrictionlessException, Package
from jsonschema import Draft7Validator

from modules.budgets.opendata.column_types import COLUMN_TYPES, profile
from modules.budgets.opendata.dictionary import SIDES, table_schema
from modules.budgets.opendata.fiscal_package import DESCRIPTOR, PROFILE, package_bytes
from modules.budgets.opendata.values import OpenMonth
from tests.modules.budgets.open_months import EXPENDITURE, REVENUE
from tests.support.offline import NetworkUsed, no_network

FINANCING = replace(REVENUE, side="financing")


def unpacked(month: OpenMonth, folder: Path) -> Path:
    """The package in `folder`; gives the descriptor."""
    with zipfile.ZipFile(BytesIO(package_bytes(month))) as archive:
        archive.extractall(folder)
    return folder / DESCRIPTOR


def faults(descriptor: Path) -> list[str]:
    """What frictionless says without a network, in the package's folder, where it looks for the profile."""
    with no_network(), chdir(descriptor.parent):
        try:
            report = Package.from_descriptor(descriptor.name).validate()
        except FrictionlessException as error:
            return [f"{one.type}: {one.note}" for one in [error.error, *error.reasons]]
    return [" ".join(map(str, fault)) for fault in report.flatten(["type", "note", "rowNumber", "fieldName"])]


def changed(descriptor: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """The descriptor with something changed."""
    said = json.loads(descriptor.read_bytes())
    change(said)
    descriptor.write_text(json.dumps(said), encoding="utf-8")
    return descriptor


@pytest.mark.parametrize("month", [REVENUE, EXPENDITURE, FINANCING], ids=lambda month: month.side)
def test_frictionless_validates_it_offline(month: OpenMonth, tmp_path: Path) -> None:
    descriptor = unpacked(month, tmp_path)
    assert faults(descriptor) == []
    with no_network(), chdir(tmp_path):
        rows = Package.from_descriptor(DESCRIPTOR).resources[0].read_rows()
    assert len(rows) == len(month.figures)
    assert sum(row["actual"] for row in rows) == sum(figure.actual for figure in month.figures)


def test_what_the_descriptor_says(tmp_path: Path) -> None:
    said = json.loads(unpacked(REVENUE, tmp_path).read_bytes())
    resource = said["resources"][0]
    table = (tmp_path / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(table).hexdigest()}"
    assert (resource["bytes"], said["version"], said["profile"]) == (len(table), "1", PROFILE)
    assert said["licenses"] == [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}]
    assert said["sources"] == [{"title": "Աղբյուր"}, {"title": "A source"}]
    extra = {field["columnType"]: field.get("constant") for field in resource["schema"]["extraFields"]}
    assert (extra["value-currency:code"], extra["date:generic"]) == ("AMD", "2015-09-30")


def test_revenue_and_expenditure_have_their_roles() -> None:
    """Functions and economic items of expenditure in columns of their own; all known to the taxonomy."""
    roles = {side: {field["name"]: field.get("columnType") for field in table_schema(side)["fields"]} for side in SIDES}
    assert roles["revenue"]["code"] == "economic-classification:generic:code"
    assert roles["revenue"]["economic_code"] is None
    assert roles["expenditure"]["code"] == "functional-classification:generic:code"
    assert roles["expenditure"]["economic_code"] == "economic-classification:generic:code"
    assert len(set(COLUMN_TYPES)) == len(COLUMN_TYPES)
    Draft7Validator.check_schema(profile())


# --- Controls: what is wrong is found ---


def test_nonsense_column_type_is_found(tmp_path: Path) -> None:
    def change(said: dict[str, Any]) -> None:
        said["resources"][0]["schema"]["fields"][0]["columnType"] = "moon-phase:code"

    descriptor = unpacked(REVENUE, tmp_path)
    assert faults(descriptor) == []
    assert any("moon-phase:code" in fault for fault in faults(changed(descriptor, change)))


def test_missing_currency_is_found(tmp_path: Path) -> None:
    def change(said: dict[str, Any]) -> None:
        extra = said["resources"][0]["schema"]["extraFields"]
        extra[:] = [field for field in extra if field["name"] != "currency"]

    assert faults(changed(unpacked(REVENUE, tmp_path), change))


def test_wrong_number_is_found(tmp_path: Path) -> None:
    descriptor = unpacked(REVENUE, tmp_path)
    table = tmp_path / f"{REVENUE.name}.csv"
    table.write_bytes(table.read_bytes().replace(b",5.10,", b",5;10,"))
    new = table.read_bytes()

    def change(said: dict[str, Any]) -> None:  # so that the number alone is wrong
        said["resources"][0] |= {"hash": f"sha256:{hashlib.sha256(new).hexdigest()}", "bytes": len(new)}

    assert [fault.split(" ")[0] for fault in faults(changed(descriptor, change))] == ["type-error"]


def test_wrong_hash_is_found(tmp_path: Path) -> None:
    descriptor = unpacked(REVENUE, tmp_path)
    table = tmp_path / f"{REVENUE.name}.csv"
    table.write_bytes(table.read_bytes().replace(b",0.01,", b",0.02,"))
    assert [fault.split(" ")[0] for fault in faults(descriptor)] == ["hash-count"]


def test_doubled_row_is_found(tmp_path: Path) -> None:
    descriptor = unpacked(REVENUE, tmp_path)
    table = tmp_path / f"{REVENUE.name}.csv"
    table.write_bytes(table.read_bytes() + table.read_bytes().splitlines(keepends=True)[-1])
    assert any(fault.startswith("primary-key") for fault in faults(descriptor))


def test_the_block_would_notice_a_network(tmp_path: Path) -> None:
    """Naming the profile of the web makes the validator fetch it: the block says so, so it does block."""
    with pytest.raises(NetworkUsed), no_network():
        socket.create_connection(("127.0.0.1", 9))
    descriptor = changed(unpacked(REVENUE, tmp_path), lambda said: said.update(profile="fiscal-data-package"))
    try:
        found = faults(descriptor)
    except NetworkUsed:
        return
    assert found
