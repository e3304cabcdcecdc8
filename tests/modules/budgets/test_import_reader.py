"""Reading and checking files without a database: every problem at its line."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.common.money import Unit
from modules.budgets.demo import DILIJAN, made_up_month
from modules.budgets.importing import checks, reader
from modules.budgets.packs import load_pack
from modules.budgets.tables import Line, Names

HEAD = "code,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
LINES = {
    line.code: Line(code=line.code, parent=line.parent, article=line.article, names=Names(hy=line.name_hy))
    for line in load_pack("am", "revenue")
}


def read(body: str | bytes, unit: Unit = Unit.THOUSANDS) -> reader.FileContent:
    content = body if isinstance(body, bytes) else body.encode()
    return reader.read(content, unit=unit, year=2015, month=9)


def found(body: str | bytes) -> list[tuple[str, int | None, str]]:
    """Code, line and column of every problem, of the file itself and of its sums and codes."""
    content = read(body)
    checked = checks.check(content.rows, LINES, known=set(LINES), total_code="1000", year=2015)
    return [(p.code, p.line, p.column) for p in content.problems + checked.problems]


def test_the_printed_page_is_read_without_an_error() -> None:
    """R58, R59: five rows, digit for digit; that they do not add up to the total is a warning only."""
    content = read(DILIJAN.read_bytes())
    assert [row.code for row in content.rows] == ["1000", "1110", "1120", "1131", "1151"]
    assert content.rows[0].actual == Decimal("389782993.00")
    assert content.source.keys() == {"hy", "en", "ru"}
    assert found(DILIJAN.read_bytes()) == [("children_below", 7, "")]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_ways_to_write_the_same_file(mark: str, separator: str, end: str) -> None:
    body = mark + end.join([HEAD, "1000,10.000,5.000,4.000", ""]).replace(",", separator)
    content = read(body)
    assert (content.problems, [row.actual for row in content.rows]) == ([], [Decimal("4000.00")])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("", ("empty_file", None, "")),
        ("code,year_plan_adjusted\n", ("missing_column", 1, "")),
        (f"{HEAD}\n", ("no_rows", None, "")),
        (f"{HEAD}\n1000,10,5\n", ("wrong_width", 2, "")),
        (f"{HEAD}\n1000,10,5,x\n", ("not_a_number", 2, "period_actual_cumulative")),
        (f"{HEAD}\n1000,,5,4\n", ("empty", 2, "year_plan_adjusted")),
        (f'{HEAD}\n1000,"760,414",5,4\n', ("ambiguous", 2, "year_plan_adjusted")),
        (f"{HEAD}\n1000,-1,5,4\n", ("negative_plan", 2, "year_plan_adjusted")),
        (f"{HEAD}\n1000,10,5,-4\n", ("negative_actual", 2, "period_actual_cumulative")),
        (f"{HEAD}\n1000,10,50,4\n", ("plan_above_year", 2, "period_plan_cumulative")),
        (f"{HEAD}\n1000,10,5,4\n\n1000,10,5,4\n", ("duplicate", 4, "code")),
        (f"{HEAD}\n1000,10,5,4\n9999,1,1,1\n", ("unknown_code", 3, "code")),
        (f"{HEAD}\n1000,10,5,4\n1137ա,1,1,1\n", ("local_name_missing", 3, "name_hy")),
        (f"{HEAD}\n1110,10,5,4\n", ("no_total", None, "")),
        (f"{HEAD}\n,10,5,4\n", ("missing_code", 2, "code")),
        (f"{HEAD},month\n1000,10,5,4,8\n", ("other_month", 2, "month")),
        (f"{HEAD},part\n1000,10,5,4,other\n", ("unknown_part", 2, "part")),
        (f"{HEAD},percent_of_period_plan\n1000,10,5,4,81.00\n", ("percent_differs", 2, "percent_of_period_plan")),
        (f"{HEAD},deviation\n1000,10,5,4,-2.000\n", ("deviation_differs", 2, "deviation")),
        (f"{HEAD},name_hy\n1000,10,5,4,Այլ անուն\n", ("name_differs", 2, "name_hy")),
        (f"# unit: drams\n{HEAD}\n1000,10,5,4\n", ("unit_differs", 1, "")),
        (f'{HEAD}\n1000,10,5,"4\n', ("broken_csv", 2, "")),
        (f"{HEAD}\n1000,10,5,4\n".encode("utf-16")[:-1], ("not_utf8", 2, "")),
        (HEAD.encode() + b"\n1000,1,1,\xff\n", ("not_utf8", 2, "")),
        (f"{HEAD}\n1000,10,5,4\n1110,20,6,5\n", ("children_above", 2, "")),
        (b"1000,1,1,1\n" * 600_000, ("too_big", None, "")),
        (f"{HEAD},part\n1000,10,5,4,\n1000,6,5,4,administrative\n", ("parts_differ", 2, "")),
    ],
)
def test_each_problem_at_its_line(body: str | bytes, problem: tuple[str, int | None, str]) -> None:
    """Issue 2, point 6: the finance officer sees errors at their line."""
    assert problem in found(body)


def test_zero_plan_may_print_zero_percent() -> None:
    """R58: official pages print 0.00 where there is no plan; any other percent of nothing is refused."""
    row = f"{HEAD},percent_of_period_plan\n1000,0,0,22.444,"
    assert found(row + "0.00\n") == []
    assert found(row + "\n") == []
    assert found(row + "5.00\n") == [("percent_differs", 2, "percent_of_period_plan")]


@pytest.mark.parametrize(("code", "parent"), [("1137ա", "1137"), ("1351ԼԱ", "1351"), ("11306", "1130")])
def test_local_suffix_of_a_known_line(code: str, parent: str) -> None:
    """Communities add suffixes of their own; the line is added below the national one."""
    content = read(f"{HEAD},name_hy\n1000,10,5,4,\n{code},1,1,1,Տեղական տող\n")
    checked = checks.check(content.rows, LINES, known=set(LINES), total_code="1000", year=2015)
    assert [(line.code, line.parent, line.is_local) for line in checked.new_lines.values()] == [(code, parent, True)]


@given(st.binary(max_size=400))
def test_no_upload_breaks_the_reader(content: bytes) -> None:
    read(content)
    read(HEAD.encode() + b"\n" + content)


@given(st.text(max_size=300))
def test_no_text_breaks_the_checks(body: str) -> None:
    for problem in found(f"{HEAD},name_hy,part\n{body}\n{body}"):
        assert problem[0]


def test_rows_survive_being_kept() -> None:
    for row in read(made_up_month("sevan", 9)).rows:
        assert reader.FileRow.from_json(row.to_json()) == row


def test_made_up_months_are_sound_and_the_same_each_time() -> None:
    assert made_up_month("sevan", 4) == made_up_month("sevan", 4) != made_up_month("goris", 4)
    for slug in ("sevan", "goris"):
        assert found(made_up_month(slug, 9)) == []
