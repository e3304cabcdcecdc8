"""Use cases about one line: the town explains it, residents ask, the town answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from modules.budgets.classification import all_lines
from modules.budgets.errors import BudgetError
from modules.budgets.models import LineExplanation, LineQuestion, QuestionState

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

LANGUAGES = ("hy", "en", "ru")
OPEN_QUESTIONS = 500  # waiting in a town; more than that is no longer read by people


@transaction.atomic
def explain_line(
    *,
    actor: User | None,
    kind: str,
    code: str,
    words: Mapping[str, str],
    year: int | None = None,
    is_demo: bool = False,
) -> LineExplanation:
    """Writes the town's explanation of a line, of one year or of all; empty words take it back. Needs budgets.explain.

    The ones before stay on record. The same words again change nothing. BudgetError for an unknown line.
    """
    require(actor, "budgets.explain")
    _check_line(kind, code)
    clean = {language: words.get(language, "").strip()[:4000] for language in LANGUAGES}
    clean = {language: said for language, said in clean.items() if said}
    latest = LineExplanation.objects.filter(kind=kind, code=code, year=year).first()
    if latest is not None and latest.words == clean:
        return latest
    written = LineExplanation.objects.create(
        kind=kind, code=code, year=year, words=clean, is_demo=is_demo, written_by=actor
    )
    data = {"words": clean, "year": year}
    record(actor=actor, action="budgets.line_explained", subject=_subject(kind, code), data=data)
    return written


@transaction.atomic
def ask(
    *, kind: str, code: str, year: int | None, author: str, words: str, language: str, email: str = "",
    is_demo: bool = False,
) -> LineQuestion:  # fmt: skip
    """Keeps a resident's question on a line; nobody sees it before it is answered. Anybody may ask.

    The same question waiting already is given back. BudgetError where name or question is missing, or the line unknown.
    """
    author, words = author.strip(), words.strip()
    if not author or not words:
        raise BudgetError(text("Write your name and your question."))
    _check_line(kind, code)
    waiting = LineQuestion.objects.filter(state=QuestionState.WAITING)
    same = waiting.filter(kind=kind, code=code, author=author[:100], words=words[:2000]).first()
    if same is not None:
        return same
    if waiting.count() >= OPEN_QUESTIONS:
        raise BudgetError(text("Too many questions are waiting for an answer. Please call or write to the town hall."))
    return LineQuestion.objects.create(
        kind=kind, code=code, year=year, author=author[:100], words=words[:2000], language=language, email=email.strip(),
        is_demo=is_demo,
    )  # fmt: skip


@transaction.atomic
def answer_question(*, actor: User | None, question: LineQuestion, answer: str) -> LineQuestion:
    """Answers a question, and so makes both public; answering again mends the answer. Needs budgets.explain."""
    require(actor, "budgets.explain")
    if not answer.strip():
        raise BudgetError(text("Write the answer."))
    return _decide(actor, question, state=QuestionState.ANSWERED, answer=answer.strip()[:4000], decline_reason="")


@transaction.atomic
def decline_question(*, actor: User | None, question: LineQuestion, reason: str) -> LineQuestion:
    """Keeps a question from the page, with a reason on record. Needs budgets.explain."""
    require(actor, "budgets.explain")
    if not reason.strip():
        raise BudgetError(text("Say why the question is not published."))
    return _decide(actor, question, state=QuestionState.DECLINED, decline_reason=reason.strip()[:300])


def _decide(actor: User | None, question: LineQuestion, **values: str) -> LineQuestion:
    question = LineQuestion.objects.select_for_update().get(pk=question.pk)
    for name, value in values.items():
        setattr(question, name, value)
    question.decided_at, question.decided_by = timezone.now(), actor
    question.save()
    data = {"question": question.pk, "state": question.state}
    record(actor=actor, action="budgets.question_decided", subject=_subject(question.kind, question.code), data=data)
    return question


def _check_line(kind: str, code: str) -> None:
    if code not in all_lines(kind):
        raise BudgetError(text("The line %(code)s is not in the classification.") % {"code": code})


def _subject(kind: str, code: str) -> str:
    return f"budgets.line:{kind}:{code}"
