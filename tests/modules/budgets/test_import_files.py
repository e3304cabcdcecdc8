"""Spreadsheets and texts as finance officers have them: built here, read without a database."""

import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from hamaynk.common.money import Unit
from modules.budgets.importing import checks, reader
from modules.budgets.importing.problems import Problem
from modules.budgets.packs import load_pack
from modules.budgets.tables import Line, Names
from tests.modules.budgets import files
from tests.modules.budgets.files import MERGED, OFFICIAL, archive, armscii, changed, csv_text, ods, xlsx

LINES = {
    line.code: Line(code=line.code, parent=line.parent, article=line.article, names=Names(hy=line.name_hy))
    for line in load_pack("am", "revenue")
}
OWN = ["code", "year_plan_adjusted", "period_plan_cumulative", "period_actual_cumulative"]
FORMS = {
    "xlsx": xlsx(OFFICIAL, MERGED),
    "xlsx, cells not merged": xlsx(OFFICIAL),
    "ods": ods(OFFICIAL),
    "armscii-8": armscii(csv_text(OFFICIAL)),
    "utf-8": csv_text(OFFICIAL).encode(),
    "utf-8 with a mark": csv_text(OFFICIAL).encode("utf-8-sig"),
    "utf-16": csv_text(OFFICIAL, "\t").encode("utf-16"),
    "utf-16 without a mark": csv_text(OFFICIAL, "\t").encode("utf-16-le"),
    "commas and dots": csv_text(OFFICIAL, ",", comma=False).encode(),
}


def read(content: bytes, unit: Unit = Unit.THOUSANDS, month: int = 9, **more: Any) -> reader.FileContent:
    return reader.read(content, unit=unit, year=2015, month=month, **more)


def problems(content: bytes, **more: Any) -> list[Problem]:
    """Of the file itself and of its codes and sums, each with its place."""
    found = read(content, **more)
    checked = checks.check(found.rows, LINES, known=set(LINES), total_code="1000", year=2015, totals=found.totals)
    return found.problems + found.placed(checked.problems)


def places(content: bytes, **more: Any) -> list[tuple[str, str]]:
    """Code and cell of every problem but that of the missing plan of the period."""
    return [(p.code, p.cell) for p in problems(content, **more) if p.code != "period_is_year"]


@pytest.mark.parametrize("form", FORMS)
def test_the_official_form_is_read_the_same_in_every_form(form: str) -> None:
    """Nine columns below a head of three merged rows, numbered columns, a total row and a signature."""
    found = read(FORMS[form])
    assert [p.code for p in found.problems] == ["period_is_year"]
    assert [(row.code, row.part) for row in found.rows] == [
        ("1000", "administrative"), ("1000", "fund"), ("1000", "undivided"), ("1110", "administrative"),
        ("1110", "undivided"), ("1260", "administrative"), ("1260", "fund"), ("1260", "undivided"),
    ]  # fmt: skip
    total = found.rows[2]
    assert (total.approved_plan, total.year_plan) == (Decimal("700000000.00"), Decimal("760414500.00"))
    assert (total.period_plan, total.actual) == (total.year_plan, Decimal("389782993.00"))
    assert (len(found.totals), found.has_own_period) == (3, False)


@pytest.mark.parametrize("form", ["xlsx", "ods"])
def test_each_problem_stands_at_its_cell(form: str) -> None:
    rows = [list(row) for row in OFFICIAL]
    rows[6][6] = "շատ"
    rows[8][0] = 9999
    rows[8][9] = -1
    rows[10][11] = None
    content = xlsx(rows, MERGED) if form == "xlsx" else ods(rows)
    found = places(content)
    assert found[:3] == [("not_a_number", "G7"), ("negative_actual", "J9"), ("empty_is_zero", "L11")]
    assert {("unknown_code", "A9"), ("no_total", ""), ("total_differs", "A12")} <= set(found)


def test_a_total_row_is_checked_and_not_taken_over() -> None:
    """With the control: the same row with the right sum passes."""
    rows = [list(row) for row in OFFICIAL]
    rows[11][9] = 389782.9
    assert ("total_differs", "A12") in places(xlsx(rows, MERGED))
    assert ("total_differs", "A12") not in places(FORMS["xlsx"])
    assert "" not in {row.code for row in read(xlsx(rows)).rows}


