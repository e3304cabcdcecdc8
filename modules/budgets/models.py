"""What a town keeps of its budget: classification, years, imported files, figures as reported, published months.

Amounts are drams, Decimal(18, 2). A figure is cumulative since 1 January, as the source gives it; the flow of one
month is derived, and only where the month before is known. Nothing here is deleted: figures and published months are
append-only, a correction is a new import and a new version (requirement R60).
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as text


class Side(models.TextChoices):
    """Side of the budget. Expenditure follows with its own classifications."""

    REVENUE = "revenue", text("Revenue")


class ClassificationKind(models.TextChoices):
    """What a classification divides. The values are the names of the files of a country pack."""

    REVENUE = "revenue", text("Revenue")
    FUNCTIONAL = "functional", text("Expenditure by function")
    ECONOMIC = "economic", text("Expenditure by economic item")
    FINANCING = "financing", text("Financing of the deficit")


class Part(models.TextChoices):
    """Part of the budget a figure belongs to; undivided: the source states the total only (R57)."""

    UNDIVIDED = "undivided", text("Whole budget")
    ADMINISTRATIVE = "administrative", text("Administrative part")
    FUND = "fund", text("Fund part")


class BatchState(models.TextChoices):
    """Life of an imported file."""

    PREVIEWED = "previewed", text("Checked, not yet confirmed")
    CONFIRMED = "confirmed", text("Draft")
    PUBLISHED = "published", text("Published")
    SUPERSEDED = "superseded", text("Replaced")
    REJECTED = "rejected", text("Discarded")


class ClassificationLine(models.Model):
    """One line of a classification in this town: the national ones of the country pack, and local suffixes.

    code: number of the line, a national code plus free local suffix ("1137", "1137ա"); text, never a number.
    parent_code "" is the total. A line that changed stands once for each time; local lines have no dates.
    unverified is what the pack says, is_verified that an officer of this town has named a source since.
    """

    kind = models.CharField(max_length=16, choices=ClassificationKind, default=ClassificationKind.REVENUE)
    code = models.CharField(max_length=20)
    parent_code = models.CharField(max_length=20, blank=True)
    article = models.CharField(max_length=20, blank=True)
    name_hy = models.CharField(max_length=400)
    name_en = models.CharField(max_length=400, blank=True)
    name_ru = models.CharField(max_length=400, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    is_local = models.BooleanField(default=False)
    unverified = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        app_label = "budgets"
        ordering = ["kind", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "valid_from"], name="budgets_line_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(code=""), name="budgets_line_has_code"),
            models.CheckConstraint(condition=Q(kind__in=ClassificationKind.values), name="budgets_line_kind_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_hy}"

    @property
    def needs_source(self) -> bool:
        """True where the pack is not sure of the line and nobody here has named a source."""
        return self.unverified and not self.is_verified


class LineVerification(models.Model):
    """One entry in the history of a line: a source named for it, or taken back. Append-only.

    facts: what the line said then (code, parent_code, article, names). source: of a withdrawal, the reason. recorded_by
    None is the system: the pack changed the line, so the source no longer speaks for it.
    """

    line = models.ForeignKey(ClassificationLine, on_delete=models.PROTECT, related_name="verifications")
    is_withdrawal = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_withdrawal=True) | ~Q(source=""), name="budgets_verification_has_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.source}"


class BudgetYear(models.Model):
    """A budget year of the town. Its state, plan versions and council decisions come with the whole budget life."""

    year = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        app_label = "budgets"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=1991, year__lte=2100), name="budgets_year_in_range")
        ]

    def __str__(self) -> str:
        return str(self.year)


class ImportBatch(models.Model):
    """One uploaded file: what it held, what was wrong with it, what became of it.

    digest: sha256 of the bytes, hex. rows: figures as read, amounts as decimal strings in drams. problems: list of
    {line, column, code, severity, params}. source: {"hy", "en", "ru"} -> where the figures come from, shown to readers.
    """

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="batches")
    side = models.CharField(max_length=16, choices=Side, default=Side.REVENUE)
    month = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=BatchState, default=BatchState.PREVIEWED)
    rows = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    source = models.JSONField(default=dict, blank=True)
    is_demo = models.BooleanField(default=False)
    imported_at = models.DateTimeField(auto_now_add=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "budgets"
        ordering = ["-imported_at", "-pk"]
        indexes = [models.Index(fields=["budget_year", "side", "month", "state"], name="budgets_batch_month")]
        constraints = [
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budgets_batch_month_valid"),
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="budgets_batch_state_valid"),
            models.UniqueConstraint(
                fields=["budget_year", "side", "month"],
                condition=Q(state="confirmed"),
                name="budgets_one_draft_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def has_errors(self) -> bool:
        """True where something in the file forbids to confirm it."""
        return any(problem["severity"] == "error" for problem in self.problems)


class MonthlyFigure(models.Model):
    """What one report states for one line and part: drams, cumulative since 1 January to the batch's month.

    year_plan is the adjusted plan of the year (R58); approved_plan the one first adopted, where the source gives it.
    """

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="figures")
    code = models.CharField(max_length=20)
    part = models.CharField(max_length=16, choices=Part, default=Part.UNDIVIDED)
    approved_plan = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    year_plan = models.DecimalField(max_digits=18, decimal_places=2)
    period_plan = models.DecimalField(max_digits=18, decimal_places=2)
    actual = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        app_label = "budgets"
        ordering = ["code", "part"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "code", "part"], name="budgets_figure_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="budgets_figure_part_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.part}"


class PublishedMonth(models.Model):
    """One published version of a month. The highest version is what readers see; the older ones stay.

    digest: sha256, hex, over the figures in canonical form, so that anybody can tell that they did not change.
    """

    budget_year = models.ForeignKey(BudgetYear, on_delete=models.PROTECT, related_name="published")
    side = models.CharField(max_length=16, choices=Side, default=Side.REVENUE)
    month = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    batch = models.OneToOneField(ImportBatch, on_delete=models.PROTECT, related_name="publication")
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
        ]

    def __str__(self) -> str:
        return f"{self.budget_year}-{self.month:02d} v{self.version}"


from modules.budgets.progress import ImportProgress  # noqa: E402, F401  # the model of files being read
