"""Domain events: what has happened in a town, kept in the transaction that made it happen, delivered afterwards.

Names are loaded on first use: the package itself is imported before models can be.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hamaynk.events.event import Event, UnknownEvent

if TYPE_CHECKING:
    from hamaynk.events.outbox import (
        NotInTransaction,
        publish,
        subscribe_platform,
        wake_hooks,
    )

__all__ = ["Event", "NotInTransaction", "UnknownEvent", "publish", "subscribe_platform", "wake_hooks"]
_PLACES = {
    "NotInTransaction": "hamaynk.events.outbox",
    "publish": "hamaynk.events.outbox",
    "subscribe_platform": "hamaynk.events.outbox",
    "wake_hooks": "hamaynk.events.outbox",
}


def __getattr__(name: str) -> Any:
    try:
        return getattr(import_module(_PLACES[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
