"""Switch a module on or off for one town. Idempotent; off hides, never drops."""

from django.conf import settings
from django.db import transaction

from tenants.models import Community, ModuleActivation
from tenants.routing import announce_change


class ActivationRefused(Exception):
    """The wish contradicts the manifests; the text names the modules."""


def enable(*, community: Community, module: str) -> bool:
    """Switch `module` on with all it requires. True if anything changed. Raises ActivationRefused if not installed."""
    if module not in settings.MODULES:
        raise ActivationRefused(f"{module} is not installed.")
    changed = False
    with transaction.atomic():
        for name in [*_needs(module), module]:
            changed |= ModuleActivation.objects.get_or_create(community=community, module=name)[1]
        transaction.on_commit(announce_change)
    return changed


def disable(*, community: Community, module: str) -> bool:
    """Switch `module` off. True if it was on. Raises ActivationRefused for a required one, or one that others need."""
    if module in settings.MODULES:
        if settings.MODULES.get(module).required:
            raise ActivationRefused(f"{module} is part of every town.")
        on = set(community.activations.values_list("module", flat=True))
        if users := [m.name for m in settings.MODULES if m.name in on and module in m.requires]:
            raise ActivationRefused(f"{module} is needed by {', '.join(users)}.")
    with transaction.atomic():
        deleted, _ = community.activations.filter(module=module).delete()
        transaction.on_commit(announce_change)
    return bool(deleted)


def _needs(module: str) -> list[str]:
    found: list[str] = []
    for name in settings.MODULES.get(module).requires:
        found += [n for n in [*_needs(name), name] if n not in found]
    return found
