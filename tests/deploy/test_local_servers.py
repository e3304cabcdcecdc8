"""The embedded PostgreSQL and Valkey: real servers, each test in a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deploy.local import identity, process
from deploy.local.servers import LocalPostgres, LocalServerError, LocalValkey

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished, stopped cluster that tests copy: initdb is the slow part."""
    directory = tmp_path_factory.mktemp("cluster") / "postgres"
    with LocalPostgres(directory, durable=False) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('մնաց')")
    return directory


@pytest.fixture
def postgres(cluster: Path, tmp_path: Path) -> Iterator[LocalPostgres]:
    """A server on a copy of the cluster, not started yet and stopped in any case."""
    shutil.copytree(cluster, tmp_path / "postgres")
    (tmp_path / "postgres" / "port").unlink()  # the tests may run at the same time
    server = LocalPostgres(tmp_path / "postgres", durable=False)
    yield server
    server.stop()


def value(server: LocalPostgres, query: str) -> object:
    """Return the one value a query gives."""
    with psycopg.connect(server.url) as connection:
        row = connection.execute(query).fetchone()
    return row[0] if row else None


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port on which somebody else listens."""
    with socket.create_server((process.LOOPBACK_V4, 0)) as listener:
        yield listener.getsockname()[1]


def test_data_and_port_survive_a_restart(postgres: LocalPostgres) -> None:
    postgres.start()
    port = postgres.port
    assert value(postgres, "SELECT word FROM kept") == "մնաց"
    postgres.stop()
    assert not process.is_listening(process.LOOPBACK_V4, port)
    postgres.start()
    assert postgres.port == port
    assert value(postgres, "SELECT word FROM kept") == "մնաց"


def test_settings_and_rights(postgres: LocalPostgres) -> None:
    with postgres:
        assert value(postgres, "SHOW listen_addresses") == process.LOOPBACK_V4
        assert value(postgres, "SHOW unix_socket_directories") == ""
        assert value(postgres, "SHOW max_connections") == "300"
        assert value(postgres, "SHOW max_locks_per_transaction") == "512"
        assert value(postgres, "SHOW server_encoding") == "UTF8"
        assert value(postgres, "SHOW fsync") == "off"
        wrong = postgres.url.replace(postgres.password, "wrong")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(wrong)
    assert stat.S_IMODE((postgres.directory / "password").stat().st_mode) == 0o600


def test_armenian_trigrams_are_not_empty(postgres: LocalPostgres) -> None:
    """With the ctype `C` they are, and the search by similar words silently finds nothing."""
    with postgres, psycopg.connect(postgres.url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('բյուջե', 'բյուջեում'), lower('ԲՅՈՒՋԵ')").fetchone()
    assert row is not None
    assert row[0] > 0.4
    assert row[1] == "բյուջե"


def test_busy_port_is_one_sentence(postgres: LocalPostgres, tmp_path: Path, taken_port: int) -> None:
    for server in (LocalPostgres(postgres.directory, taken_port), LocalValkey(tmp_path / "valkey", taken_port)):
        with pytest.raises(LocalServerError) as caught:
            server.start()
        assert str(caught.value) == (
            f"Port {taken_port} for {server.name} is busy: another program already listens on it."
        )


def test_a_remembered_port_that_was_taken_is_replaced(postgres: LocalPostgres, taken_port: int) -> None:
    (postgres.directory / "port").write_text(f"{taken_port}\n")
    with postgres:
        assert postgres.port != taken_port
        assert value(postgres, "SELECT 1") == 1


def test_half_finished_initdb_is_done_again(tmp_path: Path) -> None:
    server = LocalPostgres(tmp_path / "postgres", durable=False)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("18\n")
    (server.data / "half").write_text("made")
    with server:
        assert value(server, "SELECT 1") == 1
        assert not (server.data / "half").exists()


def test_pid_file_of_a_dead_or_foreign_process_is_no_hindrance(postgres: LocalPostgres) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for pid in (dead.pid, os.getpid(), 1):
        (postgres.data / "postmaster.pid").write_text(f"{pid}\n{postgres.data}\n1\n1\n\n127.0.0.1\n 1 1\nready\n")
        with postgres:
            assert value(postgres, "SELECT 1") == 1


def crash(code: str, directory: Path) -> None:
    """Run a launcher that starts a server as on a system without parent-death signals, and kills itself."""
    program = (
        "import os, pathlib, sys, types\n"
        "from deploy.local import process, servers\n"
        "process.sys = types.SimpleNamespace(platform='other')\n"
        f"servers.{code}.start()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run([sys.executable, "-c", program, str(directory)], env=environment, check=False)
    assert done.returncode == -9


def test_servers_of_a_crashed_launcher_are_stopped_first(postgres: LocalPostgres, tmp_path: Path) -> None:
    crash("LocalPostgres(pathlib.Path(sys.argv[1]), durable=False)", postgres.directory)
    left = int((postgres.data / "postmaster.pid").read_text().split()[0])
    assert process.find_process(left, "postgres", str(postgres.data)) is not None
    with postgres:
        assert value(postgres, "SELECT word FROM kept") == "մնաց"
        assert process.find_process(left, "postgres", str(postgres.data)) is None
    valkey = LocalValkey(tmp_path / "valkey")
    crash("LocalValkey(pathlib.Path(sys.argv[1]))", valkey.directory)
    left = int((valkey.directory / "pid").read_text())
    assert process.find_process(left, "valkey-server", str(valkey.directory)) is not None
    valkey.stop_leftover()
    assert process.find_process(left, "valkey-server", str(valkey.directory)) is None


def test_a_directory_in_use_is_left_alone(postgres: LocalPostgres) -> None:
    with postgres:
        with pytest.raises(LocalServerError, match="already run by process"):
            LocalPostgres(postgres.directory).start()
        assert value(postgres, "SELECT 1") == 1


def test_full_disk_and_other_refusals_are_one_sentence(
    postgres: LocalPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = postgres._failure('FATAL:  could not write lock file "postmaster.pid": No space left on device')
    assert said.startswith("The disk holding")
    assert said.count(".") == 1 + str(postgres.directory).count(".")
    (postgres.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(LocalServerError, match="made by PostgreSQL 15"):
        postgres.start()
    monkeypatch.setattr("deploy.local.base.tail", lambda path, lines: "")
    assert "it wrote no reason" in postgres._failure("")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another identity")
def test_root_without_namespaces_and_behind_a_closed_folder_is_told_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pytest makes its folders for their owner only, so the outermost closed one is named and nothing given away."""
    closed = identity.blocking_parent(tmp_path)
    assert closed is not None
    monkeypatch.setattr(identity, "probe", lambda *arguments: False)
    with pytest.raises(LocalServerError, match=f"{closed} keeps every other user out"):
        identity.choose(Path("/bin/sh"), tmp_path, tmp_path / "data")
    assert tmp_path.stat().st_uid == 0


def test_valkey_answers_keeps_nothing_and_stops(tmp_path: Path) -> None:
    with LocalValkey(tmp_path / "valkey") as server:
        with socket.create_connection((process.LOOPBACK_V4, server.port)) as client:
            client.sendall(b"SET a 1\r\nGET a\r\n")
            assert client.recv(64).startswith(b"+OK")
        assert server.url == f"redis://127.0.0.1:{server.port}/0"
        port = server.port
    assert not process.is_listening(process.LOOPBACK_V4, port)
    assert not list((tmp_path / "valkey").glob("*.rdb"))
    assert "ready to exit" in server.log.read_text()
