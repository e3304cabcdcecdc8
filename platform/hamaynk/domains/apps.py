"""Django application of the towns' own domains."""

from django.apps import AppConfig


class DomainsConfig(AppConfig):
    """Own domains."""

    name = "hamaynk.domains"
    label = "domains"

    def ready(self) -> None:
        from hamaynk.accounts.permissions import MANAGE_STAFF
        from hamaynk.contract import NavigationEntry, Surface
        from hamaynk.contract import text as _
        from hamaynk.ui.context import shell_entries

        shell_entries += [
            NavigationEntry(
                surface=Surface.OFFICE,
                label=_("Addresses of the site"),
                url_name="domains:addresses",
                permission=MANAGE_STAFF,
                order=910,
            ),
        ]
