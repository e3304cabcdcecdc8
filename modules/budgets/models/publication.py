"""Published months: immutable snapshots. Pages, downloads, the API and indicators read nothing else."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from modules.budgets.models.facts import Fact, grain_constraints
from modules.budgets.models.imports import ImportBatch
from modules.budgets.models.kinds import Side
from modules.budgets.models.years import BudgetYear


class PublishedMonth(models.Model):
    """One published version of a month and side. The highest version is what readers see; the older ones stay.

    digest: sha256, hex, over the figures in canonical form, so that anybody can tell that they did not change.
    plan_number: the latest plan version that the figures know of; None where the plan is as the report states it.
    last_entry: number of the latest posting that the figures hold.
    """

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="published")
    side = models.CharField(max_length=16, choices=Side, default=Side.REVENUE)
    month = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="publications")
    plan_number = models.PositiveSmallIntegerField(null=True, blank=True)
    last_entry = models.BigIntegerField(default=0)
    source = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-budget_year__year", "-month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["budget_year", "side", "month", "version"], name="budgets_version_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budgets_published_month_valid"),
            models.CheckConstraint(condition=Q(version__gte=1), name="budgets_version_from_one"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="budgets_published_side_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.budget_year}-{self.month:02d} {self.side} v{self.version}"


class PublishedFigure(Fact):
    """What a snapshot states for one fact, without the lines below it: drams, cumulative since 1 January. Append-only.

    approved_plan: of the year as first adopted, None where not known; year_plan: adjusted; period_plan: to the month.
    """

    publication = models.ForeignKey(PublishedMonth, on_delete=models.PROTECT, related_name="figures")
    approved_plan = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    year_plan = models.DecimalField(max_digits=18, decimal_places=2)
    period_plan = models.DecimalField(max_digits=18, decimal_places=2)
    actual = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        app_label = "budgets"
        ordering = ["code", "economic", "settlement", "account", "part"]
        indexes = [models.Index(fields=["code", "publication"], name="budgets_figure_code")]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "code", "economic", "settlement", "account", "part"],
                name="budgets_figure_once",
            ),
            *grain_constraints("figure"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.part}"
