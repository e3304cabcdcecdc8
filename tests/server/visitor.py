"""A visitor over TLS: resolves every host to this machine, keeps cookies by host as a browser does, fills in forms."""

import http.client
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http.cookies import Morsel, SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

BOUNDARY = "hamaynk-boundary-4711"
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def place(self) -> str:
        """Path of the address one is sent to."""
        parts = urlsplit(self.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")


class _Connection(http.client.HTTPSConnection):
    """Goes to this machine whatever the host is called; SNI and certificate are checked for the host."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=60)
        self.tls = context

    def connect(self) -> None:
        self.sock = self.tls.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), 60), server_hostname=self.host
        )


class Visitor:
    """At one host. `cookies` are those of the host alone."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext) -> None:
        self.host, self.port, self.context = host, port, context
        self.cookies: dict[str, Morsel[str]] = {}

    @property
    def origin(self) -> str:
        return f"https://{self.host}:{self.port}"

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = NOTHING) -> Answer:
        """One request; follows nothing."""
        connection = _Connection(self.host, self.port, self.context)
        jar = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        sent = {"Host": f"{self.host}:{self.port}", "Accept-Encoding": "identity"} | ({"Cookie": jar} if jar else {})
        try:
            connection.request(method, path, body, sent | dict(headers))
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self.keep(found)
        return found

    def keep(self, answer: Answer) -> None:
        """The cookies of an answer; those that it takes back go."""
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel
                if morsel["max-age"] == "0":
                    del self.cookies[name]

    def get(self, path: str, **headers: str) -> Answer:
        """Headers by name, with _ for -."""
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, fields: Mapping[str, Any], **files: tuple[str, bytes]) -> Answer:
        """Send a form that was looked at before: with its token, from our own page."""
        token = self.cookies.get("__Host-csrftoken")
        given = {"csrfmiddlewaretoken": token.value if token else "", **fields}
        headers = {"Origin": self.origin, "Referer": f"{self.origin}{path}"}
        if not files:
            kind, body = "application/x-www-form-urlencoded", urlencode(given).encode()
        else:
            kind, body = f"multipart/form-data; boundary={BOUNDARY}", _multipart(given, files)
        return self.ask("POST", path, body, headers | {"Content-Type": kind})

    def fill_in(self, path: str, fields: Mapping[str, Any], **files: tuple[str, bytes]) -> Answer:
        """Look at a page, then send its form."""
        page = self.get(path)
        assert page.status == 200, (path, page.status, page.text[:2000])
        return self.post(path, fields, **files)

    def accept(self, link: str, password: str) -> None:
        """The link of an invitation, and the first sign-in."""
        parts = urlsplit(link)
        assert parts.netloc == f"{self.host}:{self.port}", link
        answer = self.fill_in(parts.path, {"password1": password, "password2": password})
        assert answer.status == 302, answer.text[:3000]

    def sign_in(self, email: str, password: str) -> Answer:
        return self.fill_in("/accounts/login/", {"login": email, "password": password})


def _multipart(fields: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for field, (name, content) in files.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def links(page: str, pattern: str) -> list[str]:
    """Addresses in a page that fit the expression."""
    return [unescape(found) for found in re.findall(rf'(?:href|src|action)="({pattern})"', page)]
