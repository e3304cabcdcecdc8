"""Indicator observations of one town: the only figures that may leave it.

Names are loaded on first use: the package itself is imported before models can be.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hamaynk.statistics.observing import (
        ObservationRecorded,
        UndeclaredIndicator,
        observe,
    )

__all__ = ["ObservationRecorded", "UndeclaredIndicator", "observe"]
_PLACES = {
    "ObservationRecorded": "hamaynk.statistics.observing",
    "UndeclaredIndicator": "hamaynk.statistics.observing",
    "observe": "hamaynk.statistics.observing",
}


def __getattr__(name: str) -> Any:
    try:
        return getattr(import_module(_PLACES[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
