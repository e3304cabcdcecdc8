"""The demo launcher: what it refuses, what it hands to whom, and one whole start and stop with stand-ins."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import demo, environment
from deploy.local.environment import (
    DemoPlace,
    load_secrets,
    process_environment,
    without_credentials,
)
from deploy.local.process import LOOPBACK_V4, FolderLock, LocalServerError, free_port

ROOT = Path(__file__).resolve().parents[2]
OWNER = "postgres://owner:s3cret@127.0.0.1:5433/hamaynk"


@pytest.fixture
def place(tmp_path: Path) -> DemoPlace:
    """A demo in an empty folder."""
    return DemoPlace(ROOT, tmp_path / "var", free_port(), None, None)


def launch(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher as `make demo` does."""
    clean = {key: text for key, text in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "PORT")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.local.demo", *arguments],
        cwd=ROOT,
        env=clean | variables,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server((LOOPBACK_V4, 0)) as listener:
        yield listener.getsockname()[1]


def test_busy_port_is_one_sentence(tmp_path: Path, busy_port: int) -> None:
    done = launch(PORT=str(busy_port), HAMAYNK_VAR=str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"demo: Port {busy_port} for the website is busy: another program already listens on it; "
        "choose another, for example `make demo PORT=8100`.\n"
    )


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "http"}, "PORT must be a number from 1 to 65535, not `http`."),
        ({"PORT": "70000"}, "PORT must be a number from 1 to 65535, not `70000`."),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL must begin with `postgres://`."),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL must begin with `redis://`."),
        ({"DATABASE_URL": "postgres://localhost:port/x"}, "DATABASE_URL is not a valid address."),
    ],
)
def test_wrong_settings_are_one_sentence(variables: dict[str, str], sentence: str) -> None:
    with pytest.raises(LocalServerError) as caught:
        DemoPlace.from_environment(ROOT, variables)
    assert str(caught.value) == sentence


def test_defaults_and_relative_var() -> None:
    place = DemoPlace.from_environment(ROOT, {"DATABASE_URL": "", "HAMAYNK_VAR": "elsewhere"})
    assert (place.port, place.database_url, place.redis_url) == (8000, None, None)
    assert place.home == ROOT / "elsewhere" / "demo"


def test_a_server_that_does_not_answer_is_one_sentence() -> None:
    port = free_port()
    with pytest.raises(LocalServerError, match=f"DATABASE_URL points to 127.0.0.1 port {port}, where nothing answers"):
        environment.check_reachable("DATABASE_URL", f"postgres://a:b@127.0.0.1:{port}/x")
    environment.check_reachable("DATABASE_URL", "postgres://%2Frun%2Fpostgresql/x")


