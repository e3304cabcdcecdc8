"""Tell others that a town came back: whatever they keep of it elsewhere, or would do a second time, is theirs to put right."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class RestoredTown:
    """A town as of `taken_at`. is_copy: the one it was taken from stands here too, and is not spoken for by this one."""

    slug: str
    schema: str
    taken_at: datetime
    is_copy: bool


Handler = Callable[[RestoredTown], None]
handlers: list[Handler] = []


def on_restored(handler: Handler) -> None:
    """Have `handler` called when the data stand and before anybody can reach the town. It enters the places it needs.

    A handler that fails leaves the town archived, and is called again with the next restore; so it must be idempotent.
    """
    if handler not in handlers:
        handlers.append(handler)
