"""Append-only, hash-chained log of who did what to which thing.

Names are loaded on first use: the package itself is imported before models can be.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hamaynk.audit.log import first_broken, record

__all__ = ["first_broken", "record"]
_PLACES = {"first_broken": "hamaynk.audit.log", "record": "hamaynk.audit.log"}


def __getattr__(name: str) -> Any:
    try:
        return getattr(import_module(_PLACES[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
