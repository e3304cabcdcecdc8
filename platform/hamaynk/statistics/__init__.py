"""Indicator observations of one town: the only figures that may leave it; and the means that come back to it.

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
    from hamaynk.statistics.reference_values import Mean, Reference, references

__all__ = ["Mean", "ObservationRecorded", "Reference", "UndeclaredIndicator", "observe", "references"]
_OBSERVING, _REFERENCES = "hamaynk.statistics.observing", "hamaynk.statistics.reference_values"
_PLACES = {
    "Mean": _REFERENCES,
    "ObservationRecorded": _OBSERVING,
    "Reference": _REFERENCES,
    "UndeclaredIndicator": _OBSERVING,
    "observe": _OBSERVING,
    "references": _REFERENCES,
}


def __getattr__(name: str) -> Any:
    try:
        return getattr(import_module(_PLACES[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
