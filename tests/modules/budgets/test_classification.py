"""The classification in the office: what is listed, and how the finance officer clears an unverified mark."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from hamaynk.audit.models import Entry
from modules.budgets import actions
from modules.budgets.classification import all_lines, lines_valid_in
from modules.budgets.models import ClassificationKind, ClassificationLine, LineVerification
from modules.budgets.packs import load_pack
from modules.budgets.selectors import classification as selectors
from tenants.context import in_town
from tests.modules.budgets.support import HEAD, plain, publish

OFFICER = ["budgets.finance_officer"]
PAGE = "/budget/classification/"


@pytest.fixture
def loaded(towns: Any) -> None:
    """Both towns with the whole classification."""
    for town in ("dilijan", "sevan"):
        with in_town(town):
            actions.load_classification(actor=None)


def line_of(town: str, code: str, kind: str = "functional") -> ClassificationLine:
    with in_town(town):
        return ClassificationLine.objects.get(kind=kind, code=code)


def rows(answer: Any) -> dict[str, str]:
    """Line number to the text of its row on the list."""
    parts = answer.content.decode().split('data-code="')[1:]
    return {part.split('"')[0]: plain(part.split(">", 1)[1].split("</tr>")[0]) for part in parts}


def english(client: Any) -> Any:
    client.get("/language/en/?next=/")
    return client


def test_an_empty_town_loads_the_pack(staff: Callable[..., Any]) -> None:
    """Empty, then all four kinds; loading again changes nothing."""
    client = english(staff("dilijan", roles=OFFICER))
    assert "not loaded yet" in client.get(PAGE).content.decode()
    assert client.post(PAGE + "load/")["Location"] == PAGE
    for kind in ClassificationKind.values:
        answer = client.get(PAGE, {"kind": kind})
        assert set(rows(answer)) == {line.code for line in load_pack("am", kind)}
        assert "not loaded yet" not in answer.content.decode()
    with in_town("dilijan"):
        assert actions.load_classification(actor=None) == 0
        assert Entry.objects.filter(action="budgets.classification_loaded").count() == 1
    with in_town("sevan"):
        assert ClassificationLine.objects.count() == 0


def test_the_list_is_reached_from_the_budget(staff: Callable[..., Any], loaded: None) -> None:
    assert f'href="{PAGE}"' in staff("dilijan", roles=OFFICER).get("/budget/").content.decode()


def test_a_row_has_both_numbers_three_names_and_its_mark_in_words(staff: Callable[..., Any], loaded: None) -> None:
    client = english(staff("dilijan", roles=OFFICER))
    row = rows(client.get(PAGE, {"kind": "economic"}))["4543"]
    for expected in ("4543", "4657", "Այլ կապիտալ դրամաշնորհներ", "Other capital grants", "Not verified"):
        assert expected in row
    assert "Прочие капитальные гранты" in row
    assert "Not verified" not in rows(client.get(PAGE))["1110"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({"q": "ոռոգում"}, {"2424"}),
        ({"q": "IRRIGATION"}, {"2424"}),
        ({"q": "04.2.4"}, {"2424"}),
        ({"q": "242"}, {"2420", "2421", "2422", "2423", "2424"}),
        ({"q": "no such line"}, set()),
        ({"year": "2008"}, set()),
    ],
)
def test_search(staff: Callable[..., Any], loaded: None, query: dict[str, str], codes: set[str]) -> None:
    client = english(staff("dilijan", roles=OFFICER))
    answer = client.get(PAGE, {"kind": "functional"} | query)
    assert set(rows(answer)) == codes
    assert ("No line matches" in answer.content.decode()) is (not codes)


def test_a_wrong_filter_is_said_at_its_field(staff: Callable[..., Any], loaded: None) -> None:
    client = staff("dilijan", roles=OFFICER)
    answer = client.get(PAGE, {"year": "12"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert client.get(PAGE, {"kind": "unknown"}).status_code == 422
    assert client.get(PAGE, {"year": "2015"}).status_code == 200


def test_a_source_clears_the_mark_here_and_nowhere_else(staff: Callable[..., Any], loaded: None) -> None:
    """Through the page: named, listed with who and when, taken back; history and audit keep all of it."""
    client, other = english(staff("dilijan", roles=OFFICER)), english(staff("sevan", roles=OFFICER))
    page = f"{PAGE}{line_of('dilijan', '2421').pk}/"
    assert "Not verified" in client.get(page).content.decode()
    data = {"source": "Order N 730-Ն, annex 2", "link": "https://www.arlis.am/1"}
    assert client.post(page + "verify/", data)["Location"] == page
    answer = client.get(page).content.decode()
    assert "Verified in this town" in answer
    assert 'href="https://www.arlis.am/1"' in answer
    assert str(client.user) in answer
    only = rows(client.get(PAGE, {"kind": "functional", "unverified": "on"}))
    assert "2421" not in only
    assert "2422" in only
    assert "Order N 730-Ն, annex 2" in rows(client.get(PAGE, {"kind": "functional"}))["2421"]
    assert "Not verified" in rows(other.get(PAGE, {"kind": "functional"}))["2421"]

    client.post(page + "withdraw/", {"reason": "wrong annex"})
    answer = client.get(page).content.decode()
    assert "Not verified" in answer
    assert "wrong annex" in answer
    assert "Order N 730-Ն, annex 2" in answer
    with in_town("dilijan"):
        acts = Entry.objects.filter(subject="budgets.line:functional:2421").order_by("number")
        assert list(acts.values_list("action", "actor_id")) == [
            ("budgets.line_verified", client.user.pk),
            ("budgets.line_verification_withdrawn", client.user.pk),
        ]
    with in_town("sevan"):
        assert LineVerification.objects.count() == 0


def test_another_towns_line_is_not_found(staff: Callable[..., Any]) -> None:
    """A number of a line means nothing in a town that has none; the control is its own town."""
    with in_town("dilijan"):
        actions.load_classification(actor=None)
    place = f"{PAGE}{line_of('dilijan', '2421').pk}/"
    assert staff("dilijan", roles=OFFICER).get(place).status_code == 200
    stranger = staff("sevan", roles=OFFICER)
    assert stranger.get(place).status_code == 404
    assert stranger.post(place + "verify/", {"source": "x"}).status_code == 404
    assert line_of("dilijan", "2421").needs_source


@pytest.mark.parametrize(
    ("method", "path"),
    [("get", ""), ("post", "load/"), ("get", "{}/"), ("post", "{}/verify/"), ("post", "{}/withdraw/")],
)
def test_pages_are_closed_without_the_role(staff: Callable[..., Any], loaded: None, method: str, path: str) -> None:
    """With the control: the finance officer is not refused."""
    place = PAGE + path.format(line_of("dilijan", "2421").pk)
    assert getattr(staff("dilijan"), method)(place).status_code == 403
    officer = staff("dilijan", roles=OFFICER, email="officer@example.am")
    assert getattr(officer, method)(place).status_code in (200, 302, 422)


def test_actions_ask_for_the_permission(staff: Callable[..., Any], loaded: None) -> None:
    clerk, officer = staff("dilijan").user, staff("dilijan", roles=OFFICER, email="officer@example.am").user
    line = line_of("dilijan", "2421")
    with in_town("dilijan"):
        for act in (actions.verify_line, actions.verify_branch):
            with pytest.raises(PermissionDenied):
                act(actor=clerk, line=line, source="x")
        with pytest.raises(PermissionDenied):
            actions.withdraw_verification(actor=clerk, line=line)
        assert actions.verify_line(actor=officer, line=line, source="x").recorded_by_id == officer.pk
        assert not actions.withdraw_verification(actor=officer, line=line).is_verified


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"source": "  "},
        {"source": "x" * 301},
        {"source": "x", "link": "javascript:alert(1)"},
        {"source": "x", "link": "no link at all"},
    ],
)
def test_a_source_must_be_said(staff: Callable[..., Any], loaded: None, data: dict[str, str]) -> None:
    client = staff("dilijan", roles=OFFICER)
    line = line_of("dilijan", "2421")
    answer = client.post(f"{PAGE}{line.pk}/verify/", data)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    with in_town("dilijan"):
        with pytest.raises(actions.BudgetError):
            actions.verify_line(actor=None, line=line, source=data.get("source", ""), link=data.get("link", ""))
        assert LineVerification.objects.count() == 0
        assert actions.verify_line(actor=None, line=line, source="x", link="https://example.am/").source == "x"


def test_a_line_without_a_mark_cannot_be_cleared(loaded: None) -> None:
    line = line_of("dilijan", "1110", "revenue")
    with in_town("dilijan"):
        with pytest.raises(actions.BudgetError):
            actions.verify_line(actor=None, line=line, source="x")
        assert not actions.withdraw_verification(actor=None, line=line).is_verified
        assert LineVerification.objects.count() == 0


def test_naming_twice_and_anew(loaded: None) -> None:
    """The same source is one entry, another one the next; nobody may change what was entered."""
    line = line_of("dilijan", "2421")
    with in_town("dilijan"):
        first = actions.verify_line(actor=None, line=line, source="annex 1")
        assert actions.verify_line(actor=None, line=line, source=" annex 1 ").pk == first.pk
        second = actions.verify_line(actor=None, line=line, source="annex 2")
        assert [entry.pk for entry in selectors.line_history(line)] == [second.pk, first.pk]
        for change in (LineVerification.objects.all().delete, lambda: LineVerification.objects.update(source="x")):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()


def test_one_source_for_a_whole_branch(staff: Callable[..., Any], loaded: None) -> None:
    """A division is confirmed at once, each of its lines with an entry of its own; the next division is not."""
    client = staff("dilijan", roles=OFFICER)
    line = line_of("dilijan", "2600")
    answer = client.post(f"{PAGE}{line.pk}/verify/", {"source": "annex 2", "with_branch": "on"})
    assert answer.status_code == 302
    division = {code for code in {pack.code for pack in load_pack("am", "functional")} if code.startswith("26")}
    with in_town("dilijan"):
        cleared = ClassificationLine.objects.filter(is_verified=True)
        assert {line.code for line in cleared} == division
        assert LineVerification.objects.count() == len(division)
        assert Entry.objects.filter(action="budgets.line_verified").count() == len(division)
        waiting = selectors.next_unverified(line)
        assert waiting is not None
        assert waiting.code == "2700"


def test_the_pack_keeps_its_word_and_the_town_its_source(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading again leaves a source in force; where the pack changes what was vouched for, the mark comes back."""
    line = line_of("dilijan", "2421")
    pack = load_pack("am", "functional")
    with in_town("dilijan"):
        actions.verify_line(actor=None, line=line, source="annex 2")
        assert actions.load_classification(actor=None) == 0
        assert not ClassificationLine.objects.get(pk=line.pk).needs_source
        for change, is_marked in (({"source": "other words"}, False), ({"article": "04.2.9"}, True)):
            changed = tuple(replace(one, **change) if one.code == "2421" else one for one in pack)
            patched = {
                kind: changed if kind == "functional" else load_pack("am", kind) for kind in ClassificationKind.values
            }
            monkeypatch.setattr("modules.budgets.classification.pack", patched.__getitem__)
            assert selectors.waiting_from_pack() == 1
            assert actions.load_classification(actor=None) == 1
            assert ClassificationLine.objects.get(pk=line.pk).needs_source is is_marked
        history = selectors.line_history(line)
        said = [(entry.is_withdrawal, entry.facts["article"]) for entry in history]
        assert said == [(True, "04.2.9"), (False, "04.2.1")]


