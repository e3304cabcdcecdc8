"""A line's own page and the questions of residents, over HTTP, with two towns (issue 3, point 5)."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.budgets import actions, page_cache
from modules.budgets.models import LineQuestion, PlanVersion, QuestionState
from modules.budgets.selectors.line import read_line
from tenants.context import in_town
from tests.modules.budgets.filling import SIDES, adopt, demo_year, execute
from tests.support.remembered import remembered

PAGE = "/budget/line/expenditure/2111/"
QUESTION = {"author": "Անահիտ", "email": "anahit@example.am", "words": "Ինչո՞ւ է այսքան շատ։", "website": ""}


@pytest.fixture
@remembered
def filled(towns: Any) -> None:
    """Sevan: all of 2024, 2025 to March; Dilijan has the classification alone."""
    with in_town("sevan"):
        for year, months in ((2024, (1, 6, 12)), (2025, (1, 2, 3))):
            made = demo_year("sevan", 19229, year, months[-1])
            adopt(made)
            execute(made, months, sides=SIDES)
    with in_town("dilijan"):
        actions.load_classification(actor=None)


LINES = (
    "expenditure/2000/", "expenditure/2100/", "expenditure/2111/?year=2024", "economic/4111/", "economic/4000/",
    "revenue/1100/", "revenue/1000/", "financing/8100/",
)  # fmt: skip


def test_every_kind_of_line_has_a_page(filled: None, visitor: Callable[..., Any]) -> None:
    """Lines of all four classifications, totals too, in three languages."""
    client = visitor("sevan")
    for language, path in product(("hy", "en", "ru"), LINES):
        client.get(f"/language/{language}/")
        answer = client.get(f"/budget/line/{path}")
        assert answer.status_code == 200
        markup = answer.content.decode()
        assert markup.count("<h1>") == 1
        assert " style=" not in markup
        assert 'name="words"' in markup


def test_months_years_and_what_it_consists_of(filled: None, visitor: Callable[..., Any]) -> None:
    """Flows of the months add up to the cumulative figure; earlier years are linked; the items sum to the line."""
    with in_town("sevan"):
        found = read_line("expenditure", "2111", 2025)
    assert found is not None
    assert found.row is not None
    flows = [point.flow.actual for point in found.points if point.month.year == 2025 and point.flow]
    assert sum(flow for flow in flows if flow is not None) == found.row.actual
    assert sum(share.amounts.actual or Decimal(0) for share in found.across) == found.row.actual
    markup = visitor("sevan").get(PAGE).content.decode()
    assert "chart-by-month" in markup
    assert 'href="?year=2024"' in markup
    assert "/budget/line/economic/4111/?year=2025" in markup
    assert "/budget/line/expenditure/2110/?year=2025" in markup


def test_a_parent_is_the_sum_of_its_children(filled: None) -> None:
    """For every line that has lines below it in the page's own figures."""
    with in_town("sevan"):
        for code in ("2000", "2100", "2110"):
            found = read_line("expenditure", code)
            assert found is not None
            assert found.row is not None
            assert found.children
            assert sum(child.year_plan for child in found.children) == found.row.year_plan


def test_amendments_with_their_decision(filled: None, visitor: Callable[..., Any]) -> None:
    """Those in force that touch the line, with number of the decision and a link; drafts and other lines' do not show."""
    with in_town("sevan"):
        touching = {
            (one.budget_year.year, one.number): one
            for one in PlanVersion.objects.filter(number__gt=0, amounts__code="2111").select_related("budget_year")
        }
        others = PlanVersion.objects.filter(number__gt=0).exclude(amounts__code="2111").select_related("budget_year")
        untouched = [(one.budget_year.year, one.number) for one in others]
        actions.draft_of(actor=None, year=2025)
    assert touching
    markup = visitor("sevan").get(PAGE).content.decode()
    for (year, number), version in touching.items():
        assert f"/budget/plan/amendment/{number}/?year={year}" in markup
        assert version.decision_number in markup
    assert untouched
    for year, number in untouched:
        assert f'/budget/plan/amendment/{number}/?year={year}"' not in markup


def test_every_month_can_be_taken_away(filled: None, visitor: Callable[..., Any]) -> None:
    """Drams, every published month of every year."""
    text = visitor("sevan").get("/budget/line/expenditure/2111.csv").content.decode().removeprefix("\ufeff")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [(row["year"], row["month"]) for row in table][-1] == ("2025", "3")
    assert len(table) == 6
    assert Decimal(table[-1]["period_actual_cumulative"]) > 0


def test_what_is_not_there_is_404(filled: None, visitor: Callable[..., Any]) -> None:
    """Unknown lines, sides and years. Control: 2111 of 2024 above."""
    for path in ("expenditure/9999/", "debts/1000/", "economic/2111/", "expenditure/2111/?year=1999",
                 "expenditure/2111/?year=x", "expenditure/9999.csv"):  # fmt: skip
        assert visitor("sevan").get(f"/budget/line/{path}").status_code == 404


def test_the_other_town_shows_none_of_it(filled: None, visitor: Callable[..., Any]) -> None:
    """R49: the same line in Dilijan has no figure, no question and no amendment."""
    with in_town("sevan"):
        asked = actions.ask(kind="functional", code="2111", year=None, author="Ա", words="Սևանի հարց", language="hy")
        actions.answer_question(actor=None, question=asked, answer="Սևանի պատասխան")
    assert "Սևանի պատասխան" in visitor("sevan").get(PAGE).content.decode()
    answer = visitor("dilijan").get(PAGE)
    markup = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="empty"' in markup
    assert "Սևանի" not in markup
    assert "amendment" not in markup
    assert visitor("dilijan").get(f"{PAGE}?year=2025").status_code == 404


