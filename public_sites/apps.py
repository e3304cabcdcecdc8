"""Django application of the towns' public web sites."""

from django.apps import AppConfig


class PublicSitesConfig(AppConfig):
    """Public sites."""

    name = "public_sites"
    label = "public_sites"

    def ready(self) -> None:
        from hamaynk.contract import NavigationEntry, Surface
        from hamaynk.contract import text as _
        from hamaynk.ui.context import shell_entries
        from public_sites.cms import signals  # noqa: F401  connects them

        shell_entries += [
            NavigationEntry(surface=Surface.SITE, label=_("Community"), url_name="public_sites:home", order=0),
            NavigationEntry(surface=Surface.SITE, label=_("Open data"), url_name="public_sites:data", order=900),
        ]
