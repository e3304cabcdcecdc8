"""One installation for all journeys, stopped in order by the last of them."""

import os
import socketserver
import threading
from collections.abc import Iterator

import pytest

from tests.hamaynk.domains.conftest import Zone
from tests.server.machine import Machine, missing
from tests.server.stack import Stack
from tests.support.mail_server import MailServer, mail_server


@pytest.fixture(scope="session")
def post() -> Iterator[MailServer]:
    """The mail server that letters go to."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def names() -> Iterator[tuple[Zone, int]]:
    """The name server that is asked for proofs, and its port."""
    zone = Zone()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, link = self.request
            link.sendto(zone.answer(wire), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield zone, int(server.server_address[1])
        server.shutdown()


@pytest.fixture(scope="session")
def stack(post: MailServer, names: tuple[Zone, int]) -> Iterator[Stack]:
    """Everything up, by the files under deploy/."""
    if lack := missing():
        if os.environ.get("CI"):
            pytest.fail(f"{lack}, and in CI this test is not skipped")
        pytest.skip(lack)
    machine = Machine()
    try:
        more = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.port), "EMAIL_USE_TLS": "no"}
        made = Stack(machine, more | {"DNS_SERVERS": f"127.0.0.1:{names[1]}"})
        made.up()
        yield made
    finally:
        machine.clear()