# --- Questions -------------------------------------------------------------------


def _asked(town: str = "sevan") -> list[LineQuestion]:
    with in_town(town):
        return list(LineQuestion.objects.order_by("pk"))


def test_a_question_waits_for_the_office_and_shows_with_its_answer(filled: None, visitor: Callable[..., Any]) -> None:
    """Sent, said, not public; answered, both are; the e-mail address never is."""
    client = visitor("sevan")
    answer = client.post(f"{PAGE}?year=2025", QUESTION)
    assert answer.status_code == 302
    assert answer["Location"] == f"{PAGE}?year=2025#questions"
    page = client.get(f"{PAGE}?year=2025").content.decode()
    assert "notice-success" in page
    assert QUESTION["words"] not in page
    (asked,) = _asked()
    assert (asked.kind, asked.code, asked.year, asked.email) == ("functional", "2111", 2025, QUESTION["email"])
    assert asked.state == QuestionState.WAITING
    with in_town("sevan"):
        actions.answer_question(actor=None, question=asked, answer="Որովհետև աշխատավարձերը բարձրացան։")
    page = visitor("sevan").get(PAGE).content.decode()
    assert "Որովհետև" in page
    assert QUESTION["words"] in page
    assert QUESTION["email"] not in page
    assert _asked("dilijan") == []


WRONG = (("author", " "), ("words", ""), ("email", "not-an-address"), ("words", "ա" * 2001), ("author", "\x00"))


def test_a_wrong_field_is_said_beside_it_and_nothing_is_lost(filled: None, visitor: Callable[..., Any]) -> None:
    """Summary on top linking to the field, error beside it, what was typed stays."""
    for field, value in WRONG:
        answer = visitor("sevan").post(PAGE, QUESTION | {field: value})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'href="#id_{field}"' in page
        assert f'id="id_{field}_error"' in page
        for name in {"author", "words", "email"} - {field}:
            assert QUESTION[name] in page
    assert _asked() == []


def test_a_program_is_thanked_and_not_kept(filled: None, visitor: Callable[..., Any]) -> None:
    """Whatever fills in the field that nobody sees. Control: left empty, the question is kept."""
    assert visitor("sevan").post(PAGE, QUESTION | {"website": "https://spam.example"}).status_code == 302
    assert _asked() == []
    assert visitor("sevan").post(PAGE, QUESTION).status_code == 302
    assert len(_asked()) == 1


def test_five_questions_an_hour_from_one_address(filled: None, visitor: Callable[..., Any]) -> None:
    """The sixth is told to come later and keeps its words; another address may ask; an hour later it may too."""
    client = visitor("sevan")
    for number in range(5):
        assert client.post(PAGE, QUESTION | {"words": f"Հարց {number}"}).status_code == 302
    answer = client.post(PAGE, QUESTION | {"words": "Վեցերորդ հարց"})
    assert answer.status_code == 429
    assert "Վեցերորդ հարց" in answer.content.decode()
    assert len(_asked()) == 5
    other = visitor("sevan", REMOTE_ADDR="192.0.2.7")
    assert other.post(PAGE, QUESTION | {"words": "Այլ հասցեից"}).status_code == 302
    cache.clear()
    assert client.post(PAGE, QUESTION | {"words": "Մեկ ժամ անց"}).status_code == 302


def test_a_question_needs_its_form(filled: None, visitor: Callable[..., Any]) -> None:
    """Without the form's token it is refused; an unknown line takes none."""
    assert visitor("sevan", enforce_csrf_checks=True).post(PAGE, QUESTION).status_code == 403
    assert visitor("sevan").post("/budget/line/expenditure/9999/", QUESTION).status_code in (404, 422)
    assert visitor("sevan").post("/budget/line/nothing/2111/", QUESTION).status_code == 404
    assert _asked() == []


def test_a_visitors_own_words_are_never_kept_for_others(filled: None, visitor: Callable[..., Any]) -> None:
    """The page is kept, the form in it is not: the next visitor finds it empty."""
    visitor("sevan").post(PAGE, QUESTION | {"email": "wrong"})
    assert QUESTION["words"] not in visitor("sevan").get(PAGE).content.decode()


def test_queries_do_not_grow_with_years_questions_and_lines(
    filled: None, visitor: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, drawn_each_time: None
) -> None:
    """At most twelve for a page that is drawn, whatever there is."""
    monkeypatch.setattr(page_cache, "KEPT_SECONDS", 0)
    client = visitor("sevan")

    def count(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    before = {path: count(path) for path in (PAGE, "/budget/line/expenditure/2000/", "/budget/line/economic/4000/")}
    with in_town("sevan"):
        made = demo_year("sevan", 19229, 2023, 12)
        adopt(made)
        execute(made, (11, 12))
        for number in range(4):
            asked = actions.ask(
                kind="functional", code="2111", year=None, author="Ա", words=f"Հարց {number}", language="hy"
            )
            actions.answer_question(actor=None, question=asked, answer="Պատասխան")
    assert {path: count(path) for path in before} == before
    assert max(before.values()) <= 12