def test_problems_name_the_heading_of_the_file() -> None:
    rows = [list(row) for row in OFFICIAL]
    rows[6][10] = "?"
    found = [p for p in problems(xlsx(rows, MERGED)) if p.code == "not_a_number"]
    assert [(p.cell, p.line, p.column) for p in found] == [("K7", 7, "ՓԱՍՏԱՑԻ / այդ թվում՝ / վարչական մաս")]


@pytest.mark.parametrize(("unit", "told"), [(Unit.THOUSANDS, []), (Unit.DRAMS, [("unit_may_differ", "L2")])])
def test_the_unit_in_the_heading_is_held_against_the_choice(unit: Unit, told: list[tuple[str, str]]) -> None:
    assert [p for p in places(FORMS["xlsx"], unit=unit) if p[0].startswith("unit")] == told


def test_drams() -> None:
    rows = [list(row) for row in OFFICIAL]
    rows[1] = [None] * 11 + ["դրամ"]
    found = read(xlsx(rows), unit=Unit.DRAMS)
    assert {p.code for p in found.problems} == {"period_is_year", "rounded"}  # a third decimal is less than a hundredth
    assert found.rows[2].year_plan == Decimal("760414.50")
    assert found.rows[2].actual == Decimal("389782.99")


def test_in_december_the_plan_of_the_year_is_that_of_the_period() -> None:
    assert [p.code for p in read(FORMS["xlsx"], month=12).problems] == []


def test_a_plan_of_the_period_is_found_by_its_heading() -> None:
    head = ["Տողի №", "Եկամտի անվանումը", "Տարեկան ճշտված պլան", "Պլան (աճողական)", "Փաստացի", "Կատարման %-ը", "Շեղում"]
    content = xlsx([["Դիլիջան"], head, [1000, None, 760414.5, 519225.79, 389782.993, 75.0700347, -129442.797]])
    found = read(content)
    assert found.problems == []
    assert (found.rows[0].period_plan, found.rows[0].part) == (Decimal("519225790.00"), "undivided")
    wrong = xlsx([head, [1000, None, 760414.5, 519225.79, 389782.993, 81, -1]])
    assert places(wrong) == [("percent_differs", "F2"), ("deviation_differs", "G2")]


THREE_LANGUAGES = {
    "en": "Line no.;Kind of revenue;Adjusted plan of the year;Plan of the period, cumulative;Received, cumulative",
    "ru": "Номер строки;Вид дохода;Уточнённый годовой план;План на период (нарастающим итогом);Получено",
    "hy": "Տողի NN;Եկամուտների տեսակը;Տարեկան ճշտված պլան;Ժամանակահատվածի պլան (աճողական);Փաստացի (աճողական)",
}


@pytest.mark.parametrize("language", THREE_LANGUAGES)
def test_headings_in_three_languages(language: str) -> None:
    found = read(xlsx([THREE_LANGUAGES[language].split(";"), [1000, None, 10, 5, 4]]))
    assert (found.problems, [row.actual for row in found.rows]) == ([], [Decimal("4000.00")])


def test_numbers_are_what_the_officer_sees() -> None:
    """No binary dust: 0.1 + 0.2 is 0.3; a third is rounded and said so; percentages count as shown."""
    book = Workbook()
    sheet: Any = book.active
    sheet.append([*OWN, "percent_of_period_plan"])
    sheet.append([1000, 0.1 + 0.2, 0.1 + 0.2, 1.1 + 2.2 - 3.15, 0.5])
    sheet["E2"].number_format = "0.00%"
    sheet.append([1110, 0.3, 0.2, 1 / 3])
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue())
    assert [(p.code, p.cell) for p in found.problems] == [("rounded", "D3")]
    assert [(row.year_plan, row.actual) for row in found.rows] == [
        (Decimal("300.00"), Decimal("150.00")), (Decimal("300.00"), Decimal("333.33")),
    ]  # fmt: skip


@given(st.integers(-(10**12), 10**12), st.integers(0, 5))
def test_every_decimal_survives_a_spreadsheet(number: int, places_kept: int) -> None:
    from modules.budgets.importing.sheets import shown

    exact = Decimal(number).scaleb(-places_kept)
    assert shown(float(exact)) == exact


