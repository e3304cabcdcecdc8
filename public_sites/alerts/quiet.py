"""Pages that come in by the hundred (a demo, an old site's archive) are news to nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_quiet: ContextVar[bool] = ContextVar("public_sites_quiet", default=False)


@contextmanager
def without_letters() -> Iterator[None]:
    """Whatever is published inside makes no mailing. Also a decorator."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def is_quiet() -> bool:
    """Inside `without_letters`."""
    return _quiet.get()
