"""Indicator values of one town, and the means of all towns that it may be compared with."""

from django.db import models
from django.utils.translation import gettext_lazy as text


class Observation(models.Model):
    """The value of a declared indicator in a period; a higher version replaces a lower one, never the reverse.

    item: "" for the total, else the code of a line of the indicator's classification.
    """

    indicator = models.CharField(max_length=80)
    item = models.CharField(max_length=20, blank=True, default="")
    period = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    version = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "item", "period"], name="observation_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.item} {self.period}: {self.value}"


class Scope(models.TextChoices):
    """Which towns a mean was taken of."""

    MARZ = "marz", text("mean of the marz")
    COUNTRY = "country", text("mean of the country")


class ReferenceValue(models.Model):
    """The mean of an indicator over the towns of the marz or the country that published the period.

    Written by the platform, in this town's own identity: the town sees means, never another town's figure.
    mean: in the indicator's unit, two places half up. per_inhabitant: what these towns have together, by their
    inhabitants together; None where fewer than two of them have a known number. towns: how many were counted.
    """

    indicator = models.CharField(max_length=80)
    item = models.CharField(max_length=20, blank=True, default="")
    period = models.DateField()
    scope = models.CharField(max_length=8, choices=Scope.choices)
    mean = models.DecimalField(max_digits=20, decimal_places=2)
    per_inhabitant = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    towns = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "indicator", "item", "scope"], name="reference_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.item} {self.period}, {self.scope}: {self.mean}"
