"""Reads for the office: months with their drafts, imported files, files being read, what waits for a decision."""

from __future__ import annotations

from dataclasses import dataclass

from hamaynk.common.periods import Month
from modules.budgets.classification import all_lines
from modules.budgets.importing.checks import figures as stated_figures
from modules.budgets.importing.own import own_amounts
from modules.budgets.importing.problems import Problem
from modules.budgets.importing.reader import FileRow
from modules.budgets.ledger import Key, Measures
from modules.budgets.models import (
    BatchState,
    ClassificationKind,
    ExecutionEntry,
    ImportBatch,
    ImportProgress,
    MonthSubmission,
    PublishedMonth,
    ReadingState,
    Side,
    SubmissionState,
)
from modules.budgets.selectors.drafts import Draft, changed_months, draft
from modules.budgets.selectors.published import (
    ExecutionTable,
    eliminated_in,
    kind_of,
    make_table,
    versions_in_force,
)
from modules.budgets.tables import Axis, Figure, Line, Names, PartFilter, View


@dataclass(frozen=True, kw_only=True)
class MonthState:
    """A month of a side as the office lists it: whether it has a draft, the version in force, what waits for approval."""

    month: Month
    side: str
    has_draft: bool
    published: PublishedMonth | None
    submission: MonthSubmission | None


def months(side: str | None = None) -> list[MonthState]:
    """Months with postings or a published version, newest first. Seven queries for each side at most."""
    found = []
    for one in [side] if side else list(Side.values):
        published = versions_in_force(None, one)
        years = ExecutionEntry.objects.filter(side=one).order_by().values_list("budget_year__year", flat=True)
        drafts = {Month(year, month) for year in set(years) for month in changed_months(year, one)}
        drafts |= {
            Month(year, month)
            for year, month in ImportBatch.objects.filter(side=one, state=BatchState.CONFIRMED, month__gte=1)
            .order_by()
            .values_list("budget_year__year", "month")
        }
        waiting = {
            Month(row.budget_year.year, row.month): row
            for row in MonthSubmission.objects.filter(side=one, state=SubmissionState.WAITING).select_related(
                "budget_year", "submitted_by"
            )
        }
        found += [
            MonthState(
                month=month, side=one, has_draft=month in drafts, published=published.get(month),
                submission=waiting.get(month),
            )
            for month in drafts | published.keys()
        ]  # fmt: skip
    order = list(Side.values)
    return sorted(found, key=lambda state: (-state.month.year, -state.month.month, order.index(state.side)))


def draft_figures(found: Draft) -> list[Figure]:
    """The facts of a draft as figures of a table."""
    return as_figures(dict(found.figures))


def draft_table(
    found: Draft, *, axis: Axis = "code", view: View = "cumulative", part: PartFilter = "total", kind: str = ""
) -> ExecutionTable:
    """The table of a month as it would be published now. Seven queries at most."""
    earlier = None
    if view == "month" and found.month.month > 1:
        earlier = draft_figures(draft(found.month.year, found.month.month - 1, found.side))
    return make_table(
        month=found.month, side=found.side, axis=axis, view=view, part=part, kind=kind,
        figures=draft_figures(found), earlier=earlier,
        lines=all_lines(kind_of(found.side, axis), year=found.month.year), source=found.source,
        is_demo=bool(found.batch and found.batch.is_demo),
    )  # fmt: skip


def as_figures(figures: dict[Key, Measures]) -> list[Figure]:
    """Facts as figures of a table."""
    return [Figure(**key._asdict(), **one.__dict__) for key, one in figures.items()]


def preview_table(batch: ImportBatch) -> ExecutionTable:
    """The cumulative table as a file would show it, whether confirmed or not. Two queries beside the batch's year."""
    rows = [FileRow.from_json(row) for row in (batch.own if batch.is_plan else batch.rows)]
    year = batch.budget_year.year
    lines = with_new_lines(all_lines(kind_of(batch.side), year=year), rows)
    economic = all_lines(ClassificationKind.ECONOMIC, year=year) if batch.side == Side.EXPENDITURE else None
    own = own_amounts(rows, lines, economic, eliminated_in(year, batch.side))
    return make_table(
        month=Month(year, batch.month or 12), side=batch.side, view="cumulative", part="total", kind="",
        axis="economic" if batch.section == 3 else "code",
        figures=stated_figures(own), earlier=None, lines=economic if batch.section == 3 and economic else lines,
        source=batch.source, is_demo=batch.is_demo,
    )  # fmt: skip


def with_new_lines(lines: dict[str, Line], rows: list[FileRow]) -> dict[str, Line]:
    """The classification with the local lines that a file brings, under the line whose number theirs begins with."""
    for row in rows:
        if row.code and row.code not in lines:
            names = Names(hy=row.name_hy or row.code, en=row.name_en, ru=row.name_ru)
            begun = (row.code[:end] for end in range(len(row.code) - 1, 0, -1))
            parent = next((code for code in begun if code in lines), "")
            lines[row.code] = Line(code=row.code, parent=parent, article="", names=names, is_local=True)
    return lines


def batch_problems(batch: ImportBatch) -> list[Problem]:
    """What was found in a file, in the order of its lines."""
    return [Problem.from_json(problem) for problem in batch.problems]


def month_state(month: Month, side: str = Side.REVENUE) -> MonthState:
    """One month as the office sees it. Six queries at most."""
    submission = (
        MonthSubmission.objects.filter(
            budget_year__year=month.year, month=month.month, side=side, state=SubmissionState.WAITING
        )
        .select_related("budget_year", "submitted_by")
        .first()
    )
    confirmed = ImportBatch.objects.filter(
        budget_year__year=month.year, month=month.month, side=side, state=BatchState.CONFIRMED
    )
    return MonthState(
        month=month,
        side=side,
        has_draft=month.month in changed_months(month.year, side) or confirmed.exists(),
        published=versions_in_force([month], side).get(month),
        submission=submission,
    )


def waiting_batches() -> list[ImportBatch]:
    """Files that were checked and neither confirmed nor discarded, newest first. One query."""
    waiting = ImportBatch.objects.filter(state=BatchState.PREVIEWED)
    return list(waiting.select_related("budget_year", "imported_by").defer("rows", "own")[:20])


def access_batch(batch_id: int) -> ImportBatch | None:
    """A file of this town by its number, or None; for holders of budgets.import and budgets.view."""
    return ImportBatch.objects.filter(pk=batch_id).select_related("budget_year", "imported_by").first()


def running_readings() -> list[ImportProgress]:
    """Large files on their way, newest first. One query."""
    running = ImportProgress.objects.filter(state__in=(ReadingState.WAITING, ReadingState.READING))
    return list(running.select_related("started_by").defer("content")[:20])


def access_reading(progress_id: int) -> ImportProgress | None:
    """A large file of this town that is or was read in the background, or None; for holders of budgets.import."""
    return ImportProgress.objects.filter(pk=progress_id).defer("content").first()


def access_submission(submission_id: int) -> MonthSubmission | None:
    """A month handed in, or None; for holders of budgets.publish. One query."""
    return MonthSubmission.objects.filter(pk=submission_id).select_related("budget_year", "submitted_by").first()


def submissions_of(month: Month, side: str) -> list[MonthSubmission]:
    """How often a month was handed in and what became of it, the newest first. One query."""
    rows = MonthSubmission.objects.filter(budget_year__year=month.year, month=month.month, side=side)
    return list(rows.select_related("submitted_by", "decided_by"))
