"""Stamps in the cache server: one a town and application, another number after every change.

The town is part of every key (`tenants.isolation.cache_key`). Stamps do not run out; where the cache server lost one, it
gets a new number, so that what was kept under the old one is never shown again.
"""

import logging
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import caches
from django.db import connection

from hamaynk.freshness.tables import watched_labels
from tenants.context import current_town_schema

T = TypeVar("T")
log = logging.getLogger(__name__)
_lock = threading.Lock()
_owed: dict[str, set[str]] = defaultdict(set)  # changes that the cache server has not heard of, by town


def changed(*labels: str) -> None:
    """Pages of the present town that are drawn from these applications are drawn anew from now on.

    Needed by hand only for what is no SQL of Django's: facts kept in the cache, files, psycopg's `copy()`. Call it after
    the commit. Without the cache server it is said later, by this process.
    """
    schema = current_town_schema()
    if not labels:
        return
    with _lock:
        _owed[schema].update(labels)
    _deliver(schema)


def read(name: str) -> tuple[Any, dict[str, int]] | None:
    """What is kept under `name`, and all stamps of the present town, in one question. None: nobody answers."""
    schema = current_town_schema()
    if _owed.get(schema) and not _deliver(schema):
        return None
    try:
        keys = {_key(label): label for label in watched_labels()}
        found = caches["platform"].get_many([name, *keys])
        missing = [key for key in keys if key not in found]
        if missing:
            found |= _begun(missing)
        return found.get(name), {label: int(found[key]) for key, label in keys.items()}
    except Exception as error:
        log.warning("kept pages cannot be read: %s", type(error).__name__)
        return None


def remembered(name: str, labels: tuple[str, ...], make: Callable[[], T], seconds: float = 3600) -> T:
    """What `make` gives, kept for the present town until a table of one of these applications changes."""
    looked = None if connection.in_atomic_block else read(name)  # what is not committed yet is nobody else's business
    if looked is None:
        return make()
    entry, now = looked
    stamps = {label: now[label] for label in labels}
    if isinstance(entry, dict) and entry.get("stamps") == stamps:
        value: T = entry["value"]
        return value
    made = make()
    keep(name, {"stamps": stamps, "value": made}, seconds)
    return made


def keep(name: str, entry: Any, seconds: float) -> None:
    """Keep an entry, if it can be."""
    try:
        caches["platform"].set(name, entry, seconds)
    except Exception as error:
        log.warning("a page cannot be kept: %s", type(error).__name__)


def count(name: str, seconds: float) -> int | None:
    """How often this was called for `name` within `seconds`, this time included; None where nobody answers."""
    try:
        caches["platform"].add(name, 0, seconds)
        return int(caches["platform"].incr(name))
    except Exception:  # away, or it ran out between the two: both are rare, and not counted
        return None


def _begun(keys: list[str]) -> dict[str, Any]:
    """Numbers of stamps that were never set; of several processes that begin one, the first one's holds."""
    cache = caches["platform"]
    for key in keys:
        cache.add(key, _number(), None)
    return dict(cache.get_many(keys))


def _deliver(schema: str) -> bool:
    """Tell the cache server what it has not heard of yet; False where it does not answer."""
    with _lock:
        labels = _owed.pop(schema, set())
    try:
        caches["platform"].set_many({_key(label): _number() for label in labels}, None)
    except Exception as error:
        with _lock:
            _owed[schema] |= labels
        log.warning("a change of pages is not told yet: %s", type(error).__name__)
        return False
    return True


def _key(label: str) -> str:
    return f"freshness:{label}"


def _number() -> int:
    """Another one each time, also after a loss; an int, because Django's cache does not pickle these."""
    return secrets.randbits(62)
