"""Country packs and line numbers, without a database: what a sound pack has, and that each planted fault is found."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from hypothesis import assume, given
from hypothesis import strategies as st

from modules.budgets.codes import is_code, split_code
from modules.budgets.models import ClassificationKind
from modules.budgets.packs import COLUMNS, KINDS, PackError, PackLine, load, load_pack, pack, read_lines

SOUND = {
    "code": "1000", "parent": "", "article": "", "name_hy": "ա", "name_en": "a", "name_ru": "а",
    "valid_from": "2009-01-01", "valid_to": "", "unverified": "no", "source": "the form",
}  # fmt: skip
AM = {kind: load_pack("am", kind) for kind in KINDS}
NATIONAL = {line.code for line in AM["revenue"]}


def cells(**changes: str) -> list[str]:
    """A row of a pack file."""
    return [(SOUND | changes)[column] for column in COLUMNS]


def table(lines: list[PackLine] | tuple[PackLine, ...]) -> list[dict[str, str]]:
    """Lines as the cells of a file, by column."""
    return [
        {
            "code": line.code, "parent": line.parent, "article": line.article, "name_hy": line.name_hy,
            "name_en": line.name_en, "name_ru": line.name_ru, "valid_from": line.valid_from.isoformat(),
            "valid_to": line.valid_to.isoformat() if line.valid_to else "",
            "unverified": "yes" if line.unverified else "no", "source": line.source,
        }
        for line in lines
    ]  # fmt: skip


def read(rows: list[dict[str, str]]) -> tuple[PackLine, ...]:
    return read_lines([list(COLUMNS), *([row[column] for column in COLUMNS] for row in rows)])


def test_the_pack_names_the_printed_rows_letter_for_letter() -> None:
    """R59: names as the town's own page prints them, OCR repaired."""
    names = {line.code: line.name_hy for line in AM["revenue"]}
    assert [names[code] for code in ("1000", "1110", "1120", "1131", "1151")] == [
        "ԸՆԴԱՄԵՆԸ",
        "1.1 Գույքային հարկեր անշարժ գույքից",
        "1.2 Գույքային հարկեր այլ գույքից",
        "Տեղական տուրքեր",
        "Պետական տուրքեր",
    ]


def test_every_kind_has_a_pack_and_the_model_knows_it() -> None:
    assert tuple(ClassificationKind.values) == KINDS
    assert [len(AM[kind]) > 50 for kind in KINDS] == [True] * 4
    assert {kind: next(line.code for line in AM[kind] if not line.parent) for kind in KINDS} == {
        "revenue": "1000", "functional": "2000", "economic": "4000", "financing": "8010",
    }  # fmt: skip


def test_what_no_source_vouches_for_is_marked() -> None:
    """Both sections of expenditure are remembered only, so every line says so, and why."""
    for kind in ("functional", "economic", "financing"):
        assert all(line.unverified and line.source for line in AM[kind])
    same = [line for line in AM["economic"] if line.code == line.article]
    assert same
    assert all("same" in line.source for line in same)


@pytest.mark.parametrize(
    ("kind", "code", "article"),
    [
        ("functional", "2100", "01"),
        ("functional", "2424", "04.2.4"),
        ("functional", "3112", "11.1.2"),
        ("economic", "4212", "4212"),
        ("economic", "4543", "4657"),
        ("economic", "6110", "8111"),
        ("revenue", "1131", "71452"),
    ],
)
def test_line_number_and_article_stand_apart(kind: str, code: str, article: str) -> None:
    assert {line.code: line.article for line in AM[kind]}[code] == article


def test_functions_hang_by_division_group_and_class() -> None:
    """The article says where a function belongs; the line number's own tree agrees with it."""
    articles = {line.code: line.article for line in AM["functional"]}
    for line in AM["functional"]:
        if line.article:
            assert articles[line.parent] == line.article.rpartition(".")[0]


def test_a_year_has_its_lines_once() -> None:
    """The real-estate tax came in 2021: a year before does not have it."""
    assert "1113" not in {line.code for line in load("revenue", 2015)}
    assert "1113" in {line.code for line in load("revenue", 2021)}
    assert load("revenue", 2008) == ()


