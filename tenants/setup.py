"""What modules give a town to begin with: run once it stands, and again after a rollout brought a module something new."""

from collections.abc import Callable

from hamaynk.contract.registry import registry, resolve
from tenants.context import in_town


def set_up_town(slug: str) -> None:
    """Run the `setup` of every installed module inside the town, whether it is switched on or not. Idempotent."""
    with in_town(slug):
        for manifest in registry():
            if manifest.setup:
                setup: Callable[[], None] = resolve(manifest.setup.source)
                setup()
