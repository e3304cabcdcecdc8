"""Django's view of the module."""

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
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

        register(check_packs)


def check_packs(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """The country pack of this deployment can be used; `manage.py check` names every fault."""
    from modules.budgets.packs import KINDS, PackError, pack

    found: list[CheckMessage] = []
    for kind in KINDS:
        try:
            pack(kind)
        except PackError as error:
            found.append(Error(f"Classification {kind}: {error}", id="budgets.E001"))
    return found
