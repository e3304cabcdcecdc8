"""What the local PostgreSQL and Valkey share: a directory, its lock, a port, starting and stopping."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from .process import (
    FULL_DISK_WORDS,
    FolderLock,
    LocalServerError,
    disk_is_full,
    free_port,
    full_disk_sentence,
    plain_os_errors,
    port_problem,
    stop_child,
    tail,
    wait_until,
    write_private,
)

START_SECONDS = 60.0
STOP_SECONDS = 30.0
START_TRIES = 3


class LocalServer:
    """A server process that lives in one directory and listens on one loopback port."""

    name: ClassVar[str]

    def __init__(self, directory: Path, port: int | None = None) -> None:
        """Name the directory; without a port a free one is chosen and kept for the next start."""
        self.directory = directory.resolve()
        self.log = self.directory / "server.log"
        self._asked_port = port
        self._port: int | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = FolderLock(self.directory / "lock")

    def __enter__(self) -> Self:
        """Start the server."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the server."""
        self.stop()

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1, known once started."""
        if self._port is None:
            raise LocalServerError(f"{self.name} has not been started.")
        return self._port

    @property
    def running(self) -> bool:
        """Whether the server process is alive."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers; LocalServerError says in one sentence why it cannot."""
        with plain_os_errors(self.directory):
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self._lock.acquire():
                raise LocalServerError(
                    f"{self.name} in {self.directory} is already run by process {self._lock.holder()}; stop that first."
                )
            try:
                self._stop_leftover()
                self._prepare()
                self._start_on_some_port()
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stop the server cleanly; harmless when it does not run."""
        if self._child is not None:
            self._end(self._child)
            self._child = None
        self._lock.release()

    def stop_leftover(self) -> None:
        """Stop a server that an earlier, crashed launcher left running in this directory."""
        if self.directory.exists() and self._lock.acquire():
            try:
                self._stop_leftover()
            finally:
                self._lock.release()

    def _start_on_some_port(self) -> None:
        """Start on the asked or remembered port; a port lost to somebody in the meantime is replaced."""
        lost_port = False
        for _ in range(START_TRIES):
            self._port = self._choose_port(fresh=lost_port)
            with self.log.open("wb") as log:
                self._child = self._launch(log)
            child = self._child
            if wait_until(self._ready, lambda child=child: child.poll() is None, START_SECONDS):  # type: ignore[misc]
                return
            self._end(child)
            self._child = None
            output = tail(self.log, 40)
            lost_port = "Address already in use" in output
            # After a crash the last sessions of the old server may take a moment to notice.
            lingering = "shared memory block" in output and "still in use" in output
            if not lost_port and not lingering:
                raise LocalServerError(self._failure(output))
            time.sleep(1 if lingering else 0)
        if lost_port:
            raise LocalServerError(f"Port {self._port} for {self.name} is busy: another program already listens on it.")
        raise LocalServerError(self._failure(tail(self.log, 40)))

    def _choose_port(self, *, fresh: bool) -> int:
        """Return the port to use: the one asked for, else the one of last time, else a free one."""
        if self._asked_port is not None:
            problem = port_problem(self._asked_port, self.name)
            if problem:
                raise LocalServerError(problem)
            return self._asked_port
        note = self.directory / "port"
        if not fresh and note.exists():
            text = note.read_text(encoding="utf-8").strip()
            if text.isdigit() and port_problem(int(text), self.name) is None:
                return int(text)
        port = free_port()
        write_private(note, f"{port}\n")
        return port

    def _failure(self, output: str) -> str:
        """Turn what a server or initdb wrote before giving up into one sentence."""
        if any(words in output for words in FULL_DISK_WORDS) or disk_is_full(self.directory):
            return full_disk_sentence(self.directory)
        lines = [line for line in output.splitlines() if line.strip()]
        telling = [line for line in lines if "FATAL:" in line or "error:" in line or "PANIC:" in line] or lines
        reason = telling[0].split("FATAL:")[-1].strip() if telling else "it wrote no reason"
        return f"{self.name} did not start: {reason} (its log is {self.log})."

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the process on the chosen port."""
        raise NotImplementedError

    def _ready(self) -> bool:
        """Tell whether the process answers."""
        raise NotImplementedError

    def _prepare(self) -> None:
        """Make the directory ready for a start."""

    def _stop_leftover(self) -> None:
        """Stop the process of a crashed launcher, if it really is ours."""
        raise NotImplementedError

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        """Stop the process we started."""
        stop_child(child, signal.SIGTERM, STOP_SECONDS)


def package_folder(package: str) -> Path:
    """Return where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise LocalServerError(f"The package {package} is not installed; run `make setup`.")
    return Path(spec.origin).resolve().parent


def is_alive(pid: int) -> bool:
    """Tell whether a process with this id exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def clean_environment() -> dict[str, str]:
    """Return our environment without PG* variables, which would change what the server does, and in English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
