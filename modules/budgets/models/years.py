"""Budget years and the moves of their life."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from modules.budgets.models.kinds import YearState


class BudgetYear(models.Model):
    """A budget year of the town: draft, public hearing, adopted, executing, closed.

    hearing_*: when, where and until when residents may speak on the draft. needs_second_person: who hands a month or a
    plan version in may not approve it too; a town of one clerk switches it off, and the change is on record.
    """

    year = models.PositiveSmallIntegerField(unique=True)
    state = models.CharField(max_length=16, choices=YearState, default=YearState.DRAFT)
    hearing_from = models.DateField(null=True, blank=True)
    hearing_until = models.DateField(null=True, blank=True)
    hearing_place = models.CharField(max_length=200, blank=True)
    needs_second_person = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        app_label = "budgets"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=1991, year__lte=2100), name="budgets_year_in_range"),
            models.CheckConstraint(condition=Q(state__in=YearState.values), name="budgets_year_state_valid"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class YearStateChange(models.Model):
    """One move of a budget year. Append-only. reason: needed to go back."""

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="changes")
    state_before = models.CharField(max_length=16, choices=YearState)
    state_after = models.CharField(max_length=16, choices=YearState)
    reason = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.budget_year} {self.state_before} > {self.state_after}"