def test_formulas_count_with_their_saved_value() -> None:
    """openpyxl saves none, as some programs do: that is a problem at the cell, not a zero."""
    content = xlsx([OWN, [1000, "=5+5", 5, 4], [1110, 1, 1, "#REF!"]])
    assert [(p.code, p.cell) for p in read(content).problems] == [("formula_unknown", "B2"), ("error_value", "D3")]
    saved = changed(
        content,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v></v>", b"<v>10</v>").replace(b"<v />", b"<v>10</v>"),
    )
    assert [(p.code, p.cell) for p in read(saved).problems] == [("error_value", "D3")]
    code = '<table:table-cell office:value-type="float" office:value="1000"/>'
    tail = f'<table:table-row>{code}<table:table-cell table:formula="of:=1+1"/></table:table-row>'
    assert ("formula_unknown", "B2") in places(ods([OWN], tail=tail))


def test_the_sheet_that_looks_like_the_table_is_read() -> None:
    spending = [["Տողի NN", "Ծախսերի անվանումը", "Ճշտված պլան", "Փաստացի"], [2000, None, 1, 1]]
    content = xlsx([["Բովանդակություն"]], Ծախսեր=spending, Եկամուտ=OFFICIAL, hidden=OFFICIAL)
    found = read(content)
    told = {p.code: p.params for p in found.problems}
    assert told["sheet_chosen"] == {"name": "Եկամուտ"}
    assert told["hidden_sheet"] == {"name": "hidden"}
    assert len(found.rows) == 8


def test_letters_of_an_old_font_are_put_right() -> None:
    """ARMSCII-8 that a program took for Latin: the sheet looks right in its font alone."""
    spoilt = [[armscii(c).decode("latin-1") if isinstance(c, str) else c for c in row] for row in OFFICIAL]
    assert len(read(xlsx(spoilt)).rows) == 8


@given(st.text(alphabet=sorted(set(files.ARMSCII8.values()) - {"\u00a0", "\u058d"}), max_size=80))
def test_armscii8_there_and_back(text: str) -> None:
    from modules.budgets.importing.encodings import decode_armscii8

    assert decode_armscii8(armscii(text)) == text


def test_one_byte_cyrillic_is_not_taken_for_armenian() -> None:
    content = "код;план;факт\nВсего доходов общины за период;1;1\n".encode("cp1251")
    assert [p.code for p in read(content).problems] == ["not_utf8"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_or_locked"),
        (b"%PDF-1.7\n", "no_sheet"),
        (b"PK\x03\x04" + b"\0" * 30, "broken_sheet"),
        (FORMS["xlsx"][:-200], "broken_sheet"),
        (archive({"word/document.xml": b"<a/>"}), "no_sheet"),
        (archive({"xl/workbook.xml": b"<a/>"}), "broken_sheet"),
        (changed(FORMS["xlsx"], "xl/worksheets/sheet1.xml", lambda xml: xml[:-100]), "broken_sheet"),
        (changed(FORMS["ods"], "content.xml", lambda xml: xml[:-30]), "broken_sheet"),
        (changed(FORMS["xlsx"], "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 60_000_000), "bomb"),
        (archive({"xl/workbook.xml": b"<a/>", **{f"{n}": b" " * 1_000_000 for n in range(70)}}), "bomb"),
        (xlsx([["Դիլիջան"], ["ոչինչ"]]), "no_header"),
        (ods([]), "no_header"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_said_and_nothing_breaks(content: bytes, code: str) -> None:
    assert [p.code for p in read(content).problems] == [code]
    assert read(content).rows == []


def test_entities_are_refused_in_both_kinds() -> None:
    """A billion laughs, and a file of the server: neither is expanded; the control has no entity."""
    attack = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    for content in (
        ods(OFFICIAL, before=attack),
        changed(FORMS["xlsx"], "xl/worksheets/sheet1.xml", lambda xml: attack.encode() + xml),
        changed(FORMS["xlsx"], "xl/workbook.xml", lambda xml: attack.encode() + xml),
    ):
        assert [p.code for p in read(content).problems] == ["broken_sheet"]
    assert len(read(ods(OFFICIAL)).rows) == 8


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (OWN, [1000, 10, 5, 4]):
        sheet.append(row)
    sheet["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    assert [row.code for row in read(out.getvalue()).rows] == ["1000"]
    wide = '<table:table-cell table:number-columns-repeated="16384"/>'
    far = f'<table:table-row table:number-rows-repeated="1048570">{wide}</table:table-row>'
    assert len(read(ods(OFFICIAL, tail=far)).rows) == 8
    full = far.replace("/></table:table-row>", ' office:value-type="float" office:value="1"/></table:table-row>')
    assert "too_many_rows" in [p.code for p in read(ods(OFFICIAL, tail=full)).problems]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 4000))
def test_a_damaged_file_never_breaks_the_reader(noise: bytes, at: int) -> None:
    for content in (FORMS["xlsx"], FORMS["ods"]):
        read(content[:at] + noise + content[at + len(noise) :])


cells = st.none() | st.text(max_size=12) | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False, width=32)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, max_size=14), max_size=12))
def test_no_table_breaks_the_checks(rows: list[list[Any]]) -> None:
    head = files.HEAD
    body = [[c for c in row if not isinstance(c, str) or c.isprintable()] for row in rows]
    for problem in problems(xlsx([*head, *body])) + problems(csv_text([*head, *body]).encode("utf-8", "ignore")):
        assert problem.message


