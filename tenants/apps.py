"""Django application of the tenancy layer; its tables stand in the `public` schema."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Communities, domains, activations, releases."""

    name = "tenants"
    label = "tenants"
    verbose_name = _("Communities")

    def ready(self) -> None:
        from tenants import checks  # noqa: F401  (registers the system checks)
