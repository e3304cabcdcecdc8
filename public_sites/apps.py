"""Django application of the towns' public web sites."""

from django.apps import AppConfig


class PublicSitesConfig(AppConfig):
    """Public sites."""

    name = "public_sites"
    label = "public_sites"

    def ready(self) -> None:
        from hamaynk.contract import NavigationEntry, Surface
        from hamaynk.contract import text as _
        from hamaynk.portability.restored import on_restored
        from hamaynk.ui.context import menu_sources, search_places, shell_entries
        from hamaynk.ui.dress import sources
        from public_sites.addresses import search_address
        from public_sites.alerts import signals as _alerts  # noqa: F401  connects them
        from public_sites.alerts.restored import hold_letters_back
        from public_sites.cms import signals  # noqa: F401  connects them
        from public_sites.cms.workflow import calm_letters
        from public_sites.dress import dress_of_town
        from public_sites.selectors import menu

        menu_sources[Surface.SITE] = menu
        search_places[Surface.SITE] = search_address
        calm_letters()
        sources.append(dress_of_town)
        on_restored(hold_letters_back)
        shell_entries += [
            NavigationEntry(surface=Surface.SITE, label=_("Home"), url_name="public_sites:home", order=0),
        ]
