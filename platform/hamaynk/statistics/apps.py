"""Django application of the town's own indicator values."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Indicator observations."""

    name = "hamaynk.statistics"
    label = "statistics"
