"""Spending, financing and settlements as finance officers write them: read, placed and checked without a database."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamaynk.common.money import Unit
from modules.budgets.importing import checks, reader
from modules.budgets.importing.own import own_amounts, own_plan_rows
from modules.budgets.importing.problems import Problem
from modules.budgets.importing.trees import article_key, pack_lines
from tests.modules.budgets.files import (
    BOTH,
    ECONOMIC,
    FINANCING,
    FUNCTIONAL,
    MERGED,
    OFFICIAL,
    SETTLEMENTS,
    amounts,
    armscii,
    csv_text,
    ods,
    xlsx,
)

LINES = {kind: pack_lines(kind, 2025) for kind in ("revenue", "functional", "economic", "financing")}
TREES = {1: ("revenue", "1000"), 2: ("functional", "2000"), 3: ("functional", "2000"), 5: ("financing", "8010"),
         6: ("functional", "2000")}  # fmt: skip
TABLES = {2: FUNCTIONAL, 3: ECONOMIC, 5: FINANCING, 6: BOTH}
FORMS: dict[str, Any] = {
    "xlsx": xlsx,
    "ods": ods,
    "armscii-8": lambda rows: armscii(csv_text(rows).replace("«", "")),
    "utf-8, commas and dots": lambda rows: csv_text(
        [[c.replace(",", "") if isinstance(c, str) else c for c in row] for row in rows], ",", comma=False
    ).encode(),
}  # fmt: skip


def read(rows: Any, **more: Any) -> reader.FileContent:
    content = rows if isinstance(rows, bytes) else xlsx(rows)
    return reader.read(content, **({"unit": Unit.THOUSANDS, "year": 2025, "month": 12} | more))


def problems(found: reader.FileContent, **more: Any) -> list[Problem]:
    kind, total = TREES[found.section]
    checked = checks.check(
        found.rows, LINES[kind], known=set(LINES[kind]), total_code=total, year=2025, totals=found.totals,
        economic_lines=LINES["economic"] if kind == "functional" else None, **more,
    )  # fmt: skip
    return found.problems + found.placed(checked.problems)


def places(found: reader.FileContent, **more: Any) -> list[tuple[str, str]]:
    return [(p.code, p.cell) for p in problems(found, **more)]


def wholes(found: reader.FileContent) -> dict[tuple[str, str], int]:
    """Year plans of the whole, in thousands."""
    return {(r.code, r.economic): int(r.year_plan // 1000) for r in found.rows if r.part == "undivided"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("section", TABLES)
def test_every_section_is_found_and_read_in_every_form(form: str, section: int) -> None:
    found = read(FORMS[form](TABLES[section]))
    assert found.section == section
    assert not [p for p in problems(found) if p.is_error]
    assert wholes(found) == wholes(read(TABLES[section]))
    assert len({row.part for row in found.rows}) == 3


def test_functions_are_met_by_line_or_by_division_group_and_class() -> None:
    """A row without a number has its division, group and class; receipts of sales are negative spending."""
    found = read(FUNCTIONAL)
    assert wholes(found) == {("2000", ""): 500, ("2100", ""): 300, ("2111", ""): 300, ("2491", ""): -50,
                             ("2911", ""): 250}  # fmt: skip
    assert set(places(found)) == {("negative_spending", c) for c in ("I11", "K11", "L11", "N11")}
    one = [["Տողի NN", "Բաժին, խումբ, դաս", "Ճշտված պլան", "Փաստացի"], [2000, None, 10, 5], [None, "01-1-1", 10, 5]]
    assert list(wholes(read(one, section=2))) == [("2000", ""), ("2111", "")]
    assert article_key("01.1.0") == article_key("1-1") == article_key("01 1 0")


def test_economic_lines_are_met_by_line_and_by_article() -> None:
    """4411 in the column of lines is one thing, in that of articles another."""
    found = read(ECONOMIC)
    assert {economic: amount for (_, economic), amount in wholes(found).items()} == {
        "4000": 500, "4050": 400, "4111": 300, "4212": 60, "4411": 30, "4311": 10, "5000": 150, "6410": -50,
    }  # fmt: skip
    assert {row.code for row in found.rows} == {""}
    assert not [p for p in problems(found) if p.code not in ("negative_spending",)]


def test_economic_rows_belong_to_the_function_above_them() -> None:
    """By article, by number of the line, by name alone, by a number within the name."""
    found = read(BOTH)
    assert wholes(found) == {
        ("2000", ""): 460, ("2111", ""): 360, ("2111", "4111"): 300, ("2111", "4212"): 40, ("2111", "4214"): 15,
        ("2111", "4311"): 5, ("2911", ""): 100, ("2911", "5112"): 100,
    }  # fmt: skip
    assert places(found) == []
    own = own_amounts(found.rows, LINES["functional"], LINES["economic"])
    assert sum(row.year_plan for row in own) == 460_000
    assert {row.year_plan for row in own if row.economic == "4000"} == {0}


def test_function_and_economic_line_on_one_row() -> None:
    head = ["code", "economic", "year_plan_adjusted", "period_plan_cumulative", "period_actual_cumulative"]
    found = read([head, ["2111", "4111", 7, 7, 7], ["2111", "4411", 3, 3, 3]])
    assert (found.section, list(wholes(found))) == (6, [("2111", "4111"), ("2111", "4411")])
    assert [p.code for p in problems(found) if p.is_error] == []


def test_what_can_be_line_or_article_is_a_problem_at_its_cell() -> None:
    """Control: the heading of the column decides, and so does the name where the heading does not."""
    rows = [["Կոդ", "Անվանում", "Ճշտված պլան", "Փաստացի"], [2000, None, 9, 9], [2111, None, 9, 9], [4411, None, 9, 9]]
    assert ("ambiguous_code", "A4") in places(read(rows))
    rows[3][1] = "Ներքին արժեթղթերի տոկոսավճարներ"
    assert wholes(read(rows))["2111", "4311"] == 9
    rows[3][1], rows[0][0] = None, "Տողի NN"
    assert wholes(read(rows))["2111", "4411"] == 9
    rows[3][1] = "Ներքին արժեթղթերի տոկոսավճարներ"  # heading and name are at odds
    assert ("ambiguous_code", "A4") in places(read(rows))
    rows.append([4891, None, 0, 0])  # the column holds articles, whatever its heading says
    assert wholes(read(rows))["2111", "4311"] == 9


def test_problems_of_spending_stand_at_their_cells() -> None:
    rows = [list(row) for row in BOTH]
    rows.insert(6, [4111, None, None, None, None, None, *amounts(1, 1)])
    rows[8][0] = 2999  # line 9: no such function
    rows[10][5], rows[10][4] = 4999, None
    found = places(read(rows))
    assert ("no_function", "A7") in found
    assert ("unknown_code", "A9") in found


def test_sums_in_both_trees_and_of_functions() -> None:
    rows = [list(row) for row in BOTH]
    rows[9][9:12] = [299, 299, None]
    assert ("economics_differ", "A8") in places(read(rows))
    rows = [list(row) for row in ECONOMIC]
    rows[7][6:9] = [410, 410, None]
    found = places(read(rows))
    assert ("children_below", "A8") in found
    assert ("children_above", "A7") in found
    rows = [list(row) for row in FUNCTIONAL]
    rows[9][8] = 299
    assert ("children_below", "A8") in places(read(rows))


def test_local_suffixes_on_both_sides_of_spending() -> None:
    head = ["code", "economic", "name_hy", "year_plan_adjusted", "period_plan_cumulative", "period_actual_cumulative"]
    found = read([head, ["2111ա", "", "Մեր տողը", 7, 7, 7], ["2111ա", "4111ա", "Մեր հոդվածը", 7, 7, 7]])
    checked = checks.check(found.rows, LINES["functional"], known=set(), total_code="2000", year=2025,
                           economic_lines=LINES["economic"])  # fmt: skip
    assert (checked.new_lines["2111ա"].parent, checked.new_economic_lines["4111ա"].parent) == ("2111", "4111")
    assert not any(p.is_error for p in checked.problems)


def test_the_reserve_is_eliminated_from_the_whole_where_the_caller_says_so() -> None:
    head = ["code", "part", "year_plan_adjusted", "period_plan_cumulative", "period_actual_cumulative"]
    rows = [head, ["1000", "", 100, 100, 100], ["1000", "administrative", 100, 100, 100], ["1000", "fund", 20, 20, 20],
            ["1392", "", 0, 0, 0], ["1392", "fund", 20, 20, 20]]  # fmt: skip
    found = read(rows)
    assert [p.code for p in problems(found) if p.code == "parts_differ"] == ["parts_differ"] * 2
    for eliminated in ({("1392", "", "fund")}, lambda code, economic, part: (code, part) == ("1392", "fund")):
        assert "parts_differ" not in [p.code for p in problems(found, eliminated=eliminated)]


# --- settlements ---


def test_a_line_repeats_for_each_settlement_and_account() -> None:
    """R54: settlement and account are found in the name or beside it; the name alone is compared."""
    found = read(SETTLEMENTS)
    keys = {(r.settlement, r.account): int(r.year_plan // 1000) for r in found.rows
            if (r.code, r.part) == ("1110", "undivided")}  # fmt: skip
    assert keys == {("", ""): 100, ("Արթիկ", "900205003016"): 60, ("Պեմզաշեն", "900205103022"): 40}
    assert {r.name_hy for r in found.rows if r.code == "1110"} == {"1.1 Գույքային հարկեր անշարժ գույքից", ""}
    assert places(found) == []
    assert sum(r.year_plan for r in own_amounts(found.rows, LINES["revenue"])) == 100_000


@pytest.mark.parametrize("kind", LINES)
def test_no_name_of_the_classification_is_taken_for_a_settlement(kind: str) -> None:
    """With the control: a settlement in brackets, written in each way, is one."""
    head = ["Տողի NN", "Եկամտատեսակ", "Ճշտված պլան", "Փաստացի"]
    names = [line.names.hy for line in LINES[kind].values()]
    found = read([head, *([f"1110ա{n}", name, 1, 1] for n, name in enumerate(names))], section=1)
    assert [(r.name_hy, r.settlement, r.account) for r in found.rows] == [(name, "", "") for name in names]
    ways = ["(Արթիկ բնակավայր)", "(Արթիկ բնակավայրի)", "(բնակավայր Արթիկ)", "(ք. Արթիկ)", "(Արթիկ քաղաք)"]
    found = read([head, *([1000, f"Ընդամենը {way}", n, n] for n, way in enumerate(ways))])
    assert {row.settlement for row in found.rows} == {"Արթիկ"}


def test_settlements_that_do_not_add_up_and_rows_that_stand_twice() -> None:
    rows = [list(row) for row in SETTLEMENTS]
    rows[9][6:9] = [41, 41, None]
    assert ("settlements_differ", "A8") in places(read(rows))
    rows[9] = list(rows[8])
    assert ("duplicate", "A10") in places(read(rows))
    assert "duplicate" not in [code for code, _ in places(read(SETTLEMENTS))]


def test_settlement_and_account_in_columns_of_their_own() -> None:
    head = ["Տողի NN", "Եկամտատեսակ", "Բնակավայր", "Գանձապետական հաշիվ", "Ճշտված պլան", "Փաստացի"]
    rows = [head, [1000, None, None, None, 10, 5], [1110, None, "Արթիկ բնակավայր", 900205003016, 10, 5],
            [1110, None, "Պեմզաշեն", "12", 1, 1]]  # fmt: skip
    found = read(rows)
    assert [(r.settlement, r.account) for r in found.rows] == [("", ""), ("Արթիկ", "900205003016")]
    assert ("unknown_account", "D4") in places(found)


# --- which table ---


def test_of_a_workbook_with_all_sections_the_one_asked_for_is_read() -> None:
    book = xlsx([["Բովանդակություն"]], e=OFFICIAL, f=FUNCTIONAL, g=ECONOMIC, h=FINANCING, i=BOTH)
    assert [read(book, side=side).section for side in (None, "revenue", "expenditure", "financing")] == [1, 1, 6, 5]
    assert [read(book, section=section).section for section in (1, 2, 3, 5, 6)] == [1, 2, 3, 5, 6]
    assert read(book, side="expenditure").side == "expenditure"


@pytest.mark.parametrize(
    ("rows", "asked", "code"),
    [
        (OFFICIAL, {"side": "expenditure"}, "wrong_side_revenue"),
        (FUNCTIONAL, {"side": "revenue"}, "wrong_side_expenditure"),
        (FINANCING, {"side": "revenue"}, "wrong_side_financing"),
        (FUNCTIONAL, {"section": 3}, "wrong_section"),
    ],
)
def test_a_wrong_side_is_one_clear_problem(rows: Any, asked: dict[str, Any], code: str) -> None:
    found = read(rows, **asked)
    assert ([p.code for p in found.problems], found.rows) == ([code], [])
    assert found.problems[0].message


def test_the_towns_own_lines_count() -> None:
    """Lines handed in are met before those of the pack; the unit may be drams."""
    own = {"economic": LINES["economic"] | {"4999": LINES["economic"]["4111"]}}
    rows = [["Տողի NN", "Անվանում", "Ճշտված պլան", "Փաստացի"], [2111, None, 9.5, 9], [4999, None, 9.5, 9]]
    found = read(rows, lines=own, unit=Unit.DRAMS)
    assert [(r.code, r.economic, str(r.year_plan)) for r in found.rows] == [
        ("2111", "", "9.50"), ("2111", "4999", "9.50")
    ]  # fmt: skip
    assert ("unknown_code", "A3") in places(read(rows, unit=Unit.DRAMS))


def test_merged_heads_and_totals_in_between() -> None:
    assert read(xlsx(OFFICIAL, MERGED), side="revenue").section == 1
    rows = [*FUNCTIONAL, [None, None, None, None, "Ընդամենը", *amounts(501, 401, 100)]]
    assert ("total_differs", "A13") in places(read(rows))
    rows[-1] = [None, None, None, None, "Ընդամենը", *amounts(500, 400, 100)]
    assert "total_differs" not in [code for code, _ in places(read(rows))]


cells = st.none() | st.text(max_size=12) | st.integers(0, 9000) | st.sampled_from([2111, 4111, "4411", "01-1-1", -5])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(cells, max_size=15), max_size=12),
    st.sampled_from([1, 2, 3, 5, 6]),
    st.sampled_from(["execution", "plan"]),
)
def test_no_table_breaks_the_reader_or_the_checks(rows: list[list[Any]], section: int, what: str) -> None:
    body = [[c for c in row if not isinstance(c, str) or c.isprintable()] for row in rows]
    for content in (csv_text([*BOTH, *body]), csv_text([*FUNCTIONAL[:6], *body]), csv_text([*SETTLEMENTS, *body])):
        for asked in ({"section": section}, {}):
            found = read(content.encode("utf-8", "ignore"), what=what, **asked)
            for problem in problems(found) if found.section else found.problems:
                assert problem.message
            own_amounts(found.rows, LINES["functional"], LINES["economic"])
            own_plan_rows(found.plan_rows, LINES["functional"], LINES["economic"])


def test_twenty_thousand_rows_of_settlements() -> None:
    head = ["Տողի NN", "Եկամտատեսակ", "Ճշտված պլան", "Պլան (աճողական)", "Փաստացի"]
    codes = [code for code in LINES["revenue"] if code != "1000"][:50]
    rows = [head, [1000, None, 1, 1, 1]]
    for settlement in range(399):
        account = 900205000000 + settlement
        rows += [[code, f"Տող (Գյուղ{settlement} բնակավայր) {account}", 1, 1, 1] for code in codes]
    found = read(csv_text(rows).encode())
    assert len(found.rows) == 399 * 50 + 1
    assert not [p for p in problems(found) if p.is_error]
    assert len(own_amounts(found.rows, LINES["revenue"])) == len(found.rows)
