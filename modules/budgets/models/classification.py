"""The classification of a town: lines with their dates, and who vouched for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from modules.budgets.models.kinds import ClassificationKind


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
