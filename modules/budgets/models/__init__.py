"""What a town keeps of its budget.

Amounts are drams, Decimal(18, 2), and flows; cumulative figures are derived from postings and plan versions, and frozen
in a snapshot when a month is published. Nothing here is deleted: postings, published figures and changes are
append-only, a correction is a further posting and a further version (requirement R60, ADR 0016).
"""

from modules.budgets.models.classification import ClassificationLine, LineVerification
from modules.budgets.models.execution import ExecutionEntry, MonthSubmission
from modules.budgets.models.facts import GRAIN, Fact
from modules.budgets.models.imports import ImportBatch, ImportProgress
from modules.budgets.models.kinds import (
    KIND_OF_SIDE,
    BatchState,
    ClassificationKind,
    Part,
    Purpose,
    QuestionState,
    ReadingState,
    Side,
    SubmissionState,
    VersionState,
    YearState,
)
from modules.budgets.models.lines import LineExplanation, LineQuestion
from modules.budgets.models.plans import PlanAmount, PlanChange, PlanVersion
from modules.budgets.models.publication import PublishedFigure, PublishedMonth
from modules.budgets.models.years import BudgetYear, YearStateChange

__all__ = [
    "GRAIN", "KIND_OF_SIDE", "BatchState", "BudgetYear", "ClassificationKind", "ClassificationLine", "ExecutionEntry", "Fact",
    "ImportBatch", "ImportProgress", "LineExplanation", "LineQuestion", "LineVerification", "MonthSubmission", "Part",
    "PlanAmount", "PlanChange", "PlanVersion", "PublishedFigure", "PublishedMonth", "Purpose", "QuestionState",
    "ReadingState", "Side", "SubmissionState", "VersionState", "YearState", "YearStateChange",
]  # fmt: skip
