"""Plans by year, by quarter and by month, as town halls write them: flows come of them, and they agree or are refused."""

from decimal import Decimal
from typing import Any

import pytest

from hamaynk.common.money import Unit
from modules.budgets.importing import reader
from modules.budgets.importing.own import own_plan_rows
from modules.budgets.importing.trees import pack_lines
from tests.modules.budgets.files import BOTH, OFFICIAL, PLAN_HEAD, armscii, csv_text, ods, xlsx

MONTHS = {
    "hy": "Հունվար Փետրվար Մարտ Ապրիլ Մայիս Հունիս Հուլիս Օգոստոս Սեպտեմբեր Հոկտեմբեր Նոյեմբեր Դեկտեմբեր",
    "en": "January February March April May June July August September October November December",
    "ru": "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
}
QUARTERS = {
    "hy": ["Տողի NN", "Անվանումը", "1-ին եռամսյակ", "1-ին կիսամյակ", "9 ամիս", "Տարի"],
    "hy, roman": ["Տողի NN", "Անվանումը", "I եռամսյակ", "I կիսամյակ", "9 ամիս", "Տարեկան"],
    "hy, cumulative": ["Տողի NN", "Անվանումը", "1-ին եռամսյակ (աճողական)", "2-րդ եռամսյակ (աճողական)",
                       "3-րդ եռամսյակ (աճողական)", "4-րդ եռամսյակ (աճողական)"],
    "en": ["Line no.", "Name", "First quarter", "First half-year", "Nine months", "Year"],
    "ru": ["Номер строки", "Наименование", "Первый квартал", "Первое полугодие", "9 месяцев", "Год"],
    "own": ["code", "name", "to_3", "to_6", "to_9", "to_12"],
}  # fmt: skip


def read(rows: Any, **more: Any) -> reader.FileContent:
    content = rows if isinstance(rows, bytes) else xlsx(rows)
    return reader.read(content, **({"unit": Unit.THOUSANDS, "year": 2025, "what": "plan"} | more))


def places(found: reader.FileContent) -> list[tuple[str, str]]:
    return [(p.code, p.cell) for p in found.problems]


def thousands(*values: Any) -> tuple[Decimal, ...]:
    return tuple(Decimal(value) * 1000 for value in values)


@pytest.mark.parametrize("language", QUARTERS)
def test_quarters_counted_from_january_become_flows(language: str) -> None:
    """First quarter, half-year, nine months, year: the Armenian way."""
    found = read([QUARTERS[language], [1000, None, 10, 25, 25.5, 50]])
    assert found.problems == []
    [row] = found.plan_rows
    assert (row.year, row.quarters, row.months) == (50_000, thousands(10, 15, "0.5", "24.5"), None)
    assert sum(row.flows) == row.year
    assert found.rows[0].year_plan == 50_000


def test_single_quarters_are_flows_already() -> None:
    head = ["Տողի NN", "Տարեկան պլան", "1-ին եռամսյակ", "2-րդ եռամսյակ", "3-րդ եռամսյակ", "4-րդ եռամսյակ"]
    found = read([head, [1000, 100, 10, 20, 30, 40]])
    assert (found.problems, found.plan_rows[0].quarters) == ([], thousands(10, 20, 30, 40))
    assert places(read([head, [1000, 101, 10, 20, 30, 40]])) == [("plan_differs", "B2")]


@pytest.mark.parametrize("language", MONTHS)
def test_twelve_months_in_three_languages(language: str) -> None:
    head = [
        *{"hy": ["Տողի NN", "Անվանում"], "en": ["Line no.", "Name"], "ru": ["Номер строки", "Наименование"]}[language]
    ]
    found = read([[*head, *MONTHS[language].split()], [1000, None, *range(1, 13)]])
    assert found.problems == []
    assert (found.plan_rows[0].months, found.plan_rows[0].year) == (thousands(*range(1, 13)), 78_000)


def test_months_and_year_must_agree() -> None:
    """With the control: a sum to the hundredth passes, an empty month is none."""
    head = ["Տողի NN", "Տարեկան պլան", *MONTHS["hy"].split()]
    rows = [head, [1000, 11.1, *[1] * 11, 0.1], [1110, 11, *[1] * 11, None], [1120, 12, *[1] * 11, None]]
    found = read(rows)
    assert places(found) == [("plan_differs", "B4")]
    assert [row.code for row in found.plan_rows] == ["1000", "1110"]
    assert found.plan_rows[1].months == (*thousands(*[1] * 11), 0)


def test_a_line_may_state_its_year_alone() -> None:
    found = read(
        [PLAN_HEAD, [1000, None, 40, 10, 20, 30, 40], [1110, None, 40], [1120, None, None, 1, 2, 3, 4], [1130]]
    )
    assert found.problems == []
    assert [(row.code, row.year, row.quarters) for row in found.plan_rows] == [
        ("1000", 40_000, thousands(10, 10, 10, 10)), ("1110", 40_000, None), ("1120", 4_000, thousands(1, 1, 1, 1)),
    ]  # fmt: skip
    own = own_plan_rows(found.plan_rows, pack_lines("revenue", 2025))
    assert own[0].year == -4_000
    assert all(row.months is not None for row in own)


