"""System checks of tenancy: every table has a place, no reference leaves a town."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register

from tenants.names import PLATFORM_SCHEMAS, TEMPLATE
from tenants.placement import apps_in


@register()
def every_app_has_a_place(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An app with models that stands nowhere would fail at its first query, in production."""
    placed = frozenset().union(*(apps_in(schema) for schema in (*PLATFORM_SCHEMAS, TEMPLATE)))
    return [
        Error(f"{config.label} has models and stands in no schema", hint="tenants/placement.py", id="tenants.E001")
        for config in apps.get_app_configs()
        if list(config.get_models()) and config.label not in placed
    ]


@register()
def no_reference_leaves_a_town(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A foreign key into another schema would end self-containment (dump, move, Citus)."""
    found: list[CheckMessage] = []
    for schema in (*PLATFORM_SCHEMAS, TEMPLATE):
        inside = apps_in(schema)
        for label in inside:
            for model in apps.get_app_config(label).get_models(include_auto_created=True):
                for field in model._meta.get_fields():
                    target = getattr(field, "related_model", None)
                    is_key = getattr(field, "many_to_one", False) and getattr(field, "concrete", False)
                    if is_key and target and target._meta.app_label not in inside:
                        text = f"{model._meta.label}.{field.name} refers out of {schema} to {target._meta.label}"
                        found.append(Error(text, id="tenants.E002"))
    return found
