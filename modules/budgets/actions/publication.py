"""Use cases that make a month public: hand it in, approve and publish it, return it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from hamaynk.common.money import percent_of
from hamaynk.common.periods import Month
from hamaynk.events import publish
from modules.budgets.actions.common import checked_month, locked_year, month_subject
from modules.budgets.actions.plans import check_second_person
from modules.budgets.actions.years import move
from modules.budgets.classification import all_lines, total_code
from modules.budgets.errors import BudgetError
from modules.budgets.events import ExecutionPublished
from modules.budgets.ledger import Key, Measures
from modules.budgets.models import (
    KIND_OF_SIDE,
    BatchState,
    BudgetYear,
    ImportBatch,
    MonthSubmission,
    PublishedFigure,
    PublishedMonth,
    Purpose,
    Side,
    SubmissionState,
    YearState,
)
from modules.budgets.packs.eliminations import eliminations
from modules.budgets.selectors.drafts import Draft, draft
from modules.budgets.tables import Figure, ancestors, rolled_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hamaynk.accounts.models import User

ITEM_LEVEL = 2  # lines down to here are told to the ministry, for comparison


@transaction.atomic
def submit_month(*, actor: User | None, year: int, month: int, side: str = Side.REVENUE) -> MonthSubmission:
    """Hands a month in for approval as its figures stand. Needs budgets.import.

    Handing the same figures in twice changes nothing. BudgetError where there is nothing new to publish.
    """
    require(actor, "budgets.import")
    period = checked_month(year, month)
    budget_year = locked_year(year)
    now = draft(year, month, side)
    latest = _latest(budget_year, month, side)
    _check_draft(now, latest)
    waiting = MonthSubmission.objects.filter(
        budget_year=budget_year, month=month, side=side, state=SubmissionState.WAITING
    ).first()
    if waiting is not None:
        if waiting.digest == now.digest:
            return waiting
        _decide(waiting, None, SubmissionState.RETURNED, str(text("The figures have changed since.")))
    submission = MonthSubmission.objects.create(
        budget_year=budget_year, month=month, side=side, digest=now.digest, submitted_by=actor
    )
    data = {"sha256": now.digest}
    record(actor=actor, action="budgets.month_submitted", subject=month_subject(period, side), data=data)
    return submission


@transaction.atomic
def return_month(*, actor: User | None, submission: MonthSubmission, note: str) -> MonthSubmission:
    """Gives a month handed in back, with a word why. Needs budgets.publish."""
    require(actor, "budgets.publish")
    submission = MonthSubmission.objects.select_for_update().select_related("budget_year").get(pk=submission.pk)
    if submission.state != SubmissionState.WAITING:
        raise BudgetError(text("This month is not waiting for approval."))
    if not note.strip():
        raise BudgetError(text("Say what has to be corrected."))
    _decide(submission, actor, SubmissionState.RETURNED, note)
    period = Month(submission.budget_year.year, submission.month)
    data = {"note": submission.note}
    record(actor=actor, action="budgets.month_returned", subject=month_subject(period, submission.side), data=data)
    return submission


@transaction.atomic
def publish_month(*, actor: User | None, year: int, month: int, side: str = Side.REVENUE) -> PublishedMonth:
    """Approves a month handed in and makes it public as its next version; the versions before it stay as they are.

    Publishing again what did not change gives the version in force back. BudgetError where there is nothing to
    publish, it was not handed in, it changed since, or who handed it in approves while the year asks for a second
    person. The system needs no approval. Emits ExecutionPublished. Needs budgets.publish.
    """
    require(actor, "budgets.publish")
    period = checked_month(year, month)
    budget_year = locked_year(year)
    now = draft(year, month, side)
    latest = _latest(budget_year, month, side)
    if latest is not None and latest.digest == now.digest:
        return latest
    _check_draft(now, latest)
    if actor is not None:
        _approve(actor, budget_year, now)
    published = _keep(actor, budget_year, now, version=latest.version + 1 if latest else 1)
    if budget_year.state in (YearState.DRAFT, YearState.ADOPTED):
        move(actor, budget_year, YearState.EXECUTING)
    data = {"version": published.version, "batch": published.batch_id, "sha256": published.digest}
    record(actor=actor, action="budgets.month_published", subject=month_subject(period, side), data=data)
    publish(_event(published, now))
    return published


def _latest(budget_year: BudgetYear, month: int, side: str) -> PublishedMonth | None:
    return PublishedMonth.objects.filter(budget_year=budget_year, side=side, month=month).order_by("-version").first()


def _check_draft(now: Draft, latest: PublishedMonth | None) -> None:
    """There is something to publish: the month has postings up to it, and they are not all public."""
    if not now.last_entry and now.batch is None:
        raise BudgetError(text("There is no draft of this month to publish."))
    if latest is None and not now.figures:
        raise BudgetError(text("There is no draft of this month to publish."))
    if latest is not None and latest.digest == now.digest:
        raise BudgetError(text("Nothing has changed since this month was published."))


def _approve(actor: User, budget_year: BudgetYear, now: Draft) -> None:
    waiting = MonthSubmission.objects.filter(
        budget_year=budget_year, month=now.month.month, side=now.side, state=SubmissionState.WAITING
    ).first()
    if waiting is None:
        raise BudgetError(text("The month has to be handed in for approval first."))
    if waiting.digest != now.digest:
        raise BudgetError(text("The figures have changed since they were handed in. Hand the month in again."))
    check_second_person(actor, waiting.submitted_by_id, budget_year)
    _decide(waiting, actor, SubmissionState.APPROVED, "")


def _decide(submission: MonthSubmission, actor: User | None, state: str, note: str) -> None:
    submission.state, submission.note = state, note.strip()[:300]
    submission.decided_at, submission.decided_by = timezone.now(), actor
    submission.save(update_fields=["state", "note", "decided_at", "decided_by"])


def _keep(actor: User | None, budget_year: BudgetYear, now: Draft, *, version: int) -> PublishedMonth:
    published = PublishedMonth.objects.create(
        budget_year=budget_year, side=now.side, month=now.month.month, version=version, batch=now.batch,
        plan_number=now.plan_number, last_entry=now.last_entry, source=now.source, digest=now.digest,
        is_demo=budget_year.is_demo or (now.batch.is_demo if now.batch else False), published_by=actor,
    )  # fmt: skip
    PublishedFigure.objects.bulk_create(
        [
            PublishedFigure(publication=published, side=now.side, **key._asdict(), **one.__dict__)
            for key, one in now.figures.items()
        ],
        batch_size=2000,
    )
    ImportBatch.objects.filter(
        budget_year=budget_year, side=now.side, month=now.month.month, purpose=Purpose.EXECUTION,
        state=BatchState.CONFIRMED,
    ).update(state=BatchState.PUBLISHED)  # fmt: skip
    return published


def _event(published: PublishedMonth, now: Draft) -> ExecutionPublished:
    kind = KIND_OF_SIDE[Side(now.side)]
    total = total_code(kind)
    lines = all_lines(kind, year=now.month.year)
    rules = eliminations(now.month.year)
    amounts = rolled_up(
        figures_of(now.figures), lines, part="total", total_code=total,
        eliminated=lambda code, economic, part: rules.eliminated(now.side, code, economic, part),
    )  # fmt: skip
    whole = amounts.get(total)
    planned = (whole.period_plan if whole else None) or Decimal(0)
    executed = (whole.actual if whole else None) or Decimal(0)
    items = tuple(
        {
            "code": code,
            "year_plan": f"{one.year_plan:.2f}",
            "planned": f"{one.period_plan or 0:.2f}",
            "executed": f"{one.actual or 0:.2f}",
        }
        for code, one in sorted(amounts.items())
        if code in lines and not lines[code].is_local and 0 < len(ancestors(code, lines)) <= ITEM_LEVEL
    )
    return ExecutionPublished(
        year=now.month.year, month=now.month.month, side=now.side, version=published.version,
        year_plan=whole.year_plan if whole else Decimal(0), planned=planned, executed=executed,
        percent=percent_of(executed, planned), items=items,
    )  # fmt: skip


def figures_of(figures: Mapping[Key, Measures]) -> list[Figure]:
    """Facts as figures of a table."""
    return [Figure(**key._asdict(), **one.__dict__) for key, one in figures.items()]
