"""Imported files: checked, confirmed, in force; large ones on their way."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from modules.budgets.models.kinds import BatchState, Purpose, ReadingState, Side
from modules.budgets.models.years import BudgetYear

STUCK_AFTER = dt.timedelta(minutes=2)


class ImportBatch(models.Model):
    """One uploaded file: what it held, what was wrong with it, what became of it.

    digest: sha256 of the bytes, hex. rows: figures as read, amounts as decimal strings in drams; own: the same without
    what the lines below state, per fact, kept at confirmation. problems: list of {line, column, code, severity, params}.
    source: {"hy", "en", "ru"} -> where the figures come from, shown to readers. A plan has no month, it is 0 there.
    section: of the official form (1 revenue, 2 function, 3 economic, 5 financing, 6 function by economic).
    """

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="batches")
    purpose = models.CharField(max_length=16, choices=Purpose, default=Purpose.EXECUTION)
    side = models.CharField(max_length=16, choices=Side, default=Side.REVENUE)
    section = models.PositiveSmallIntegerField(default=1)
    month = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=BatchState, default=BatchState.PREVIEWED)
    rows = models.JSONField(default=list)
    own = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    source = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    version = models.ForeignKey(
        "budgets.PlanVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="batches"
    )
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-imported_at", "-pk"]
        indexes = [models.Index(fields=["budget_year", "side", "month", "state"], name="budgets_batch_month")]
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose=Purpose.EXECUTION, month__gte=1, month__lte=12) | Q(purpose=Purpose.PLAN, month=0),
                name="budgets_batch_month_valid",
            ),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="budgets_batch_state_valid"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="budgets_batch_side_valid"),
            models.UniqueConstraint(
                fields=["budget_year", "side", "month"],
                condition=Q(state="confirmed", purpose="execution"),
                name="budgets_one_draft_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def has_errors(self) -> bool:
        """True where something in the file forbids to confirm it."""
        return any(problem["severity"] == "error" for problem in self.problems)

    @property
    def is_plan(self) -> bool:
        """True for a file that states a plan."""
        return self.purpose == Purpose.PLAN


class ImportProgress(models.Model):
    """One large file on its way to an ImportBatch. Its bytes are kept until it is read, and no longer.

    source: language -> where the figures come from, as the officer wrote it; empty for what the file itself says.
    """

    state = models.CharField(max_length=16, choices=ReadingState, default=ReadingState.WAITING)
    purpose = models.CharField(max_length=16, choices=Purpose, default=Purpose.EXECUTION)
    side = models.CharField(max_length=16, choices=Side, default=Side.REVENUE)
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    source = models.JSONField(default=dict, blank=True)
    rows_done = models.PositiveIntegerField(default=0)
    rows_all = models.PositiveIntegerField(default=0)
    batch = models.ForeignKey("budgets.ImportBatch", null=True, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "budgets"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReadingState.values), name="budgets_reading_state_valid")
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def is_running(self) -> bool:
        """True as long as there is something to wait for."""
        return self.state in (ReadingState.WAITING, ReadingState.READING)

    @property
    def is_stuck(self) -> bool:
        """True where nothing has moved for so long that whoever was reading is gone."""
        return self.is_running and timezone.now() - self.changed_at > STUCK_AFTER