def test_a_year_shows_the_wording_of_its_time(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line renamed by the pack stands twice: old figures keep the old name."""
    pack = load_pack("am", "revenue")
    old = next(line for line in pack if line.code == "1121")
    new = replace(old, valid_from=dt.date(2022, 1, 1), name_hy="Նոր անուն")
    dated = tuple(line for line in pack if line.code != "1121") + (replace(old, valid_to=dt.date(2021, 12, 31)), new)
    patched = {kind: dated if kind == "revenue" else load_pack("am", kind) for kind in ClassificationKind.values}
    monkeypatch.setattr("modules.budgets.classification.pack", patched.__getitem__)
    with in_town("dilijan"):
        assert actions.load_classification(actor=None) == 2
        assert ClassificationLine.objects.filter(kind="revenue", code="1121").count() == 2
        for year, name in ((2015, old.name_hy), (2021, old.name_hy), (2022, "Նոր անուն")):
            assert lines_valid_in(year)["1121"].names.hy == name
            assert all_lines(year=year)["1121"].names.hy == name
        assert all_lines()["1121"].names.hy == "Նոր անուն"
        assert actions.load_classification(actor=None) == 0


def test_local_lines_are_shown_as_the_towns_own(staff: Callable[..., Any], loaded: None) -> None:
    head = "code,name_hy,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
    with in_town("dilijan"):
        publish(9, "1000,,10,5,4", "1137ա,Սեփական տող,10,5,4", head=head)
    row = rows(english(staff("dilijan", roles=OFFICER)).get(PAGE))["1137ա"]
    for expected in ("Սեփական տող", "The town's own line", "ա added to 1137"):
        assert expected in row
    assert "1137ա" not in rows(staff("sevan", roles=OFFICER).get(PAGE))


def test_the_preview_and_the_month_say_which_lines_are_unverified(staff: Callable[..., Any], loaded: None) -> None:
    """In words at the row, with the way to the classification; gone once a source is named. 1110 is the control."""
    client = english(staff("dilijan", roles=OFFICER))
    content = f"{HEAD}\n1000,10,5,4\n1110,5,3,2\n1300,5,2,2\n".encode()
    with in_town("dilijan"):
        batch = actions.preview_import(actor=None, file_name="a.csv", content=content, year=2015, month=9)
    preview = f"/budget/import/{batch.pk}/"
    found = rows(client.get(preview))
    assert "Not verified" in found["1300"]
    assert "Not verified" not in found["1110"]
    assert f"{PAGE}?unverified=on" in client.get(preview).content.decode()
    client.post(preview + "confirm/")
    assert "Not verified" in rows(client.get("/budget/2015/9/"))["1300"]
    with in_town("dilijan"):
        line = ClassificationLine.objects.get(kind="revenue", code="1300")
        actions.verify_line(actor=None, line=line, source="annex 1")
    answer = client.get("/budget/2015/9/")
    assert "Not verified" not in rows(answer)["1300"]
    assert f"{PAGE}?unverified=on" not in answer.content.decode()
