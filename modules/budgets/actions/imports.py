"""Use cases that take a file over: check it, confirm it into postings or a plan draft, discard it.

An actor of None is the system itself (demo data, commands); a person needs the permission named by each action.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from hamaynk.common.money import Unit
from hamaynk.common.periods import Month
from modules.budgets.actions.classification import add_local_lines, bring_in
from modules.budgets.actions.common import (
    check_open,
    check_year,
    checked_month,
    locked_year,
    month_subject,
    year_subject,
)
from modules.budgets.actions.execution import state_cumulative
from modules.budgets.actions.plans import PlanItem, draft_of, replace_amounts
from modules.budgets.classification import all_lines, lines_valid_in, total_code
from modules.budgets.errors import BudgetError
from modules.budgets.importing import checks, reader
from modules.budgets.importing.content import Progress, with_stand_in
from modules.budgets.importing.own import own_amounts, own_plan_rows
from modules.budgets.importing.plans import PlanRow
from modules.budgets.importing.problems import Problem, in_order
from modules.budgets.ledger import MONTHS, ZERO, Key, fold
from modules.budgets.models import (
    KIND_OF_SIDE,
    BatchState,
    BudgetYear,
    ClassificationKind,
    ClassificationLine,
    ImportBatch,
    Purpose,
    Side,
)
from modules.budgets.selectors.drafts import batch_in_force, key_of
from modules.budgets.selectors.plans import versions_in_force
from modules.budgets.selectors.published import eliminated_in
from modules.budgets.tables import Line

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

MAX_PROBLEMS = 1000  # kept per file; a file with more has one fault all over


def preview_import(
    *,
    actor: User | None,
    file_name: str,
    content: bytes,
    year: int,
    month: int = 0,
    unit: Unit = Unit.THOUSANDS,
    side: str = Side.REVENUE,
    purpose: str = Purpose.EXECUTION,
    source: dict[str, str] | None = None,
    is_demo: bool = False,
    progress: Progress | None = None,
) -> ImportBatch:
    """Reads a file of one side (amounts in `unit`) and keeps rows and problems; no figure is written.

    purpose: execution, cumulative to `month`, or plan, of the year. source: language -> where the figures come from;
    without it what the file says above its head. The same bytes for the same month give the same batch back as long as
    it is waiting or in force. The file is read outside of any transaction, so that `progress(done, of)` can be seen by
    others. Needs budgets.import, for a plan budgets.plan.
    """
    require(actor, _right(purpose))
    month = 0 if purpose == Purpose.PLAN else checked_month(year, month).month
    check_year(year)
    digest = hashlib.sha256(content).hexdigest()
    wanted: dict[str, Any] = {"side": side, "purpose": purpose, "month": month}
    with transaction.atomic():
        same = _same_file(locked_year(year), digest, unit, **wanted)
    if same is not None:
        return same
    found = reader.read(
        content, unit=unit, year=year, month=month or 12, what=purpose, side=side, lines=_known_lines(year),
        progress=progress,
    )  # fmt: skip
    facts: dict[str, Any] = {"file_name": file_name[-200:], "digest": digest, "is_demo": is_demo, "imported_by": actor}
    return _keep_preview(year, unit, found, source=source or found.source, **wanted, **facts)


@transaction.atomic
def _keep_preview(
    year: int, unit: Unit, found: reader.FileContent, *, source: dict[str, str], digest: str, side: str, purpose: str,
    month: int, **facts: Any,
) -> ImportBatch:  # fmt: skip
    budget_year = locked_year(year)
    same = _same_file(budget_year, digest, unit, side=side, purpose=purpose, month=month)
    if same is not None:  # somebody may have been quicker
        return same
    problems = found.problems + found.placed(_check(found.rows, year, side, totals=found.totals).problems)
    batch = ImportBatch.objects.create(
        budget_year=budget_year,
        purpose=purpose,
        side=side,
        section=found.section or 1,
        month=month,
        unit=unit.value,
        digest=digest,
        rows=[row.to_json() for row in (found.plan_rows if purpose == Purpose.PLAN else found.rows)],
        own=[row.to_json() for row in found.rows] if purpose == Purpose.PLAN else [],
        problems=[problem.to_json() for problem in _kept(problems)],
        source=source if found.has_own_period or purpose == Purpose.PLAN else with_stand_in(source),
        **facts,
    )
    data = {"batch": batch.pk, "file": batch.file_name, "sha256": digest, "errors": batch.has_errors}
    record(actor=facts["imported_by"], action="budgets.import_previewed", subject=_subject(batch), data=data)
    return batch


@transaction.atomic
def confirm_import(*, actor: User | None, batch: ImportBatch) -> ImportBatch:
    """Takes a checked file over: an execution as postings of its month, a plan into the draft of the plan.

    What a file of a month states takes the place of what was stated before, by postings of the difference; later months
    that a file states stay as they are. A plan of an adopted year becomes an amendment of the differences. Adds local
    lines. Confirming twice changes nothing. BudgetError where the file has errors, was discarded, or the year is closed.
    Needs budgets.import, for a plan budgets.plan.
    """
    require(actor, _right(batch.purpose))
    budget_year = locked_year(batch.budget_year.year)
    check_open(budget_year)
    batch = ImportBatch.objects.select_for_update().select_related("budget_year").get(pk=batch.pk)
    if batch.state in (BatchState.CONFIRMED, BatchState.PUBLISHED):
        return batch
    if batch.state != BatchState.PREVIEWED:
        raise BudgetError(text("This file was discarded or replaced. Upload it again."))
    if batch.has_errors:
        raise BudgetError(text("The file has errors. Correct it and upload it again."))
    data = _take_plan(actor, batch) if batch.is_plan else _take_execution(actor, budget_year, batch)
    batch.state = BatchState.CONFIRMED
    batch.save(update_fields=["state", "own", "version"])
    record(actor=actor, action="budgets.import_confirmed", subject=_subject(batch), data={"batch": batch.pk, **data})
    return batch


@transaction.atomic
def reject_import(*, actor: User | None, batch: ImportBatch) -> ImportBatch:
    """Discards a file that is not yet confirmed. Discarding twice changes nothing. Needs the right to confirm it."""
    require(actor, _right(batch.purpose))
    batch = ImportBatch.objects.select_for_update().select_related("budget_year").get(pk=batch.pk)
    if batch.state == BatchState.REJECTED:
        return batch
    if batch.state != BatchState.PREVIEWED:
        raise BudgetError(text("Only a file that is not yet confirmed can be discarded."))
    batch.state = BatchState.REJECTED
    batch.save(update_fields=["state"])
    record(actor=actor, action="budgets.import_rejected", subject=_subject(batch), data={"batch": batch.pk})
    return batch


def _take_execution(actor: User | None, budget_year: BudgetYear, batch: ImportBatch) -> dict[str, int]:
    rows = [reader.FileRow.from_json(row) for row in batch.rows]
    checked = _check(rows, budget_year.year, batch.side)  # the classification may have changed since
    if any(problem.is_error for problem in checked.problems):
        raise BudgetError(text("The file has errors. Correct it and upload it again."))
    _add_local_lines(batch, checked)
    lines, economic = _lines(batch)
    own = own_amounts(rows, lines, economic, eliminated_in(budget_year.year, batch.side))
    batch.own = [row.to_json() for row in own]
    replaced = ImportBatch.objects.filter(
        budget_year=budget_year, side=batch.side, month=batch.month, purpose=batch.purpose, state=BatchState.CONFIRMED
    ).update(state=BatchState.SUPERSEDED)
    stated: dict[Key, Decimal] = {}
    for row in own:
        stated[key_of(row)] = stated.get(key_of(row), ZERO) + row.actual
    posted = state_cumulative(actor, budget_year, batch, stated)
    return {"rows": len(rows), "replaced_drafts": replaced, "postings": posted}


def _take_plan(actor: User | None, batch: ImportBatch) -> dict[str, int]:
    rows = [PlanRow.from_json(row) for row in batch.rows]
    year = batch.budget_year.year
    checked = _check([reader.FileRow.from_json(row) for row in batch.own], year, batch.side)
    _add_local_lines(batch, checked)
    lines, economic = _lines(batch)
    items: dict[Key, tuple[Decimal, ...]] = {}
    for row in own_plan_rows(rows, lines, economic, eliminated_in(year, batch.side)):
        key = Key(row.code, row.economic, row.settlement, row.account, row.part)
        before = items.get(key, (ZERO,) * 12)
        items[key] = tuple(one + other for one, other in zip(before, row.flows, strict=True))
    version = draft_of(actor=actor, year=year, is_demo=batch.is_demo)
    if not version.is_adoption:
        present = fold(versions_in_force(year, batch.side), dt.date.max)
        for key in present.keys() | items.keys():
            was = present.get(key, {})
            now = items.get(key, (ZERO,) * 12)
            items[key] = tuple(now[month - 1] - was.get(month, ZERO) for month in MONTHS)
    changed = replace_amounts(
        actor=actor, version=version, side=batch.side,
        items=[PlanItem(side=batch.side, key=key, months=months) for key, months in sorted(items.items())],
    )  # fmt: skip
    spread = (
        "months" if all(row.months for row in rows) else "quarters" if all(row.quarters for row in rows) else "year"
    )
    if version.spread != spread:
        version.spread = spread
        version.save(update_fields=["spread"])
    batch.version = version
    return {"rows": len(rows), "version": version.number, "facts": changed}


def _add_local_lines(batch: ImportBatch, checked: checks.Checked) -> None:
    add_local_lines(KIND_OF_SIDE[Side(batch.side)], checked.new_lines.values())
    add_local_lines(ClassificationKind.ECONOMIC, checked.new_economic_lines.values())


def _lines(batch: ImportBatch) -> tuple[dict[str, Line], dict[str, Line] | None]:
    """The lines that the codes of a file are of, and the economic ones."""
    year = batch.budget_year.year
    lines = all_lines(KIND_OF_SIDE[Side(batch.side)], year=year)
    return lines, all_lines(ClassificationKind.ECONOMIC, year=year) if batch.side == Side.EXPENDITURE else None


def _right(purpose: str) -> str:
    return "budgets.plan" if purpose == Purpose.PLAN else "budgets.import"


def _same_file(
    budget_year: BudgetYear, digest: str, unit: Unit, *, side: str, purpose: str, month: int
) -> ImportBatch | None:
    """A batch of the same bytes that is waiting, or whose figures are in force for the month."""
    of_month = ImportBatch.objects.filter(budget_year=budget_year, side=side, month=month, purpose=purpose)
    waiting = of_month.filter(digest=digest, unit=unit.value, state=BatchState.PREVIEWED).first()
    in_force = batch_in_force(budget_year.year, month, side) if purpose == Purpose.EXECUTION else None
    if in_force is not None and (in_force.digest, in_force.unit) == (digest, unit.value):
        return in_force
    # What was wrong with a waiting file may have been mended on our side since: it is read again.
    return None if waiting is None or waiting.has_errors else waiting


def _check(
    rows: Sequence[reader.FileRow], year: int, side: str, *, totals: Sequence[reader.FileRow] = ()
) -> checks.Checked:
    if not rows:
        return checks.Checked()
    kind = KIND_OF_SIDE[Side(side)]
    spends = side == Side.EXPENDITURE
    bring_in(kind)
    if spends:
        bring_in(ClassificationKind.ECONOMIC)
    return checks.check(
        rows, lines_valid_in(year, kind), known=_known(kind), total_code=total_code(kind), year=year, totals=totals,
        economic_lines=lines_valid_in(year, ClassificationKind.ECONOMIC) if spends else None,
        known_economic=_known(ClassificationKind.ECONOMIC) if spends else (), eliminated=eliminated_in(year, side),
    )  # fmt: skip


def _known(kind: ClassificationKind) -> set[str]:
    return set(ClassificationLine.objects.filter(kind=kind).values_list("code", flat=True))


def _known_lines(year: int) -> dict[str, Mapping[str, Line]]:
    """The town's own lines beside those of the pack, so that a file may use both."""
    return {kind: lines for kind in ClassificationKind.values if (lines := lines_valid_in(year, kind))}


def _kept(problems: list[Problem]) -> list[Problem]:
    """In order; where there are too many, errors are kept before warnings."""
    if len(problems) > MAX_PROBLEMS:
        problems = sorted(problems, key=lambda p: not p.is_error)[:MAX_PROBLEMS]
    return in_order(problems)


def _subject(batch: ImportBatch) -> str:
    year = batch.budget_year.year
    return year_subject(year) if batch.is_plan else month_subject(Month(year, batch.month), batch.side)
