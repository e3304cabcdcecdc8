"""The indicator store: a star of figures by town, indicator and period."""

from django.db import models
from django.db.models import Q
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
    """The value of an indicator in one town and period. An older version never replaces a newer one.

    item: "" for the total, else the code of a line; the lines of a period come and go with its total.
    """

    town = models.ForeignKey(TownEntry, on_delete=models.CASCADE, related_name="figures")
    indicator = models.CharField(max_length=80)
    item = models.CharField(max_length=20, blank=True, default="")
    period = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    version = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "indicator", "item", "period"], name="figure_once")]
        indexes = [
            models.Index(fields=["indicator", "period"], name="figure_by_period"),
            models.Index(fields=["indicator", "period"], condition=Q(item=""), name="figure_total"),
        ]

    def __str__(self) -> str:
        return f"{self.town_id} {self.indicator} {self.item} {self.period}: {self.value}"


class MeanValue(models.Model):
    """The mean of an indicator over the towns of a marz, or of the country, that published the period.

    marz: its code, "" for the country. The other columns are those of `statistics.ReferenceValue`, which is what each
    town gets of it.
    """

    indicator = models.CharField(max_length=80)
    item = models.CharField(max_length=20, blank=True, default="")
    period = models.DateField()
    marz = models.CharField(max_length=2, blank=True, default="")
    mean = models.DecimalField(max_digits=20, decimal_places=2)
    per_inhabitant = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    towns = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "marz", "indicator", "item"], name="mean_value_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.item} {self.period} {self.marz}: {self.mean}"


class MeanPeriod(models.Model):
    """When the means of a period were worked out, and of which towns: what tells whether they must be again."""

    period = models.DateField(primary_key=True)
    computed_at = models.DateTimeField()
    towns = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.period}: {self.computed_at}"
