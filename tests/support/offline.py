"""No network: whoever opens a connection to anywhere but this machine's own servers fails."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class NetworkUsed(AssertionError):
    """Something wanted the network."""


@contextmanager
def no_network() -> Iterator[None]:
    """Within the block every connection and every look-up of a name fails with NetworkUsed."""

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise NetworkUsed(f"the network was wanted: {args[:2]!r}")

    with (
        patch.object(socket.socket, "connect", refuse),
        patch.object(socket.socket, "connect_ex", refuse),
        patch.object(socket, "create_connection", refuse),
        patch.object(socket, "getaddrinfo", refuse),
    ):
        yield
