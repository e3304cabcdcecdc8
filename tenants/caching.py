"""A cache that may be away: whoever asks gets "nothing there", and the page is served all the same.

While the cache server does not answer, limits of sign-in attempts do not count; the log says so at most once a minute.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from redis import Redis
from redis.exceptions import ConnectionError as Away
from redis.exceptions import TimeoutError as Slow

log = logging.getLogger(__name__)
SILENCE_SECONDS = 60.0


class DispensableCache(RedisCache):
    """Django's Redis cache; connection faults become misses."""

    _said_at = -SILENCE_SECONDS

    def _try(self, call: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return call()
        except (Away, Slow) as fault:
            now = time.monotonic()
            if now - DispensableCache._said_at >= SILENCE_SECONDS:
                DispensableCache._said_at = now
                log.error("the cache server is away (%s): served without it", type(fault).__name__)
            return otherwise

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True where nobody can say that the key is there already."""
        return bool(self._try(lambda: super(DispensableCache, self).add(*args, **kwargs), True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, else `default`."""
        return self._try(lambda: super(DispensableCache, self).get(key, default, version), default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep a value if possible."""
        self._try(lambda: super(DispensableCache, self).set(*args, **kwargs), None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """False where the key cannot be reached."""
        return bool(self._try(lambda: super(DispensableCache, self).touch(*args, **kwargs), False))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """False where the key cannot be reached."""
        return bool(self._try(lambda: super(DispensableCache, self).delete(*args, **kwargs), False))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """What can be had."""
        return dict(self._try(lambda: super(DispensableCache, self).get_many(*args, **kwargs), {}))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """False where the key cannot be reached."""
        return bool(self._try(lambda: super(DispensableCache, self).has_key(*args, **kwargs), False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The new value, else `delta`, as if counting had begun now."""
        return int(self._try(lambda: super(DispensableCache, self).incr(key, delta, version), delta))


def forget_place(schema: str) -> int:
    """Drop whatever the cache server keeps of one place: a restored town must not show what a former one left there.

    Returns how many entries. Raises what the server's client raises where it does not answer.
    """
    link = Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=5)
    dropped = 0
    for key in link.scan_iter(match=f"{settings.DEPLOYMENT}:{schema}:*", count=1000):
        dropped += int(link.delete(key))
    link.close()
    return dropped