def test_quarters_of_the_whole_and_of_both_parts() -> None:
    names = ["1-ին եռամսյակ", "1-ին կիսամյակ", "9 ամիս", "տարի"]
    rows = [
        ["ՀԱՏՎԱԾ 1. ԵԿԱՄՈՒՏՆԵՐ"],
        ["Տողի NN", "Եկամտատեսակները", *(cell for name in names for cell in (name, None, None))],
        [None, None, *["Ընդամենը", "այդ թվում՝", None] * 4],
        [None, None, *[None, "վարչական մաս", "ֆոնդային մաս"] * 4],
        list(range(1, 15)),
        [1000, None, 3, 2, 1, 6, 4, 2, 9, 6, 3, 12, 8, 4],
    ]
    for form in (xlsx, ods, lambda table: armscii(csv_text(table))):
        found = read(form(rows))
        assert found.problems == []
        assert {row.part: row.quarters for row in found.plan_rows} == {
            "undivided": thousands(3, 3, 3, 3), "administrative": thousands(2, 2, 2, 2), "fund": thousands(1, 1, 1, 1),
        }  # fmt: skip


def test_columns_that_name_the_parts_alone_are_the_plan_of_the_year() -> None:
    """As councils adopt it: total, administrative part, fund part, and no word of a plan."""
    head = ["Տողի NN", "Եկամտատեսակները", "Հոդվածի NN", "Ընդամենը (ս.5+ս.6)", "վարչական մաս", "ֆոնդային մաս"]
    found = read([head, [1000, None, None, 30, 20, 10], [1110, None, 7131, 20, 20, None]])
    assert found.problems == []
    assert [(row.code, row.part, row.year) for row in found.plan_rows] == [
        ("1000", "administrative", 20_000), ("1000", "fund", 10_000), ("1000", "undivided", 30_000),
        ("1110", "administrative", 20_000), ("1110", "undivided", 20_000),
    ]  # fmt: skip


def test_a_plan_of_functions_by_economic_lines() -> None:
    found = read(BOTH, side="expenditure")
    assert (found.section, len(found.plan_rows)) == (6, len(found.rows))
    assert ("2111", "4311") in {(row.code, row.economic) for row in found.plan_rows}
    assert found.plan_rows[0].year == found.rows[0].year_plan


def test_problems_of_plans_stand_at_their_cells() -> None:
    found = read(
        [PLAN_HEAD, [1000, None, 40, 10, "?", 30, 40], [1110, None, 40, 10, 5, 30, 40], [1120, None, 40, -1, 1, 1, 40]]
    )
    assert set(places(found)) == {("not_a_number", "E2"), ("plan_falls", "E3"), ("negative_plan", "D4")}
    found = read([["Տողի NN", "Տարեկան պլան", "1-ին եռամսյակ"], [1000, 10, 5]])
    assert places(found) == [("part_incomplete", "C1")]
    assert found.plan_rows[0].quarters is None
    assert places(read([["Տողի NN", "1-ին եռամսյակ"], [1000, 5]]))[0][0] == "missing_column"
    assert read([["Տողի NN", "Անվանում"], [1000, "ա"]]).problems[0].code in ("missing_column", "no_header")


def test_months_mean_nothing_in_a_report_of_execution() -> None:
    content = xlsx([["Տողի NN", "Ճշտված պլան", "Պլան 9 ամիս (աճողական)", "Փաստացի 9 ամիս"], [1000, 10, 5, 4]])
    found = reader.read(content, unit=Unit.THOUSANDS, year=2015, month=9)
    assert (found.problems, found.rows[0].period_plan, found.plan_rows) == ([], 5_000, [])


def test_the_report_is_a_plan_too() -> None:
    """The official form read as a plan: the adjusted plan counts, the approved one is kept beside it."""
    found = read(OFFICIAL, year=2015)
    assert [row.year for row in found.plan_rows if row.code == "1000"] == [660_414_500, 100_000_000, 760_414_500]
    assert found.rows[2].approved_plan == 700_000_000


def test_each_kind_of_own_names() -> None:
    months = [f"month_{month}" for month in range(1, 13)]
    found = read([["code", "economic", "settlement", "account", *months],
                  ["2111", "4111", "Արթիկ", "900205003016", *range(12)]])  # fmt: skip
    row = found.plan_rows[0]
    assert (row.code, row.economic, row.settlement, row.account) == ("2111", "4111", "Արթիկ", "900205003016")
    assert row.months == thousands(*range(12))


def test_the_date_of_the_decision_above_the_table_is_no_month() -> None:
    above = [["Հավելված N 1"], [None, None, None, "Ավագանու 2024 թվականի դեկտեմբերի 25-ի N 120-Ա որոշման"],
             ["ՀԱՄԱՅՆՔԻ 2025 ԹՎԱԿԱՆԻ ՏԱՐԵԿԱՆ ԲՅՈՒՋԵ"], ["ՀԱՏՎԱԾ 1. ԵԿԱՄՈՒՏՆԵՐ"], [None, None, "(հազար դրամ)"]]  # fmt: skip
    found = read([*above, PLAN_HEAD, list(range(1, 8)), [1000, None, 40, 10, 20, 30, 40]])
    assert (found.problems, found.plan_rows[0].quarters) == ([], thousands(10, 10, 10, 10))


def test_the_balance_is_not_imported() -> None:
    rows = [["ՀԱՏՎԱԾ 4. ՀԱՎԵԼՈՒՐԴԸ ԿԱՄ ԴԵՖԻՑԻՏԸ"], ["Տողի NN", "Անվանում", "Տարեկան պլան"], [8000, None, 5]]
    assert [p.code for p in read(rows).problems] == ["balance_is_derived"]
    revenue = [["Տողի NN", "Անվանում", "Տարեկան պլան"], [1000, None, 5]]
    assert [p.code for p in read(xlsx(rows, b=revenue)).problems] == ["sheet_chosen"]
