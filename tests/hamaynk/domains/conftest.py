"""Name servers of our own, on this machine: real questions and answers over UDP."""

import socketserver
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest


class Zone:
    """TXT records by name; names that are not here do not exist."""

    def __init__(self):
        self.records = {}
        self.asked = []

    def answer(self, wire):
        """One question, one answer."""
        question = dns.message.from_wire(wire)
        name = str(question.question[0].name).rstrip(".")
        self.asked.append(name)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        if name in self.records:
            texts = " ".join(f'"{text}"' for text in self.records[name])
            reply.answer.append(dns.rrset.from_text(f"{name}.", 1, "IN", "TXT", texts))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


@pytest.fixture
def zone(settings):
    """The zone that the platform asks."""
    known = Zone()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            wire, link = self.request
            link.sendto(known.answer(wire), self.client_address)

    server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DNS_SERVERS = f"127.0.0.1:{server.server_address[1]}"
    yield known
    server.shutdown()
    server.server_close()
