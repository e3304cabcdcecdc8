"""Use cases that write: import a file in two steps, publish a month; those of the classification are given on.

An actor of None is the system itself (demo data, commands); a person needs the permission named by each action.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from hamaynk.common.money import Unit, percent_of
from hamaynk.common.periods import Month
from hamaynk.events import publish
from modules.budgets.classification import lines_valid_in, total_code
from modules.budgets.classification_actions import (
    add_local_lines,
    bring_in,
    load_classification,
    verify_branch,
    verify_line,
    withdraw_verification,
)
from modules.budgets.errors import BudgetError
from modules.budgets.events import ExecutionPublished
from modules.budgets.importing import checks, reader
from modules.budgets.importing.content import Progress, with_stand_in
from modules.budgets.importing.problems import Problem, in_order
from modules.budgets.models import (
    BatchState,
    BudgetYear,
    ClassificationKind,
    ClassificationLine,
    ImportBatch,
    MonthlyFigure,
    PublishedMonth,
    Side,
)
from modules.budgets.tables import by_part

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

__all__ = [
    "BudgetError", "confirm_import", "figures_digest", "load_classification", "preview_import", "publish_month",
    "reject_import", "verify_branch", "verify_line", "withdraw_verification",
]  # fmt: skip

MAX_PROBLEMS = 1000  # kept per file; a file with more has one fault all over
YEARS = range(1991, 2101)


def preview_import(
    *,
    actor: User | None,
    file_name: str,
    content: bytes,
    year: int,
    month: int,
    unit: Unit = Unit.THOUSANDS,
    source: dict[str, str] | None = None,
    is_demo: bool = False,
    progress: Progress | None = None,
) -> ImportBatch:
    """Reads a revenue execution file (amounts in `unit`) and keeps rows and problems; no figure is written.

    source: language -> where the figures come from; without it what the file says above its head. The same bytes for
    the same month give the same batch back as long as it is waiting or in force. The file is read outside of any
    transaction, so that `progress(done, of)` can be seen by others. Needs budgets.import.
    """
    require(actor, "budgets.import")
    period = _period(year, month)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        same = _same_file(_locked_year(year), month, digest, unit)
    if same is not None:
        return same
    found = reader.read(content, unit=unit, year=year, month=month, progress=progress)
    facts: dict[str, Any] = {"file_name": file_name[-200:], "digest": digest, "is_demo": is_demo, "imported_by": actor}
    return _keep_preview(period, unit, found, source=source or found.source, **facts)


@transaction.atomic
def _keep_preview(
    period: Month, unit: Unit, found: reader.FileContent, *, source: dict[str, str], digest: str, **facts: Any
) -> ImportBatch:
    budget_year = _locked_year(period.year)
    same = _same_file(budget_year, period.month, digest, unit)  # somebody may have been quicker
    if same is not None:
        return same
    problems = found.problems + found.placed(_check(found.rows, period.year, totals=found.totals).problems)
    batch = ImportBatch.objects.create(
        budget_year=budget_year,
        month=period.month,
        unit=unit.value,
        digest=digest,
        rows=[row.to_json() for row in found.rows],
        problems=[problem.to_json() for problem in _kept(problems)],
        source=source if found.has_own_period else with_stand_in(source),
        **facts,
    )
    data = {"batch": batch.pk, "file": batch.file_name, "sha256": digest, "errors": batch.has_errors}
    record(actor=facts["imported_by"], action="budgets.import_previewed", subject=_subject(period), data=data)
    return batch


@transaction.atomic
def confirm_import(*, actor: User | None, batch: ImportBatch) -> ImportBatch:
    """Takes a checked file over as the draft of its month, in place of an earlier draft; adds its local lines.

    Confirming twice changes nothing. BudgetError where the file has errors or was discarded. Needs budgets.import.
    """
    require(actor, "budgets.import")
    budget_year = _locked_year(batch.budget_year.year)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state in (BatchState.CONFIRMED, BatchState.PUBLISHED):
        return batch
    if batch.state != BatchState.PREVIEWED:
        raise BudgetError(text("This file was discarded or replaced. Upload it again."))
    rows = [reader.FileRow.from_json(row) for row in batch.rows]
    checked = _check(rows, budget_year.year)  # the classification may have changed since the preview
    if batch.has_errors or any(problem.is_error for problem in checked.problems):
        raise BudgetError(text("The file has errors. Correct it and upload it again."))
    add_local_lines(ClassificationKind.REVENUE, checked.new_lines.values())
    replaced = ImportBatch.objects.filter(
        budget_year=budget_year, side=batch.side, month=batch.month, state=BatchState.CONFIRMED
    ).update(state=BatchState.SUPERSEDED)
    MonthlyFigure.objects.bulk_create([MonthlyFigure(batch=batch, **_columns(row)) for row in rows], batch_size=2000)
    batch.state = BatchState.CONFIRMED
    batch.save(update_fields=["state"])
    data = {"batch": batch.pk, "rows": len(rows), "replaced_drafts": replaced}
    subject = _subject(_period(budget_year.year, batch.month))
    record(actor=actor, action="budgets.import_confirmed", subject=subject, data=data)
    return batch


@transaction.atomic
def reject_import(*, actor: User | None, batch: ImportBatch) -> ImportBatch:
    """Discards a file that is not yet confirmed. Discarding twice changes nothing. Needs budgets.import."""
    require(actor, "budgets.import")
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state == BatchState.REJECTED:
        return batch
    if batch.state != BatchState.PREVIEWED:
        raise BudgetError(text("Only a file that is not yet confirmed can be discarded."))
    batch.state = BatchState.REJECTED
    batch.save(update_fields=["state"])
    subject = _subject(_period(batch.budget_year.year, batch.month))
    record(actor=actor, action="budgets.import_rejected", subject=subject, data={"batch": batch.pk})
    return batch


@transaction.atomic
def publish_month(*, actor: User | None, year: int, month: int) -> PublishedMonth:
    """Makes the draft of a month public as its next version; the versions before it stay as they are.

    Publishing again without a new draft gives the version in force back. BudgetError where there is nothing to
    publish. Emits ExecutionPublished. Needs budgets.publish.
    """
    require(actor, "budgets.publish")
    period = _period(year, month)
    budget_year = _locked_year(year)
    latest = PublishedMonth.objects.filter(budget_year=budget_year, side=Side.REVENUE, month=month).first()
    batch = ImportBatch.objects.filter(
        budget_year=budget_year, side=Side.REVENUE, month=month, state=BatchState.CONFIRMED
    ).first()
    if batch is None:
        if latest is None:
            raise BudgetError(text("There is no draft of this month to publish."))
        return latest
    figures = list(MonthlyFigure.objects.filter(batch=batch).order_by("code", "part"))
    published = PublishedMonth.objects.create(
        budget_year=budget_year,
        month=month,
        version=latest.version + 1 if latest else 1,
        batch=batch,
        digest=figures_digest(figures),
        published_by=actor,
    )
    batch.state = BatchState.PUBLISHED
    batch.save(update_fields=["state"])
    data = {"version": published.version, "batch": batch.pk, "sha256": published.digest}
    record(actor=actor, action="budgets.month_published", subject=_subject(period), data=data)
    publish(_event(published, period, checks.figures([reader.FileRow.from_json(row) for row in batch.rows])))
    return published


def figures_digest(figures: Iterable[MonthlyFigure]) -> str:
    """sha256, hex, of figures in canonical form: one JSON list per figure, ordered by code and part."""
    rows = []
    for figure in sorted(figures, key=lambda f: (f.code, f.part)):
        amounts = (figure.approved_plan, figure.year_plan, figure.period_plan, figure.actual)
        rows.append([figure.code, figure.part, *(None if a is None else f"{a:.2f}" for a in amounts)])
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _period(year: int, month: int) -> Month:
    if year not in YEARS:
        raise BudgetError(text("The year must lie between 1991 and 2100."))
    try:
        return Month(year, month)
    except ValueError as error:
        raise BudgetError(text("The month must be a number from 1 to 12.")) from error


def _locked_year(year: int) -> BudgetYear:
    """The year's row, held until the transaction ends: imports and publications of a year go one after another."""
    BudgetYear.objects.get_or_create(year=year)
    return BudgetYear.objects.select_for_update().get(year=year)


