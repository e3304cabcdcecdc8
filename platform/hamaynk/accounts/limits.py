"""How often somebody unknown may send a form: counted by address, in the cache, for a while."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def within_limit(request: HttpRequest, action: str, *, most: int, seconds: int) -> bool:
    """Counts one attempt; False where the address has had `most` within `seconds`."""
    return within_limit_of(str(get_adapter(request).get_client_ip(request)), action, most=most, seconds=seconds)


def within_limit_of(whom: str, action: str, *, most: int, seconds: int) -> bool:
    """The same for anything that tells one from another, e.g. an e-mail address.

    It is not kept itself, only a keyed hash of it. Without the cache server nothing is counted.
    """
    key = f"limit:{action}:{salted_hmac('hamaynk.accounts.limits', whom, algorithm='sha256').hexdigest()}"
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key)) <= most
    except ValueError:  # it ran out between the two: a new while begins
        cache.set(key, 1, seconds)
        return True
