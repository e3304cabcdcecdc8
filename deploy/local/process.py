"""Ports, locks, disk space and child processes: what the local servers and the demo launcher share."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

LOOPBACK_V4 = "127.0.0.1"
LOOPBACK_V6 = "::1"
# With less than this left, a failure nobody can explain is the disk's: PostgreSQL writes its log in 16 MB segments.
TIGHT_SPACE = 16 * 1024 * 1024
FULL_DISK_WORDS = ("No space left on device", "Disk quota exceeded")
_PR_SET_PDEATHSIG = 1


class LocalServerError(Exception):
    """A foreseen failure, told in one sentence that is fit to show to the person who typed the command."""


# --- ports -----------------------------------------------------------------------------------------------------------


def has_ipv6_loopback() -> bool:
    """Tell whether ::1 can be listened on; containers often have no IPv6 at all."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind((LOOPBACK_V6, 0))
    except OSError:
        return False
    return True


def is_listening(host: str, port: int, timeout: float = 1.0) -> bool:
    """Tell whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False


def port_problem(port: int, name: str, *, also_ipv6: bool = False) -> str | None:
    """Return one sentence saying why `port` cannot be used for `name`, or None when it is free."""
    hosts = [(LOOPBACK_V4, socket.AF_INET)]
    if also_ipv6 and has_ipv6_loopback():
        hosts.append((LOOPBACK_V6, socket.AF_INET6))
    for host, family in hosts:
        # Connecting as well as binding: macOS lets one bind a specific address below somebody's wildcard listener.
        if is_listening(host, port):
            return f"Port {port} for {name} is busy: another program already listens on it."
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As servers do; without it a restart within a minute would trip over closed connections.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                return f"Port {port} for {name} needs administrator rights."
            except OSError:
                return f"Port {port} for {name} is busy: another program already listens on it."
    return None


def free_port() -> int:
    """Return a TCP port of the IPv4 loopback that nobody uses at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK_V4, 0))
        return int(probe.getsockname()[1])


# --- disk ------------------------------------------------------------------------------------------------------------


def disk_is_full(directory: Path) -> bool:
    """Tell whether the file system of `directory` has practically nothing left."""
    with contextlib.suppress(OSError):
        return shutil.disk_usage(nearest_existing(directory)).free < TIGHT_SPACE
    return False


def full_disk_sentence(directory: Path) -> str:
    """Return the one sentence for a full disk."""
    return f"The disk holding {directory} is full; free some space and run the same command again."


def nearest_existing(path: Path) -> Path:
    """Return `path`, or its closest parent that exists."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


@contextlib.contextmanager
def plain_os_errors(directory: Path) -> Iterator[None]:
    """Turn the operating system's refusals about `directory` into one sentence each."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise LocalServerError(full_disk_sentence(directory)) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            place = error.filename or directory
            raise LocalServerError(f"No permission to use {place}; it belongs to another user.") from error
        raise


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, complete or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    draft.replace(path)


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log file, or nothing when there is none."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - 16384))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-lines:])


class FolderLock:
    """An advisory lock that the operating system frees by itself however its holder ends."""

    def __init__(self, path: Path) -> None:
        """Name the lock file; nothing is taken yet."""
        self.path = path
        self._stream: IO[str] | None = None

    def acquire(self) -> bool:
        """Take the lock and note our process id in it; False when another process holds it."""
        import fcntl  # not on Windows, where only the Docker path is offered

        stream = self.path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            stream.close()
            if error.errno in (errno.EAGAIN, errno.EACCES):
                return False
            raise
        stream.truncate(0)
        stream.write(str(os.getpid()))
        stream.flush()
        self._stream = stream
        return True

    def holder(self) -> str:
        """Return the process id noted in the lock file, for messages."""
        with contextlib.suppress(OSError):
            return self.path.read_text(encoding="utf-8").strip()
        return ""

    def release(self) -> None:
        """Give the lock back; the file stays, because removing it would race with the next holder."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


# --- child processes -------------------------------------------------------------------------------------------------


def spawn(
    command: Sequence[str],
    output: IO[bytes] | int | None,
    *,
    errors: IO[bytes] | int = subprocess.STDOUT,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death_signal: int = signal.SIGTERM,
    identity: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that the terminal's Ctrl-C reaches only the launcher.

    On Linux the child also gets `death_signal` if the launcher is killed outright. The kernel ties that signal to the
    *thread* that started the child, so it is only asked for from the main thread.
    """
    from_main_thread = threading.current_thread() is threading.main_thread()
    wants_signal = sys.platform == "linux" and from_main_thread
    parent = os.getpid()
    # Loaded before the fork: little but system calls is safe between fork and exec.
    prctl = ctypes.CDLL(None).prctl if wants_signal else None

    def prepare() -> None:
        if identity is not None:
            identity()
        # After the change of identity, which would clear it.
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died between the fork and the line above
                os._exit(1)

    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        env=None if env is None else dict(env),
        cwd=cwd,
        start_new_session=True,
        preexec_fn=prepare if (identity or prctl) else None,  # noqa: PLW1509 - the launcher starts children from one thread
    )


def stop_child(child: subprocess.Popen[bytes], first: int, patience: float, then: int = signal.SIGKILL) -> None:
    """End a child we started: signal, wait, insist, and sweep up whatever its session still holds."""
    if child.poll() is None:
        child.send_signal(first)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            child.send_signal(then)
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
    # The child led its own session, so its process id is also its group's.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def stop_children(children: Sequence[subprocess.Popen[bytes]], patience: float) -> None:
    """End several children at the same time, so that the patience is spent once and not once each."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + patience
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        stop_child(child, signal.SIGKILL, 5)


def find_process(pid: int, program: str, argument: str) -> psutil.Process | None:
    """Return process `pid` only if it really is `program` started with `argument`; ids are reused."""
    try:
        process = psutil.Process(pid)
        words = process.cmdline()
    except psutil.Error:
        return None
    if words and Path(words[0]).name == program and argument in words:
        return process
    return None


def end_process(process: psutil.Process, signals: Sequence[int], patience: float) -> bool:
    """End a process that is not our child, trying the signals in order; tell whether it went."""

    def gone() -> bool:
        # In a container nobody may collect it, so a zombie is as good as gone.
        try:
            return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    for number in signals:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        if wait_until(gone, lambda: True, patience):
            return True
    return False


def wait_until(ready: Callable[[], bool], alive: Callable[[], bool], patience: float) -> bool:
    """Poll until `ready`; False as soon as `alive` is not, or when patience runs out."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if ready():
            return True
        if not alive():
            return ready()
        time.sleep(0.05)
    return False
