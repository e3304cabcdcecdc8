"""Who changed what in the budgets: one time line out of everything that keeps its own record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from hamaynk.accounts.models import User
from modules.budgets.models import (
    ExecutionEntry,
    ImportBatch,
    LineExplanation,
    LineQuestion,
    MonthSubmission,
    PlanChange,
    PlanVersion,
    PublishedMonth,
    YearStateChange,
)

PER_PAGE = 50
LAST_PAGE = 200  # deeper than that one filters


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that somebody did. kind: as in the filter; act: which moment of the row; row: what it was done to."""

    at: dt.datetime
    kind: str
    act: str
    person: User | None
    row: Any


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the history is asked for; None and "" are no limit."""

    year: int | None = None
    kind: str = ""
    person: int | None = None
    line: str = ""


EVERYTHING = Q()


@dataclass(frozen=True)
class _Source:
    kind: str
    act: str
    model: type[Model]
    at: str
    person: str
    year: str = "budget_year__year"
    code: str = ""
    related: tuple[str, ...] = ()
    only: Q = EVERYTHING
    defer: tuple[str, ...] = ()


SOURCES = (
    _Source("plan", "changed", PlanChange, "changed_at", "changed_by", "version__budget_year__year", "code",
            ("version__budget_year",)),
    _Source("year", "moved", YearStateChange, "changed_at", "changed_by", related=("budget_year",)),
    _Source("version", "begun", PlanVersion, "created_at", "created_by", related=("budget_year",)),
    _Source("version", "submitted", PlanVersion, "submitted_at", "submitted_by", related=("budget_year",),
            only=Q(submitted_at__isnull=False)),
    _Source("version", "approved", PlanVersion, "approved_at", "approved_by", related=("budget_year",),
            only=Q(approved_at__isnull=False)),
    _Source("entry", "posted", ExecutionEntry, "entered_at", "entered_by", code="code",
            related=("budget_year", "corrects"), only=Q(batch=None)),
    _Source("file", "imported", ImportBatch, "imported_at", "imported_by", related=("budget_year",),
            defer=("rows", "own", "problems")),
    _Source("submission", "submitted", MonthSubmission, "submitted_at", "submitted_by", related=("budget_year",)),
    _Source("submission", "decided", MonthSubmission, "decided_at", "decided_by", related=("budget_year",),
            only=Q(decided_at__isnull=False)),
    _Source("publication", "published", PublishedMonth, "published_at", "published_by", related=("budget_year",)),
    _Source("explanation", "written", LineExplanation, "written_at", "written_by", "year", "code"),
    _Source("question", "decided", LineQuestion, "decided_at", "decided_by", "year", "code",
            only=Q(decided_at__isnull=False), defer=("email",)),
)  # fmt: skip


def history(wanted: Wanted, page: int = 1) -> tuple[list[Event], bool]:
    """A page of the time line, the newest first, and whether there is an older one. A query a source, twelve at most."""
    first = (page - 1) * PER_PAGE
    last = first + PER_PAGE
    found: list[Event] = []
    for source in SOURCES:
        rows = _rows(source, wanted)
        if rows is not None:
            found += [_event(source, row) for row in rows[: last + 1]]
    found.sort(key=lambda event: (event.at, event.row.pk), reverse=True)
    return found[first:last], len(found) > last


def people() -> list[tuple[int, str]]:
    """Members of the staff who could be in it: number and name. One query."""
    rows = User.objects.filter(is_staff=True).order_by("full_name", "email")
    return [(row.pk, str(row)) for row in rows]


def _rows(source: _Source, wanted: Wanted) -> QuerySet[Any] | None:
    if (wanted.kind and source.kind != wanted.kind) or (wanted.line and not source.code):
        return None
    rows: QuerySet[Any] = source.model._default_manager.filter(source.only)
    limits: dict[str, object] = {}
    if wanted.year is not None:
        limits[source.year] = wanted.year
    if wanted.person is not None:
        limits[source.person] = wanted.person
    if wanted.line:
        limits[source.code] = wanted.line
    rows = rows.filter(**limits).select_related(source.person, *source.related)
    return rows.defer(*source.defer).order_by(f"-{source.at}", "-pk")


def _event(source: _Source, row: Any) -> Event:
    return Event(
        at=getattr(row, source.at), kind=source.kind, act=source.act, person=getattr(row, source.person), row=row
    )
