"""A steady flow of requests through the proxy: residents who read, clerks who sign in and write. Everything is noted."""

import http.client
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PASSWORD = "correct-horse-battery"


@dataclass
class Answer:
    """Status and text."""

    status: int
    text: str


@dataclass
class Person:
    """Somebody at one host, with cookies of their own. Each request has a connection of its own."""

    port: int
    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, data: dict[str, str] | None = None) -> Answer:
        """GET, or POST where there are data."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=180)
        try:
            headers = {"Host": self.host, "Referer": f"https://{self.host}/", "Connection": "close"}
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
            body = None
            if data is not None:
                body = urlencode(data)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            link.request("POST" if data is not None else "GET", path, body, headers)
            answer = link.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.cookies |= {name: item.value for name, item in SimpleCookie(line).items()}
            return Answer(answer.status, text)
        finally:
            link.close()

    def submit(self, path: str, *, form: str = "", **data: str) -> Answer:
        """Fetch the form, then send it, as a browser does."""
        page = self.ask(form or path)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        if page.status != 200 or not found:
            return Answer(page.status if page.status != 200 else 599, page.text)
        return self.ask(path, {"csrfmiddlewaretoken": found.group(1), **data})

    def sign_in(self, email: str) -> Answer:
        """Through the form."""
        return self.submit("/accounts/login/", login=email, password=PASSWORD)


class Flow:
    """Persons in threads. `done` counts what succeeded, `failed` lists what did not, `written` what was acknowledged."""

    def __init__(self, port: int, base: str, towns: tuple[str, ...]) -> None:
        self.port, self.base, self.towns = port, base, towns
        self.done: Counter[str] = Counter()
        self.failed: list[str] = []
        self.written: dict[str, list[str]] = {town: [] for town in towns}
        self._lock = threading.Lock()
        self._end = threading.Event()

    def office(self, town: str) -> Person:
        """A clerk's browser."""
        return Person(self.port, f"{town}.office.{self.base}")

    def site(self, town: str) -> Person:
        """A resident's browser."""
        return Person(self.port, f"{town}.{self.base}")

    def _note(self, what: str, wanted: int, ask: Callable[[], Answer]) -> bool:
        try:
            answer = ask()
            fault = "" if answer.status == wanted else f"{what}: {answer.status} {answer.text[:200]!r}"
        except (OSError, http.client.HTTPException) as error:
            fault = f"{what}: {type(error).__name__} {error}"
        with self._lock:
            if fault:
                self.failed.append(fault)
            else:
                self.done[what] += 1
        return not fault

    def _read(self, town: str) -> None:
        while not self._end.wait(0.1):
            for path in ("/", "/noticeboard/"):
                self._note("read", 200, lambda path=path: self.site(town).ask(path))  # type: ignore[misc]

    def _write(self, town: str) -> None:
        clerk, number = self.office(town), 0
        self._note("sign-in", 302, lambda: clerk.sign_in("clerk@example.am"))
        while not self._end.wait(0.1):
            number += 1
            text = f"{town} {number}"
            if self._note("write", 302, lambda text=text: clerk.submit("/noticeboard/", text=text)):  # type: ignore[misc]
                self.written[town].append(text)

    def _sign_in(self, town: str) -> None:
        while not self._end.wait(4):  # the platform lets thirty a minute through from one address
            self._note("sign-in", 302, lambda: self.office(town).sign_in("clerk@example.am"))

    @contextmanager
    def running(self) -> Iterator["Flow"]:
        """While the block runs."""
        work = [(kind, town) for town in self.towns for kind in (self._read, self._write, self._sign_in)]
        threads = [threading.Thread(target=kind, args=(town,)) for kind, town in work]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._end.set()
            for thread in threads:
                thread.join(200)

    def goes_on(self) -> Callable[[], bool]:
        """A question that is answered yes once every kind of request has succeeded again, or one has failed."""
        with self._lock:
            before, failed = self.done.copy(), len(self.failed)

        def answered() -> bool:
            more = self.done - before
            return len(self.failed) > failed or (more["read"] > 6 and more["write"] > 3)

        return answered
