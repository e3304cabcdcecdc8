"""Files of a published month: what stands in them, that they are the same each time, and that no cell is run."""

import csv
import io
import json
import time
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from modules.budgets.opendata.dictionary import COLUMNS, FIELDS, as_json, table_schema
from modules.budgets.opendata.files import FORMS
from modules.budgets.opendata.table import csv_bytes, json_bytes
from modules.budgets.opendata.workbook import xlsx_bytes
from tests.modules.budgets.open_months import EXPENDITURE, REVENUE, figure

AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=2)


def table(content: bytes) -> list[dict[str, str]]:
    """Rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_csv_for_machines() -> None:
    """R41: UTF-8 without a mark, one row a key in order, drams with two places, nothing that a spreadsheet runs."""
    content = csv_bytes(REVENUE)
    assert content.startswith(b"year,month,side,code,")
    rows = table(content)
    assert tuple(rows[0]) == COLUMNS
    assert [row["code"] for row in rows] == ["1111", "1137ա", "1392"]
    first, second, third = rows
    assert first["name_hy"] == "'=Գույքահարկ"
    assert (first["settlement"], first["approved_plan"], first["adjusted_plan"]) == ("Դիլիջան", "7.00", "0.10")
    assert (first["actual"], first["month_actual"]) == ("0.01", "-0.02")
    assert (second["name_hy"], second["actual"], second["month_actual"], second["approved_plan"]) == (
        "1137ա", "-3.00", "", "",
    )  # fmt: skip
    assert (third["account"], third["part"], third["eliminated"], third["article"]) == (
        "900205003016", "fund", "true", "7451",
    )  # fmt: skip


def test_expenditure_bears_both_classifications() -> None:
    rows = table(csv_bytes(EXPENDITURE))
    assert [(row["code"], row["economic_code"], row["economic_name_hy"]) for row in rows] == [
        ("2111", "4111", "Աշխատավարձ"),
        ("2111", "4212", "Էներգետիկ"),
    ]


def test_json_says_what_the_csv_says() -> None:
    content = json.loads(json_bytes(REVENUE))
    assert (content["digest"], content["version"], content["currency"]) == ("sha256:" + "ab" * 32, 1, "AMD")
    assert content["rows"][0]["actual"] == "0.01"
    assert content["rows"][0]["name_hy"] == "=Գույքահարկ"
    assert content["rows"][1]["month_actual"] is None
    assert content["rows"][2]["eliminated"] is True
    assert not any(isinstance(value, float) for row in content["rows"] for value in row.values())


def test_workbook_has_a_table_and_a_dictionary_and_no_formula() -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes(REVENUE)))
    assert book.sheetnames == ["data", "dictionary"]
    data = book["data"]
    assert tuple(cell.value for cell in data[1]) == COLUMNS
    name = data.cell(2, COLUMNS.index("name_hy") + 1)
    assert (name.value, name.data_type) == ("=Գույքահարկ", "s")
    assert data.cell(4, COLUMNS.index("actual") + 1).value == 5.1
    assert [row[0].value for row in book["dictionary"].iter_rows(min_row=2, max_row=len(FIELDS) + 1)] == list(COLUMNS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("month", [REVENUE, EXPENDITURE], ids=["revenue", "expenditure"])
def test_the_same_month_gives_the_same_bytes(form: str, month: object) -> None:
    """So that a checksum can be given; and another figure gives others."""
    build = FORMS[form].build
    first = build(month)  # type: ignore[arg-type]
    time.sleep(1.1) if form == "xlsx" else None  # openpyxl writes the second into the file
    again = replace(month, figures=tuple(reversed(month.figures)))  # type: ignore[type-var, attr-defined]
    assert build(again) == first
    assert build(replace(month, figures=(figure("1000", "1.00"),))) != first  # type: ignore[type-var]


def test_archives_hold_no_time_of_day() -> None:
    for form in ("xlsx", "zip"):
        with zipfile.ZipFile(io.BytesIO(FORMS[form].build(REVENUE))) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(REVENUE))) as archive:
        assert archive.read("docProps/core.xml").count(b"2015-10-05T09:30:00Z") == 2


def test_dictionary_explains_every_column_in_three_languages() -> None:
    """R50: the one place that files, schema and page are made of."""
    said = as_json("AMD")["fields"]
    assert [item["name"] for item in said] == list(COLUMNS)
    assert [item["name"] for item in table_schema("revenue")["fields"]] == list(COLUMNS)
    for item in said:
        for what in ("title", "description"):
            texts = item[what]
            assert len({texts["hy"], texts["en"], texts["ru"]}) == 3, item["name"]
    assert {item["unit"] for item in said if item["type"] == "number"} == {"AMD"}


def test_a_key_stands_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        replace(REVENUE, figures=(figure("1"), figure("1")))
    replace(REVENUE, figures=(figure("1", part="fund"), figure("1")))


@given(now=AMOUNTS, before=AMOUNTS)
def test_single_month_is_the_difference(now: Decimal, before: Decimal) -> None:
    """R55: cumulative(m) = cumulative(m-1) + flow(m), to the hundredth, also after the way through a file."""
    one = figure("1111", str(now))
    month = replace(REVENUE, figures=(one,), previous={one.key: before})
    row = table(csv_bytes(month))[0]
    assert Decimal(row["month_actual"]) + before == Decimal(row["actual"]) == now
    assert table(csv_bytes(replace(month, month=1, previous=None)))[0]["month_actual"] == row["actual"]
    assert table(csv_bytes(replace(month, previous=None)))[0]["month_actual"] == ""
