"""Reads for the office's front page of budgets: what waits, and twelve months by side of a year."""

from __future__ import annotations

from dataclasses import dataclass

from hamaynk.common.periods import Month
from modules.budgets.models import (
    BatchState,
    ImportBatch,
    ImportProgress,
    LineQuestion,
    MonthSubmission,
    PlanVersion,
    PublishedMonth,
    Purpose,
    QuestionState,
    Side,
    VersionState,
)
from modules.budgets.selectors.drafts import changed_months, waiting_submissions
from modules.budgets.selectors.office import running_readings, waiting_batches
from modules.budgets.selectors.published import versions_in_force


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What somebody has to do something about, the oldest first where that counts."""

    submissions: list[MonthSubmission]
    versions: list[PlanVersion]
    batches: list[ImportBatch]
    readings: list[ImportProgress]
    questions: int

    @property
    def is_nothing(self) -> bool:
        """True where nothing waits."""
        return not (self.submissions or self.versions or self.batches or self.readings or self.questions)


@dataclass(frozen=True, kw_only=True)
class MonthCell:
    """A month of a side: whether it has something new, what was handed in, the version in force."""

    month: int
    side: str
    has_draft: bool
    submission: MonthSubmission | None
    published: PublishedMonth | None

    @property
    def is_empty(self) -> bool:
        """True where nothing is there yet."""
        return not (self.has_draft or self.submission or self.published)


def waiting() -> Waiting:
    """Everything that waits in the town. Five queries."""
    open_versions = PlanVersion.objects.filter(state__in=(VersionState.DRAFT, VersionState.SUBMITTED))
    return Waiting(
        submissions=waiting_submissions(),
        versions=list(open_versions.select_related("budget_year", "created_by", "submitted_by").order_by("pk")),
        batches=waiting_batches(),
        readings=running_readings(),
        questions=LineQuestion.objects.filter(state=QuestionState.WAITING).count(),
    )


def month_matrix(year: int) -> list[tuple[int, list[MonthCell]]]:
    """Twelve months of a year, each with its three sides. Eleven queries."""
    handed_in = {
        (row.month, row.side): row
        for row in MonthSubmission.objects.filter(budget_year__year=year, state="waiting").select_related(
            "submitted_by"
        )
    }
    confirmed = set(
        ImportBatch.objects.filter(
            budget_year__year=year, purpose=Purpose.EXECUTION, state=BatchState.CONFIRMED
        ).values_list("month", "side")
    )
    months = [Month(year, number) for number in range(1, 13)]
    changed = {side: changed_months(year, side) for side in Side.values}
    published = {side: versions_in_force(months, side) for side in Side.values}
    return [
        (
            period.month,
            [
                MonthCell(
                    month=period.month, side=side, submission=handed_in.get((period.month, side)),
                    has_draft=period.month in changed[side] or (period.month, side) in confirmed,
                    published=published[side].get(period),
                )
                for side in Side.values
            ],
        )
        for period in months
    ]  # fmt: skip
