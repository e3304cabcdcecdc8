"""`make demo`: the whole of Hamaynk on one machine, started and stopped together.

Run by `python -m deploy.local.demo`; `python -m deploy.local.demo reset` forgets everything.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from hamaynk.config import processes

from .environment import (
    DATABASE_NAME,
    DemoPlace,
    check_reachable,
    load_secrets,
    process_environment,
    with_database,
)
from .process import (
    FULL_DISK_WORDS,
    LOOPBACK_V4,
    LOOPBACK_V6,
    FolderLock,
    LocalServerError,
    disk_is_full,
    full_disk_sentence,
    has_ipv6_loopback,
    plain_os_errors,
    port_problem,
    spawn,
    stop_child,
    stop_children,
    tail,
)
from .servers import LocalPostgres, LocalValkey

ROOT = Path(__file__).resolve().parents[2]
WEB_SECONDS = 90.0
STOP_SECONDS = 10.0
USAGE = "Usage: python -m deploy.local.demo [reset]"


class StopAskedError(BaseException):
    """Ctrl-C or a termination signal; not an Exception, so that nothing on the way swallows it."""


def say(text: str) -> None:
    """Print a line at once; a closed terminal must not keep us from stopping cleanly."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def complain(text: str) -> None:
    """Print a line to stderr, with the same care."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def long_running(place: DemoPlace) -> dict[str, list[str]]:
    """Return the command of every long-running process, in the order of starting."""
    addresses = [f"{LOOPBACK_V4}:{place.port}"]
    if has_ipv6_loopback():
        addresses.append(f"[{LOOPBACK_V6}]:{place.port}")
    sizes = {
        "WEB_BIND": " ".join(addresses),
        "STOP_SECONDS": "5",
        "BEAT_SCHEDULE": str(place.home / "beat-schedule"),
    }
    return {name: processes.command(name, sizes) for name in ("web", "worker", "provisioner", "beat")}


class Demo:
    """One run of the demo, from the first check to the last process stopped."""

    def __init__(self, place: DemoPlace) -> None:
        """Nothing is started or written yet."""
        self.place = place
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.postgres: LocalPostgres | None = None
        self.valkey: LocalValkey | None = None
        self.database_url = ""
        self.redis_url = ""
        self.secrets: dict[str, str] = {}

    def run(self) -> int:
        """Start everything, wait for Ctrl-C or a failure, stop everything; return the exit status."""
        status = 0
        with demo_lock(self.place), stop_signals():
            try:
                self.start_and_watch()
            except StopAskedError:
                say("\nStopping ...")
            except LocalServerError as error:
                complain(f"demo: {error}")
                status = 1
            finally:
                ignore_signals()
                self.stop()
            if status == 0 or self.children:  # after a refusal to start there is nothing to report
                say("Stopped.")
        return status

    def start_and_watch(self) -> None:
        """Start everything and stay until something ends it; from then on further signals are ignored."""
        try:
            with plain_os_errors(self.place.home):
                self.start()
                self.watch()
        finally:
            ignore_signals()

    def start(self) -> None:
        """Bring everything up and print the addresses."""
        began = time.monotonic()
        problem = port_problem(self.place.port, "the website", also_ipv6=True)
        if problem:
            raise LocalServerError(f"{problem[:-1]}; choose another, for example `make demo PORT=8100`.")
        self.place.logs.mkdir(parents=True, exist_ok=True)
        self.secrets = load_secrets(self.place.home / "secrets.json", os.environ)
        self.start_servers()
        say("Preparing the platform ...")
        self.manage("platform", "prepare")
        say("Preparing the demo towns ...")
        self.manage("demo", "seed")
        say("Starting the website and its workers ...")
        for name, command in long_running(self.place).items():
            self.start_child(name, command)
        self.wait_for_web()
        self.manage("demo", "addresses")
        say(f"\nReady after {time.monotonic() - began:.0f} s.")
        say(f"Ctrl-C stops everything. Data stays in {self.shown(self.place.home)}; `make demo-reset` clears it.")

    def start_servers(self) -> None:
        """Start PostgreSQL and Valkey, or check those that DATABASE_URL and REDIS_URL name."""
        if self.place.database_url:
            check_reachable("DATABASE_URL", self.place.database_url)
            self.database_url = self.place.database_url
        else:
            self.postgres = LocalPostgres(self.place.home / "postgres")
            how = "creating its files, a few seconds the first time" if self.postgres.is_new else "starting"
            say(f"PostgreSQL: {how} ...")
            self.postgres.start()
            self.database_url = with_database(self.postgres.url, DATABASE_NAME)
        if self.place.redis_url:
            check_reachable("REDIS_URL", self.place.redis_url)
            self.redis_url = self.place.redis_url
        else:
            say("Valkey: starting ...")
            self.valkey = LocalValkey(self.place.home / "valkey")
            self.valkey.start()
            self.redis_url = self.valkey.url

    def environment(self, process: str) -> dict[str, str]:
        """Return the environment of one process."""
        return process_environment(
            self.place,
            process,
            database_url=self.database_url,
            redis_url=self.redis_url,
            kept_secrets=self.secrets,
        )

    def manage(self, *arguments: str) -> None:
        """Run a management command to its end: its output on the screen, its errors kept for one clear sentence."""
        title = " ".join(arguments)
        log_path = self.place.logs / f"{'-'.join(arguments)}.log"
        with log_path.open("wb") as errors:
            command = [sys.executable, str(self.place.root / "manage.py"), *arguments]
            child = spawn(
                command,
                None,
                errors=errors,
                env=self.environment("manage"),
                cwd=self.place.root,
            )
            try:
                child.wait()
            finally:
                stop_child(child, signal.SIGTERM, STOP_SECONDS)
        if child.returncode != 0:
            raise LocalServerError(self.explain(f"`manage.py {title}` failed", log_path))

    def start_child(self, name: str, command: Sequence[str]) -> None:
        """Start one long-running process with a log of its own."""
        with (self.place.logs / f"{name}.log").open("wb") as log:
            self.children[name] = spawn(command, log, env=self.environment(name), cwd=self.place.root)

    def wait_for_web(self) -> None:
        """Wait until the website answers."""
        deadline = time.monotonic() + WEB_SECONDS
        while not web_answers(self.place.port):
            self.check_children()
            if time.monotonic() > deadline:
                raise LocalServerError(
                    self.explain(f"The website did not answer within {WEB_SECONDS:.0f} s", self.place.logs / "web.log")
                )
            time.sleep(0.1)

    def watch(self) -> None:
        """Return never: a process that ends by itself, or a signal, ends this with an exception."""
        while True:
            self.check_children()
            time.sleep(0.5)

    def check_children(self) -> None:
        """Raise when one of the processes has ended by itself."""
        for server in (self.postgres, self.valkey):
            if server is not None and not server.running:
                raise LocalServerError(self.explain(f"{server.name} ended by itself", server.log))
        for name, child in self.children.items():
            if child.poll() is not None:
                raise LocalServerError(
                    self.explain(f"The {name} process ended by itself", self.place.logs / f"{name}.log")
                )

    def explain(self, what: str, log: Path) -> str:
        """Return one sentence for a failure, followed by the end of the log unless the reason is known."""
        lines = tail(log)
        if any(words in lines for words in FULL_DISK_WORDS) or disk_is_full(self.place.home):
            return full_disk_sentence(self.place.home)
        place = self.shown(log)
        return f"{what}; the end of {place}:\n{lines}" if lines else f"{what} and wrote nothing to {place}."

    def stop(self) -> None:
        """Stop in the order of dependence: nobody may lose the database under an unfinished task."""
        for names in (("web", "beat"), ("worker", "provisioner")):
            stop_children([self.children[name] for name in names if name in self.children], STOP_SECONDS)
        for server in (self.valkey, self.postgres):
            if server is not None:
                server.stop()

    def shown(self, path: Path) -> str:
        """Return a path as the reader sees it, from the folder of the source."""
        return str(path.relative_to(self.place.root)) if path.is_relative_to(self.place.root) else str(path)


def web_answers(port: int) -> bool:
    """Tell whether the website's health check succeeds."""
    connection = http.client.HTTPConnection(LOOPBACK_V4, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextlib.contextmanager
def demo_lock(place: DemoPlace) -> Iterator[None]:
    """Hold the folder for one demo at a time; the lock lies beside the data, because a reset removes those."""
    with plain_os_errors(place.var):
        place.var.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(place.var / "demo.lock")
        if not lock.acquire():
            raise LocalServerError(
                f"A demo is already running in this folder (process {lock.holder()}); stop it with Ctrl-C first."
            )
    try:
        yield
    finally:
        lock.release()


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ignore_signals() -> None:
    """Let nothing interrupt an orderly stop: a second Ctrl-C would only leave something running."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def stop_signals() -> Iterator[None]:
    """Turn the signals that mean `stop` into StopAskedError, once."""

    def ask(number: int, frame: FrameType | None) -> None:
        ignore_signals()
        raise StopAskedError

    before = {number: signal.signal(number, ask) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def reset(place: DemoPlace) -> int:
    """Remove the demo's data, unless a demo is using them."""
    with demo_lock(place), plain_os_errors(place.home):
        if not place.home.exists():
            say("There are no demo data to remove.")
            return 0
        for server in (LocalValkey(place.home / "valkey"), LocalPostgres(place.home / "postgres")):
            server.stop_leftover()
        shutil.rmtree(place.home)
        say(f"Removed {place.home}.")
    return 0


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run the launcher and return its exit status."""
    try:
        place = DemoPlace.from_environment(root, os.environ)
        if list(arguments) == ["reset"]:
            return reset(place)
        if arguments:
            raise LocalServerError(USAGE)
        return Demo(place).run()
    except LocalServerError as error:
        complain(f"demo: {error}")
    except (KeyboardInterrupt, StopAskedError):
        say("\nStopped.")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