@given(st.integers(0, 364), st.sampled_from([2019, 2020, 2021]))
def test_a_line_renamed_within_a_year_counts_in_its_later_wording(day: int, year: int) -> None:
    """Two wordings of a code that follow one another are sound; every year sees exactly one."""
    change = dt.date(2020, 1, 1) + dt.timedelta(days=day)
    before = SOUND | {"name_hy": "հին", "valid_to": (change - dt.timedelta(days=1)).isoformat()}
    lines = read([SOUND | {"valid_from": change.isoformat(), "name_hy": "նոր"}, before])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("modules.budgets.packs.pack", lambda kind: lines)
        found = load("revenue", year)
    assert [line.name_hy for line in found] == ["հին" if change > dt.date(year, 12, 31) else "նոր"]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([cells(code="1100", parent="1000")], "one total"),
        ([cells(), cells(code="1001")], "one total"),
        ([cells(), cells()], "1000 twice"),
        ([cells(), cells(valid_from="2020-01-01")], "twice at the same time, from 2020-01-01"),
        ([cells(valid_to="2020-06-01"), cells(valid_from="2020-06-01")], "twice at the same time"),
        ([cells(), cells(code="1100", parent="1900")], "parent 1900 is not in the pack"),
        ([cells(valid_to="2019-12-31"), cells(code="1100", parent="1000")], "1000 is not valid on 2020-01-01"),
        ([cells(valid_from="2010-01-01"), cells(code="1100", parent="1000")], "1000 is not valid on 2009-01-01"),
        ([cells(name_hy=" ")], "a name is missing"),
        ([cells(name_ru="")], "a name is missing"),
        ([cells(valid_to="2001-01-01")], "ends before"),
        ([cells(valid_from="2009-13-01")], "line 2: "),
        ([cells(valid_from="")], "line 2: "),
        ([cells(unverified="maybe")], "yes or no"),
        ([cells(source="")], "names no source"),
        ([cells(code="")], "no line number"),
        ([cells(code="1 000")], "no line number"),
        ([cells(code="ա1")], "no line number"),
        ([cells(), cells(code="1", parent="2"), cells(code="2", parent="1")], "own ancestor"),
        ([cells(), cells(code="1", parent="1")], "own ancestor"),
        ([cells()[:-1]], "line 2: "),
    ],
)
def test_a_faulty_pack_is_refused(rows: list[list[str]], fault: str) -> None:
    assert read_lines([list(COLUMNS), cells()])  # the control: a sound pack passes
    with pytest.raises(PackError, match=fault):
        read_lines([list(COLUMNS), *rows])


def _drop_name(rows: list[dict[str, str]], at: int) -> None:
    rows[at]["name_en"] = ""


def _double(rows: list[dict[str, str]], at: int) -> None:
    rows.append(dict(rows[at]))


def _orphan(rows: list[dict[str, str]], at: int) -> None:
    rows[at]["parent"] = "9"


def _second_total(rows: list[dict[str, str]], at: int) -> None:
    rows[at]["parent"] = "" if rows[at]["parent"] else rows[-1]["code"]


def _end_first(rows: list[dict[str, str]], at: int) -> None:
    rows[at]["valid_to"] = "1999-01-01"


def _circle(rows: list[dict[str, str]], at: int) -> None:
    rows[at]["parent"] = rows[at]["code"]


def _claim(rows: list[dict[str, str]], at: int) -> None:
    rows[at] |= {"unverified": "no", "source": ""}


@given(
    st.sampled_from(KINDS),
    st.integers(0, 10_000),
    st.sampled_from([_drop_name, _double, _orphan, _second_total, _end_first, _circle, _claim]),
)
def test_a_fault_planted_anywhere_in_the_real_pack_is_found(kind: str, place: int, plant: Callable[..., None]) -> None:
    """Whatever line it stands in; the control is the same file without it."""
    rows = table(AM[kind])
    assert read(rows) == AM[kind]
    plant(rows, place % len(rows))
    with pytest.raises(PackError):
        read(rows)


def test_a_broken_pack_stops_the_deployment_check(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """`manage.py check` is green with the pack as it is and names the fault of a broken one."""

    def errors() -> list[str]:
        return [str(found.id) for found in run_checks() if str(found.id).startswith("budgets.")]

    assert errors() == []
    settings.COUNTRY_PACK = "xx"
    assert errors() == ["budgets.E001"]  # other kinds may be absent, revenue may not
    settings.COUNTRY_PACK = "../am"
    with pytest.raises(PackError, match="two letters"):
        pack("revenue")


letters = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Nd"]), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("code", "national", "suffix"),
    [
        ("1137ա", "1137", "ա"),
        ("1351ԼԱ", "1351", "ԼԱ"),
        ("11306", "1130", "6"),
        ("1137", "1137", ""),
        ("1137Ա1", "1137", "Ա1"),
    ],
)
def test_suffixes_as_towns_write_them(code: str, national: str, suffix: str) -> None:
    """Free suffixes, digits among them."""
    split = split_code(code, NATIONAL)
    assert split is not None
    assert (split.national, split.suffix, split.is_local) == (national, suffix, bool(suffix))


@pytest.mark.parametrize("code", ["", "9999", "ա", "1137-ա", "1137 ա", "1137_ա", "1137" + "ա" * 9, "137"])
def test_what_is_no_local_line(code: str) -> None:
    assert split_code(code, NATIONAL) is None


def test_the_longest_national_code_counts() -> None:
    """A suffix is only what the classification itself does not have."""
    for national, expected in (({"113", "1130"}, "1130"), ({"113"}, "113")):
        split = split_code("11306", national)
        assert split is not None
        assert split.national == expected


@given(st.sampled_from(sorted(NATIONAL)), letters)
def test_a_suffix_comes_off_again(national: str, suffix: str) -> None:
    """Whatever the script: the two parts make the code again, and nothing national is longer."""
    assume(is_code(national + suffix))
    split = split_code(national + suffix, NATIONAL)
    assert split is not None
    assert split.national + split.suffix == national + suffix
    assert split.national in NATIONAL
    assert len(split.national) >= len(national)  # the longest: a suffix may make another national code ("113" + "0")


@given(st.text(max_size=24))
def test_any_text_is_split_or_refused(text: str) -> None:
    """Nothing a file may hold raises; what is split is a line number."""
    split = split_code(text, NATIONAL)
    if split is not None:
        assert split.national + split.suffix == text
        assert is_code(text)