@pytest.mark.parametrize(
    ("given", "stripped"),
    [
        (OWNER, "postgres://127.0.0.1:5433/hamaynk"),
        ("postgres://owner@[::1]:5433/x", "postgres://[::1]:5433/x"),
        ("postgres://owner:p%40ss@db.example/x?sslmode=require", "postgres://db.example/x?sslmode=require"),
        ("postgres://db.example/x?user=owner&password=s&sslmode=require", "postgres://db.example/x?sslmode=require"),
        ("postgres://db.example/x?User=owner&PASSFILE=f", "postgres://db.example/x"),
        ("postgres://a:b@one:1,two:2/x", "postgres://one:1,two:2/x"),
    ],
)
def test_credentials_are_stripped(given: str, stripped: str) -> None:
    assert without_credentials(given) == stripped


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_ordinary_processes_cannot_become_the_owner(
    name: str, place: DemoPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", OWNER)
    monkeypatch.setenv("PGPASSWORD", "s3cret")
    made = process_environment(place, name, database_url=OWNER, redis_url="redis://x", kept_secrets={})
    assert "s3cret" not in json.dumps(made)
    assert made["HAMAYNK_PROCESS"] == name
    assert made["BASE_DOMAIN"] == "localhost"


@pytest.mark.parametrize("name", ["manage", "provisioner"])
def test_administration_keeps_the_address(name: str, place: DemoPlace) -> None:
    made = process_environment(place, name, database_url=OWNER, redis_url="redis://x", kept_secrets={"SECRET_KEY": "k"})
    assert made["DATABASE_URL"] == OWNER
    assert made["SECRET_KEY"] == "k"


def test_every_long_running_process_has_a_command(place: DemoPlace) -> None:
    commands = demo.long_running(place)
    assert list(commands) == ["web", "worker", "provisioner", "beat"]
    assert f"{LOOPBACK_V4}:{place.port}" in commands["web"]
    assert "provisioning" in commands["provisioner"]
    assert not any("0.0.0.0" in word for command in commands.values() for word in command)


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = load_secrets(path, {})
    assert set(first) == {"SECRET_KEY", "TOWN_ROLE_SECRET"}
    assert load_secrets(path, {}) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secrets(path, {"SECRET_KEY": "given"})["SECRET_KEY"] == "given"
    path.write_text("{half")
    with pytest.raises(LocalServerError, match="damaged"):
        load_secrets(path, {})


def test_two_demos_in_one_folder_are_one_sentence(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "demo.lock")
    assert lock.acquire()
    (tmp_path / "demo").mkdir()
    for arguments in ((), ("reset",)):
        done = launch(*arguments, HAMAYNK_VAR=str(tmp_path), PORT=str(free_port()))
        assert done.returncode == 1
        assert done.stderr == (
            f"demo: A demo is already running in this folder (process {os.getpid()}); stop it with Ctrl-C first.\n"
        )
    assert (tmp_path / "demo").exists()
    lock.release()
    assert launch("reset", HAMAYNK_VAR=str(tmp_path)).returncode == 0
    assert not (tmp_path / "demo").exists()


FAKE_MANAGE = """
import os, sys
print("manage", *sys.argv[1:], flush=True)
if os.environ.get("FAIL") == sys.argv[2]:
    sys.exit(os.environ["REASON"])
"""
FAKE_WEB = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
DRIVER = """
import os, sys
from pathlib import Path
from deploy.local import demo
root = Path(sys.argv[1])
idle = [sys.executable, "-c", os.environ.get("WORKER", "import time; time.sleep(60)")]
demo.long_running = lambda place: {
    "web": [sys.executable, str(root / "web.py"), str(place.port)], "worker": idle}
demo.Demo.start_servers = lambda self: setattr(self, "database_url", "postgres://a:b@127.0.0.1/x")
sys.exit(demo.main([], root))
"""


def start_with_stand_ins(root: Path, **variables: str) -> subprocess.Popen[str]:
    """Start the launcher over a manage.py and processes that only pretend; the servers have tests of their own."""
    (root / "manage.py").write_text(FAKE_MANAGE)
    (root / "web.py").write_text(FAKE_WEB)
    clean = {key: text for key, text in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "HAMAYNK_VAR")}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(root)],
        env=clean | {"PYTHONPATH": path, "PORT": str(free_port())} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_everything(tmp_path: Path, number: int) -> None:
    launcher = start_with_stand_ins(tmp_path)
    assert launcher.stdout is not None
    lines: list[str] = []
    for line in launcher.stdout:
        lines.append(line)
        if line.startswith("Ctrl-C stops everything."):
            break
    launcher.send_signal(number)
    rest, errors = launcher.communicate(timeout=20)
    assert launcher.returncode == 0, errors
    assert rest.endswith("Stopped.\n")
    assert [line for line in lines if line.startswith("manage")] == [
        "manage platform prepare\n",
        "manage demo seed\n",
        "manage demo addresses\n",
    ]
    assert (tmp_path / "var" / "demo" / "log" / "web.log").exists()


def test_a_dead_process_is_named_and_ends_the_demo(tmp_path: Path) -> None:
    launcher = start_with_stand_ins(tmp_path, WORKER="import sys; sys.exit('no broker')")
    _, errors = launcher.communicate(timeout=20)
    assert launcher.returncode == 1
    assert errors == "demo: The worker process ended by itself; the end of var/demo/log/worker.log:\nno broker\n"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("town 3 is broken", "`manage.py demo seed` failed; the end of var/demo/log/demo-seed.log:\ntown 3 is broken"),
        (
            "x: No space left on device",
            "The disk holding {home} is full; free some space and run the same command again.",
        ),
    ],
)
def test_a_failed_preparation_is_told_without_a_traceback(tmp_path: Path, reason: str, sentence: str) -> None:
    launcher = start_with_stand_ins(tmp_path, FAIL="seed", REASON=reason)
    _, errors = launcher.communicate(timeout=20)
    assert launcher.returncode == 1
    assert errors == f"demo: {sentence.format(home=tmp_path / 'var' / 'demo')}\n"
