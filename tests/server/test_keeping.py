"""The backup of the whole server, by the script and the unit that the operator has; and a server made of it."""

import os
import shutil
import signal

import pytest

from tests.server.machine import POSTGRES_BIN, SYSTEM, wait_for
from tests.server.stack import DEPLOY, Stack
from tests.server.units import unit

pytestmark = pytest.mark.server
UNIT = "backup-hamaynk.service"


def _script(stack: Stack, word: str, **more: str) -> str:
    """`backup word` as the unit would run it."""
    what = unit(UNIT)
    given = stack.environment(what, "postgres") | more
    return stack.machine.run(["sh", str(stack.etc / "backup"), word], "postgres", given)


def test_a_base_backup_is_made_checked_and_the_oldest_forgotten(stack: Stack) -> None:
    """By the unit; the archive keeps what the oldest that is left needs, and nothing older."""
    base = stack.folder / "base"
    with pytest.raises(AssertionError):
        _script(stack, "check")  # the control: there is none yet
    stack.run_unit(UNIT)
    (first,) = base.iterdir()
    _script(stack, "check")
    wait_for(lambda: _archived(stack), what="the archive")
    stack.run_unit(UNIT)
    assert len(list(base.iterdir())) == 2
    said = _script(stack, "once", BACKUP_KEEP="1")
    assert f"{first.name} is too old and gone" in said
    (left,) = base.iterdir()
    label = (left / "backup_label").read_text()
    needed = label.split("(file ")[1].split(")")[0]
    assert min(path.name for path in (stack.folder / "wal").iterdir() if len(path.name) == 24) >= needed


def _archived(stack: Stack) -> list[str]:
    return [path.name for path in (stack.folder / "wal").iterdir() if len(path.name) == 24]


def test_a_server_made_of_backup_and_archive_has_what_came_after_the_backup(stack: Stack) -> None:
    """A table written after the base backup is there: it came through the archive."""
    stack.run_unit(UNIT)
    newest = max((stack.folder / "base").iterdir())
    stack.superuser("CREATE TABLE public.after_the_backup AS SELECT 'kept' AS word")
    segment = stack.superuser("SELECT pg_walfile_name(pg_switch_wal())").strip()
    wait_for(lambda: segment in _archived(stack), what=segment)
    stack.superuser("DROP TABLE public.after_the_backup")
    home = stack.machine.make("restored", "postgres", 0o700) / "data"
    shutil.copytree(newest, home)
    (home / "recovery.signal").touch()
    with (home / "postgresql.conf").open("a") as conf:
        conf.write(f"port = {stack.ports['restored']}\narchive_mode = off\nrecovery_target_action = promote\n")
        conf.write(f"unix_socket_directories = '{home.parent}'\nrecovery_target_timeline = current\n")
        conf.write(f"restore_command = 'cp {stack.folder}/wal/%f %p'\nrecovery_target_inclusive = on\n")
    for path in (home, *home.rglob("*")):
        shutil.chown(path, "postgres", "postgres")
    home.chmod(0o700)
    words = [str(POSTGRES_BIN / "postgres"), "-D", str(home)]
    stack.machine.start("restored", words, "postgres", {"PATH": SYSTEM, "LANG": "C.UTF-8"}, signal.SIGINT)

    def asked(sql: str) -> str:
        psql = [
            "psql",
            "-X",
            "-At",
            "-h",
            str(home.parent),
            "-p",
            str(stack.ports["restored"]),
            "-U",
            "postgres",
            "hamaynk",
        ]
        return stack.machine.run(psql, "postgres", {"PATH": SYSTEM}, sql).strip()

    def promoted() -> bool:
        assert stack.machine.alive("restored")
        try:
            return asked("SELECT pg_is_in_recovery()") == "f"
        except AssertionError:
            return False

    wait_for(promoted, what="the restored server")
    assert asked("SELECT word FROM public.after_the_backup") == "kept"
    assert asked("SELECT count(*) FROM public.tenants_community") == stack.superuser(
        "SELECT count(*) FROM public.tenants_community"
    ).strip()  # fmt: skip
    assert stack.machine.stop("restored") == 0


def test_every_town_becomes_a_file_of_its_own(stack: Stack) -> None:
    """By the unit; each file proved by the command that reads it."""
    if "export" not in stack.manage("towns", "--help"):
        if os.environ.get("CI"):
            pytest.fail("this release cannot export towns, and in CI this test is not skipped")
        pytest.skip("this release cannot export towns")
    folder = stack.folder / "towns"
    stack.run_unit("hamaynk-exports.service")
    assert {path.name.split("-")[0] for path in folder.glob("*.town")} >= {"dilijan", "sevan"}
    assert (folder / ".done").exists()
    assert not list(folder.glob("*.part"))
    known = stack.manage("figures", "show")
    assert "hamaynk_backup_timestamp_seconds towns" in known
    assert "hamaynk_backup_timestamp_seconds cluster" not in known
    stack.run_unit("hamaynk-backup-noted@full.service")
    assert "hamaynk_backup_timestamp_seconds cluster" in stack.manage("figures", "show")


def test_settings_of_the_files_are_in_force(stack: Stack) -> None:
    """The servers say of themselves what deploy/server says: no line is passed over, none is overruled."""
    lines = (DEPLOY / "server/postgresql.conf").read_text().splitlines()
    wanted = {line.split(" = ")[0] for line in lines if " = " in line and not line.startswith("#")}
    said = "SELECT name FROM pg_settings WHERE sourcefile LIKE '%/etc/postgresql.conf' AND NOT pending_restart"
    assert {name.lower() for name in stack.superuser(said).split()} == wanted
    assert stack.superuser("SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL").strip() == "0"
    assert stack.superuser("SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL").strip() == "0"
    assert stack.queue_says("CONFIG", "GET", "maxmemory-policy") == ["maxmemory-policy", "volatile-lru"]
    assert stack.queue_says("CONFIG", "GET", "save") == ["save"]
    assert "max_client_conn: 2000" in stack.machine.log("pooler")


def test_the_database_server_is_closed(stack: Stack) -> None:
    """No superuser over the network, no replication by anybody but the backup's role, no queue without its password."""
    port = str(stack.ports["postgres"])
    for user, options in (("postgres", ""), ("hamaynk_owner", "replication=true")):
        with pytest.raises(AssertionError, match="pg_hba.conf|rejected"):
            words = ["psql", "-X", f"host=127.0.0.1 port={port} user={user} dbname=hamaynk {options}", "-c", "SELECT 1"]
            stack.machine.run(words, "nobody", {"PATH": SYSTEM, "PGPASSWORD": "x"})
    answer = stack.machine.run(["redis-cli", "-p", str(stack.ports["queue"]), "PING"], "nobody", {"PATH": SYSTEM})
    assert "NOAUTH" in answer
    assert stack.queue_says("PING") == ["PONG"]
