"""Which application's tables stand in which schema: written once, read by Django's migrations and by our checks."""

from typing import Any

from django.apps import apps
from django.conf import settings

from tenants.names import CONSOLE, OVERSIGHT, PUBLIC

# `auth` and `contenttypes` stand wherever accounts do: a user's groups refer to them (docs/adr/0018).
SIGN_IN = frozenset({"accounts", "account", "sessions", "audit", "auth", "contenttypes"})
# The content management system of the towns' sites. Its migrations come with starter rows; ours come from an action.
CMS = frozenset(
    {
        "taggit",
        "wagtailadmin",
        "wagtailcore",
        "wagtaildocs",
        "wagtailembeds",
        "wagtailimages",
        "wagtailredirects",
        "wagtailsearch",
        "wagtailusers",
    }
)
PLACES: dict[str, frozenset[str]] = {
    PUBLIC: frozenset({"tenants"}),
    CONSOLE: SIGN_IN | {"console"},
    OVERSIGHT: SIGN_IN | {"oversight"},
}
TOWN_BASE = SIGN_IN | CMS | {"domains", "events", "search", "statistics", "public_sites"}


def apps_in(schema: str) -> frozenset[str]:
    """Labels of the applications whose tables stand in `schema`. Every installed module stands in every town (ADR 0004)."""
    if schema in PLACES:
        return PLACES[schema]
    by_path = {config.name: config.label for config in apps.get_app_configs()}
    by_path |= {f"{type(c).__module__}.{type(c).__qualname__}": c.label for c in apps.get_app_configs()}
    return TOWN_BASE | {by_path[manifest.app] for manifest in settings.MODULES}


class PlacementRouter:
    """Lets a migration touch a schema only where its application belongs."""

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        """True where `app_label` belongs to the schema that the connection stands in."""
        from django.db import connections

        return app_label in apps_in(connections[db].schema_name)  # type: ignore[attr-defined]