def _same_file(budget_year: BudgetYear, month: int, digest: str, unit: Unit) -> ImportBatch | None:
    """A batch of the same bytes that is waiting, or whose figures are in force for the month."""
    of_month = ImportBatch.objects.filter(budget_year=budget_year, side=Side.REVENUE, month=month)
    waiting = of_month.filter(digest=digest, unit=unit.value, state=BatchState.PREVIEWED).first()
    in_force = of_month.filter(state=BatchState.CONFIRMED).first()
    if in_force is None:
        latest = PublishedMonth.objects.filter(budget_year=budget_year, side=Side.REVENUE, month=month).first()
        in_force = latest.batch if latest else None
    if in_force is not None and (in_force.digest, in_force.unit) == (digest, unit.value):
        return in_force
    # What was wrong with a waiting file may have been mended on our side since: it is read again.
    if waiting is not None and waiting.has_errors:
        return None
    return waiting


def _check(rows: list[reader.FileRow], year: int, *, totals: Sequence[reader.FileRow] = ()) -> checks.Checked:
    if not rows:
        return checks.Checked()
    bring_in(ClassificationKind.REVENUE)
    revenue = ClassificationLine.objects.filter(kind=ClassificationKind.REVENUE)
    known = set(revenue.values_list("code", flat=True))
    return checks.check(rows, lines_valid_in(year), known=known, total_code=total_code(), year=year, totals=totals)


def _kept(problems: list[Problem]) -> list[Problem]:
    """In order; where there are too many, errors are kept before warnings."""
    if len(problems) > MAX_PROBLEMS:
        problems = sorted(problems, key=lambda p: not p.is_error)[:MAX_PROBLEMS]
    return in_order(problems)


def _columns(row: reader.FileRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "part": row.part,
        "approved_plan": row.approved_plan,
        "year_plan": row.year_plan,
        "period_plan": row.period_plan,
        "actual": row.actual,
    }


def _event(published: PublishedMonth, period: Month, figures: Any) -> ExecutionPublished:
    total = by_part(figures, "total")[total_code()]
    assert total.period_plan is not None
    assert total.actual is not None
    return ExecutionPublished(
        year=period.year,
        month=period.month,
        side=published.side,
        version=published.version,
        year_plan=total.year_plan,
        planned=total.period_plan,
        executed=total.actual,
        percent=percent_of(total.actual, total.period_plan),
    )


def _subject(period: Month) -> str:
    return f"budgets.month:{period}"
