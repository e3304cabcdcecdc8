"""What the processes stand on: ports, folders, users, certificates, and programs that are started and stopped."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support import links

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_BIN = next(
    iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))), Path()
)
SYSTEM = os.pathsep.join(["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
# Lines that no process may have written by the time it has stopped: ours in JSON by their level, the others by their words.
COMPLAINTS = re.compile(
    r'"level": ?"(?:ERROR|CRITICAL|error|panic|fatal)"|^(?!\{).*(?:\b(?:FATAL|PANIC|ERROR|CRITICAL)\b|Traceback)'
)


def missing() -> str:
    """What this machine lacks, as a sentence; empty where nothing does."""
    programs = ("caddy", "pgbouncer", "redis-server", "openssl")
    lacking = [name for name in programs if not shutil.which(name, path=SYSTEM)]
    lacking += [] if (POSTGRES_BIN / "postgres").exists() else ["postgresql"]
    if lacking:
        return f"Debian's {', '.join(lacking)} are not installed"
    if os.geteuid() != 0:
        return "only root may start each server as its own user"
    return ""


def free_ports(count: int) -> list[int]:
    """That many different ports of loopback, held together so that none comes twice."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def listens(port: int) -> bool:
    """Something accepts connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def wait_for(condition: Callable[[], Any], *, what: str) -> Any:
    """As everywhere, with the patience that a whole installation on a busy machine needs."""
    return links.wait_for(condition, seconds=300, what=what)


class Machine:
    """A folder with everything, and the programs in the order they were started."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hamaynk-server-"))
        self.folder.chmod(0o755)
        self.logs = self.make("log", "root")
        self.started: dict[str, tuple[subprocess.Popen[bytes], signal.Signals]] = {}

    def make(self, name: str, user: str, mode: int = 0o755) -> Path:
        """A folder of a user's."""
        path = self.folder / name
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        path.chmod(mode)
        shutil.chown(path, user)
        return path

    def run(self, words: Sequence[str], user: str, environment: Mapping[str, str], stdin: str = "") -> str:
        """Run to the end, as that user; what it printed."""
        done = subprocess.run(
            list(words), input=stdin, env=dict(environment), cwd=self.folder, capture_output=True, text=True,
            check=False, timeout=1800, **as_user(user),
        )  # fmt: skip
        assert done.returncode == 0, f"{words}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout

    def start(
        self, name: str, words: Sequence[str], user: str, environment: Mapping[str, str],
        end: signal.Signals = signal.SIGTERM,
    ) -> None:  # fmt: skip
        """Start and leave running; `end` is the signal that asks it to stop in order."""
        with (self.logs / name).open("ab") as log:
            child = subprocess.Popen(
                list(words), env=dict(environment), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, **as_user(user),
            )  # fmt: skip
        self.started[name] = (child, end)

    def alive(self, name: str) -> bool:
        child, _ = self.started[name]
        if child.poll() is not None:
            raise AssertionError(f"{name} has ended with {child.returncode}:\n{self.log(name)[-4000:]}")
        return True

    def stop(self, name: str) -> int:
        """Ask it to stop and wait; its exit status."""
        child, end = self.started.pop(name)
        child.send_signal(end)
        return child.wait(60)

    def log(self, name: str) -> str:
        path = self.logs / name
        return path.read_text(errors="replace") if path.exists() else ""

    def complaints(self, name: str) -> list[str]:
        """Lines of its log that tell of a fault."""
        return [line for line in self.log(name).splitlines() if COMPLAINTS.search(line)]

    def clear(self) -> None:
        """Whatever is still there is killed, last started first; the folder goes."""
        for child, _ in reversed(self.started.values()):
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def as_user(name: str) -> dict[str, object]:
    """How subprocess is told."""
    found = pwd.getpwnam(name)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}


def install(folder: Path) -> Path:
    """The wheel in an environment of its own, as on a server; what is locked comes from ours. Its folder of programs."""
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(wheels), str(_source(folder))],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    home = folder / "opt"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    (packages,) = home.glob("lib/python*/site-packages")
    (ours,) = (Path(path) for path in sys.path if path.startswith(sys.prefix) and path.endswith("site-packages"))
    (packages / "locked.pth").write_text(f"{ours}\n")
    (wheel,) = wheels.glob("*.whl")
    python = str(home / "bin/python")
    subprocess.run(
        [*pip, "--python", python, "install", "--no-deps", "--no-index", "--force-reinstall", str(wheel)],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return home / "bin"


def _source(folder: Path) -> Path:
    copy = folder / "source"
    left_out = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("platform", "tenants", "modules", "public_sites", "tasks"):
        shutil.copytree(ROOT / name, copy / name, ignore=left_out)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    return copy
