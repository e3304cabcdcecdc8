"""A mail server on loopback that takes, refuses or hangs up as it is told. It speaks as much SMTP as smtplib asks for."""

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class _Talk(socketserver.StreamRequestHandler):
    server: "MailServer"

    def handle(self) -> None:
        self.server.connections += 1
        to = ""
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line.upper()
            if word.startswith("RCPT TO:"):
                to = line[8:].strip("<> ")
                code = self.server.refuse.get(to, 250)
                self._say(f"{code} {to}")
            elif word == "DATA":
                if self.server.hang_up_after is not None and len(self.server.taken) >= self.server.hang_up_after:
                    return
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append((to, b"".join(lines).decode()))
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """taken: (address, letter as it came) of what was accepted. hang_up_after: that many letters, then it goes away."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, refuse: Mapping[str, int], hang_up_after: int | None) -> None:
        self.refuse = dict(refuse)
        self.hang_up_after = hang_up_after
        self.taken: list[tuple[str, str]] = []
        self.connections = 0
        super().__init__(("127.0.0.1", 0), _Talk)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def mail_server(*, refuse: Mapping[str, int] | None = None, hang_up_after: int | None = None) -> Iterator[MailServer]:
    """Within the block it answers. refuse: address -> code of the answer."""
    with MailServer(refuse or {}, hang_up_after) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
