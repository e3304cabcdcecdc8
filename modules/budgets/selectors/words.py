"""Reads of what is said about lines, for the office: explanations, residents' questions, and their e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hamaynk.accounts.access import require
from hamaynk.audit import record
from modules.budgets.models import LineExplanation, LineQuestion, QuestionState

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

SHOWN = 100


def questions(state: str = QuestionState.WAITING) -> list[LineQuestion]:
    """Questions of residents in a state: those that wait the oldest first, the others the newest. One query.

    Their e-mail addresses are left out: who needs one asks for it by itself.
    """
    rows = LineQuestion.objects.filter(state=state).select_related("decided_by").defer("email")
    return list(rows.order_by("pk" if state == QuestionState.WAITING else "-pk")[:SHOWN])


def access_question(question_id: int) -> LineQuestion | None:
    """A question of this town by its number, without the e-mail address, or None. One query."""
    rows = LineQuestion.objects.select_related("decided_by").defer("email")
    return rows.filter(pk=question_id).first()


def has_email(question_id: int) -> bool:
    """Whether whoever asked left an e-mail address. One query."""
    return LineQuestion.objects.filter(pk=question_id).exclude(email="").exists()


def email_of(*, viewer: User, question_id: int) -> str:
    """The e-mail address of whoever asked. Needs budgets.explain; who looked is kept."""
    require(viewer, "budgets.explain")
    with transaction.atomic():
        record(actor=viewer, action="budgets.question_email_read", subject=f"budgets.question:{question_id}")
    return LineQuestion.objects.filter(pk=question_id).values_list("email", flat=True).first() or ""


def explanations() -> list[LineExplanation]:
    """The words in force, a line and year once, the newest first. One query."""
    found: dict[tuple[str, str, int | None], LineExplanation] = {}
    for row in LineExplanation.objects.select_related("written_by").order_by("-pk"):
        found.setdefault((row.kind, row.code, row.year), row)
    return [row for row in found.values() if row.words]


def explanations_of(kind: str, code: str) -> list[LineExplanation]:
    """Everything that was said of a line, the newest first. One query."""
    return list(LineExplanation.objects.filter(kind=kind, code=code).select_related("written_by")[:SHOWN])
