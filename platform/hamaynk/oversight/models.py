"""The indicator store: a star of figures by town, indicator and period."""

from django.db import models
from django.utils.translation import get_language


class TownEntry(models.Model):
    """A town as the ministry knows it: names, marz, inhabitants. Brought along with the town's figures."""

    slug = models.CharField(max_length=40, primary_key=True)
    name_hy = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    name_ru = models.CharField(max_length=120)
    marz = models.CharField(max_length=2)
    population = models.PositiveIntegerField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return getattr(self, f"name_{(get_language() or 'hy')[:2]}", "") or self.name_hy


class Figure(models.Model):
    """The value of an indicator in one town and period. An older version never replaces a newer one."""

    town = models.ForeignKey(TownEntry, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=80)
    period = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    version = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "indicator", "period"], name="figure_once")]
        indexes = [models.Index(fields=["indicator", "period"], name="figure_by_period")]

    def __str__(self) -> str:
        return f"{self.town_id} {self.indicator} {self.period}: {self.value}"
