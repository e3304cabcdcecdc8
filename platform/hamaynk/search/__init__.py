"""Search of one town's public site: what modules contribute, found by its words in three languages (R53, R50).

Names are loaded on first use: the package itself is imported before models can be.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hamaynk.search.indexing import put, refresh, refresh_all, remove
    from hamaynk.search.selectors import search, suggest

__all__ = ["put", "refresh", "refresh_all", "remove", "search", "suggest"]
_INDEXING, _SELECTORS = "hamaynk.search.indexing", "hamaynk.search.selectors"
_PLACES = {
    "put": _INDEXING,
    "refresh": _INDEXING,
    "refresh_all": _INDEXING,
    "remove": _INDEXING,
    "search": _SELECTORS,
    "suggest": _SELECTORS,
}


def __getattr__(name: str) -> Any:
    try:
        return getattr(import_module(_PLACES[name]), name)
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