def test_what_a_report_says_twice_or_not_at_all() -> None:
    content = xlsx([["Տողի NN", "Ճշտված պլան", "Ճշտված պլան", "Փաստացի", "Ծանոթություն"], [1000, 1, 1, 1, "ա"]])
    assert set(places(content)) == {("unknown_column", "E1"), ("double_column", "C1")}
    [problem] = read(xlsx([["Տողի NN", "Ճշտված պլան"], [1000, 1]]), month=12).problems
    assert (problem.code, problem.params["name"]) == ("missing_column", "period_actual_cumulative")
    halves = [["Տողի NN", "Ճշտված պլան վարչական", "Ճշտված պլան ֆոնդային", "Փաստացի վարչական"], [1000, 1, 1, 1]]
    found = read(xlsx(halves), month=12)
    assert [(p.code, p.cell) for p in found.problems] == [("part_incomplete", "C1")]
    assert [row.part for row in found.rows] == ["administrative"]


def test_a_plan_of_the_period_for_one_part_alone_is_not_enough() -> None:
    """What stands in is always said."""
    head = ["Տողի NN", "Ճշտված պլան վարչական", "Պլան (աճողական) վարչական", "Փաստացի վարչական"]
    head += ["Ճշտված պլան ֆոնդային", "Փաստացի ֆոնդային"]
    found = read(xlsx([head, [1000, 10, 5, 4, 10, 4]]))
    assert [p.code for p in found.problems] == ["period_is_year"]
    assert [(row.part, row.period_plan) for row in found.rows] == [("administrative", 5000), ("fund", 10_000)]


def test_a_plan_needs_the_plan_alone() -> None:
    content = xlsx([["Տողի NN", "Եկամտատեսակ", "Հաստատված պլան"], [1000, None, 10], [1110, None, 10]])
    assert [row.year_plan for row in read(content, kind="plan").rows] == [10000, 10000]
    assert read(content, kind="plan").problems == []
    assert "missing_column" in [p.code for p in read(content).problems]


def test_twenty_thousand_rows_with_their_progress() -> None:
    rows = [OWN + ["name_hy"], [1000, 1, 1, 1, None]]
    rows += [[f"1137ա{n}", 0.001, 0.001, 0.001, "Տեղական տող"] for n in range(19_999)]
    seen: list[tuple[int, int]] = []
    found = read(xlsx(rows), progress=lambda done, of: seen.append((done, of)))
    assert (len(found.rows), found.problems) == (20_000, [])
    assert seen[0] == (0, 20_000)
    assert len(seen) == 80
    assert "too_many_rows" in [p.code for p in read(xlsx([*rows, [1110, 1, 1, 1]])).problems]
    assert load_workbook(io.BytesIO(xlsx(rows[:3]))).active is not None
