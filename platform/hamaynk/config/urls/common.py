"""What every surface has: account pages, language switch, and the pages of errors."""

from django.urls import URLPattern, URLResolver, include, path

from hamaynk.accounts.views import accept
from hamaynk.contract import Surface
from hamaynk.contract.registry import registry
from hamaynk.ui.views import set_language, town_css

Patterns = list[URLPattern | URLResolver]
account_pages: Patterns = [
    path("accounts/", include("allauth.account.urls")),
    path("invitation/<str:token>/", accept, name="invitation"),
]
wordless: Patterns = [
    path("town.css", town_css, name="town_css"),
    path("language/<slug:code>/", set_language, name="set_language"),
]
common: Patterns = [*account_pages, *wordless]


def module_patterns(surface: Surface) -> Patterns:
    """Pages of all installed modules on this surface, each under its own namespace. The gate closes what is off."""
    return [
        path(f"{m.path}/", include((m.urls[surface], m.name), namespace=m.name))
        for m in registry()
        if surface in m.urls
    ]
