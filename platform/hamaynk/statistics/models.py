"""Indicator values of one town."""

from django.db import models


class Observation(models.Model):
    """The value of a declared indicator in a period; a higher version replaces a lower one, never the reverse."""

    indicator = models.CharField(max_length=80)
    period = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    version = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "period"], name="observation_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}: {self.value}"
