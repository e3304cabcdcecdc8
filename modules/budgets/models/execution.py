"""Postings of the execution: flows in drams, never changed; a correction is a further posting."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from modules.budgets.models.facts import Fact, grain_constraints
from modules.budgets.models.imports import ImportBatch
from modules.budgets.models.kinds import Side, SubmissionState
from modules.budgets.models.years import BudgetYear


class ExecutionEntry(Fact):
    """Money received or spent: drams, negative for refunds and corrections. Append-only (R60).

    A source that gives cumulative figures only, without the months before, is one entry from first_month to month.
    day: of a posting by hand. corrects: the entry this one takes back or mends.
    """

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="entries")
    first_month = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    day = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="entries")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections")
    is_correction = models.BooleanField(default=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["budget_year", "side", "month"], name="budgets_entry_month"),
            models.Index(fields=["side", "code"], name="budgets_entry_code"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__gte=1, month__lte=12, first_month__lte=F("month")),
                name="budgets_entry_months_valid",
            ),
            *grain_constraints("entry"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.part} {self.month}: {self.amount}"


class MonthSubmission(models.Model):
    """A month of one side handed in for approval. digest: of the figures as they stood, so that nothing slips in after."""

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="submissions")
    side = models.CharField(max_length=16, choices=Side)
    month = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=SubmissionState, default=SubmissionState.WAITING)
    note = models.CharField(max_length=300, blank=True)
    submitted_at = models.DateTimeField(auto_now_add=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budgets_submission_month_valid"),
            models.UniqueConstraint(
                fields=["budget_year", "side", "month"],
                condition=Q(state="waiting"),
                name="budgets_one_submission_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_year}-{self.month:02d} {self.side} ({self.state})"
