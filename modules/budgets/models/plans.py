"""Plan versions of a budget year: the budget as adopted, then amendments, each by a council decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from modules.budgets.models.facts import GRAIN, Fact, grain_constraints
from modules.budgets.models.kinds import VersionState
from modules.budgets.models.years import BudgetYear

HAS_DECISION = ~Q(decision_number="") & Q(decision_date__isnull=False) & Q(effective_from__isnull=False)


class PlanVersion(models.Model):
    """Number 0 is the budget as adopted, 1 and up are amendments in the order they were drawn up.

    Amounts of version 0 are absolute, those of an amendment are what it adds or takes. In force only with the number and
    date of the council's decision. digest: sha256, hex, of the amounts as they came into force; they never change then.
    spread: how monthly amounts came about: "months" stated, "quarters" or "year" divided evenly.
    """

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16, choices=VersionState, default=VersionState.DRAFT)
    decision_number = models.CharField(max_length=40, blank=True)
    decision_date = models.DateField(null=True, blank=True)
    decision_link = models.URLField(max_length=500, blank=True)
    title = models.JSONField(default=dict, blank=True)
    reason = models.JSONField(default=dict, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    spread = models.CharField(max_length=16, default="months")
    digest = models.CharField(max_length=64, blank=True)
    is_demo = models.BooleanField(default=False)
    return_note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["budget_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["budget_year", "number"], name="budgets_version_number_once"),
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="budgets_plan_state_valid"),
            models.CheckConstraint(
                condition=~Q(state=VersionState.IN_FORCE) | HAS_DECISION, name="budgets_plan_in_force_by_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_year} v{self.number}"

    @property
    def is_adoption(self) -> bool:
        """True for the budget as adopted."""
        return self.number == 0

    @property
    def can_change(self) -> bool:
        """True as long as amounts and words may be edited."""
        return self.state == VersionState.DRAFT


class PlanAmount(Fact):
    """Drams of one fact and month of a version: a flow, not cumulative."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="amounts")
    month = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        app_label = "budgets"
        ordering = ["side", "code", "economic", "settlement", "account", "part", "month"]
        constraints = [
            models.UniqueConstraint(fields=["version", *GRAIN, "month"], name="budgets_amount_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budgets_amount_month_valid"),
            *grain_constraints("amount"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.part} {self.month}: {self.amount}"


class PlanChange(Fact):
    """One edit of a draft: what a fact was before and after, twelve amounts as decimal strings. Append-only."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="changes")
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    changed_at = models.DateTimeField(auto_now_add=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.version} {self.code}"
