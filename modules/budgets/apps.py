"""Django's view of the module."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as text


class BudgetsConfig(AppConfig):
    """The community budget: plan, execution, publication."""

    name = "modules.budgets"
    label = "budgets"
    verbose_name = text("Community budget")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Makes the module's events known, so that a worker can read them back."""
        from modules.budgets import events  # noqa: F401
