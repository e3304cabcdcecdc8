"""The database server is restored to a named second beside the running one, and one town is copied back from there.

Debian's PostgreSQL and pgBackRest with the files of deploy/backup, an owner that is no superuser, production settings.
Each step is a step of docs/operate/restore-a-town.md.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

pytestmark = [pytest.mark.server, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "deploy/backup"
BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PEOPLE = """
import django; django.setup()
from hamaynk.accounts.models import User
from tenants.context import in_town
with in_town({slug!r}):
    {do}
"""


def _lack() -> str:
    if not BINARIES or shutil.which("pgbackrest") is None:
        return "Debian's postgresql and pgbackrest are not installed"
    return "" if os.geteuid() == 0 else "only root may start the server as its own user"


@pytest.fixture(scope="module")
def site() -> Iterator["Site"]:
    """A server with an archive, and an installation of two towns on it."""
    if lack := _lack():
        if os.environ.get("CI"):
            pytest.fail(f"{lack}, and in CI this test is not skipped")
        pytest.skip(lack)
    made = Site()
    try:
        made.up()
        yield made
    finally:
        made.down()


class Site:
    """Folders, servers, and the words of an operator."""

    def __init__(self) -> None:
        from deploy.local.process import free_port
        from deploy.local.servers import LocalValkey

        self.folder = Path(tempfile.mkdtemp(prefix="hamaynk-time-"))
        self.folder.chmod(0o755)
        self.port, self.side_port = free_port(), free_port()
        for name in ("data", "rest", "rest/log", "rest/repo", "rest/spool", "rest/lock", "socket"):
            (self.folder / name).mkdir()
            shutil.chown(self.folder / name, "postgres")
        self.password = secrets.token_hex(16)
        self.valkey = LocalValkey(self.folder / "valkey")
        self.secrets = {"SECRET_KEY": secrets.token_hex(32), "TOWN_ROLE_SECRET": secrets.token_hex(32)}
        for name in ("pgbackrest.conf", "postgresql.conf", "hamaynk-backup"):
            shutil.copy(FILES / name, self.folder)
            (self.folder / name).chmod(0o755)

    # --- servers ---

    def as_postgres(self, *words: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run as the server's user, with pgBackRest's settings: those of the file, but for places."""
        rest = self.folder / "rest"
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "PGBACKREST_CONFIG": str(self.folder / "pgbackrest.conf"),
            "PGBACKREST_REPO1_PATH": str(rest / "repo"),
            "PGBACKREST_REPO1_CIPHER_PASS": "a-passphrase-of-this-test",
            "PGBACKREST_PG1_PATH": str(self.folder / "data/main"),
            "PGBACKREST_PG1_PORT": str(self.port),
            "PGBACKREST_PG1_SOCKET_PATH": str(self.folder / "socket"),
            "PGBACKREST_LOG_PATH": str(rest / "log"),
            "PGBACKREST_LOCK_PATH": str(rest / "lock"),
            "PGBACKREST_SPOOL_PATH": str(rest / "spool"),
        }
        done = subprocess.run(
            [str(word) for word in words], env=environment, cwd=self.folder, user="postgres", group="postgres",
            extra_groups=[], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=600,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{words}\n{done.stdout[-3000:]}"
        return done

    def backup(self, *words: object, check: bool = True) -> str:
        """`hamaynk-backup ...`; what it said."""
        return self.as_postgres(self.folder / "hamaynk-backup", *words, check=check).stdout

    def start(self, data: Path, port: int) -> None:
        """A server, left running; ready when it takes writes."""
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder / 'socket'}"
        log = self.folder / f"rest/log/server-{port}"
        self.as_postgres(BINARIES[-1] / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", 120, "start")
        for _ in range(600):
            if self.sql("SELECT NOT pg_is_in_recovery()", port=port)[0][0]:
                return
            time.sleep(0.1)
        raise AssertionError(f"the server on {port} does not take writes")

    def sql(self, statement: str, *, port: int = 0, database: str = "postgres") -> list[tuple[object, ...]]:
        """As the superuser, whom only this test has; the installation's owner is none."""
        place = {"host": str(self.folder / "socket"), "port": port or self.port, "user": "postgres"}
        with psycopg.connect(**place, dbname=database, autocommit=True) as link:  # type: ignore[arg-type]
            cursor = link.execute(statement)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    def up(self) -> None:
        """The server, its archive, the first backup is left to the test; the installation with two towns."""
        main = self.folder / "data/main"
        self.as_postgres(
            BINARIES[-1] / "initdb", "-D", main, "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256"
        )
        with (main / "postgresql.conf").open("a") as settings:
            settings.write(f"include '{self.folder / 'postgresql.conf'}'\nmax_locks_per_transaction = 512\n")
        self.start(main, self.port)
        self.valkey.start()
        self.sql(f"CREATE ROLE hamaynk_owner LOGIN CREATEROLE PASSWORD '{self.password}'")
        self.sql("CREATE DATABASE hamaynk OWNER hamaynk_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        self.manage("platform", "prepare")
        self.sql(self.manage("platform", "hardening"), database="hamaynk")
        profiles = self.folder / "towns.json"
        profiles.write_text(json.dumps([_profile("ijevan", "TV"), _profile("gavar", "GR")]))
        self.manage("towns", "onboard", profiles)

    def down(self) -> None:
        """Everything stops, the folder goes."""
        for name in ("side", "main"):
            if (self.folder / "data" / name / "postmaster.pid").exists():
                self.as_postgres(
                    BINARIES[-1] / "pg_ctl", "-D", self.folder / "data" / name, "-m", "immediate", "stop", check=False
                )
        self.valkey.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- Hamaynk ---

    def python(self, *words: object, port: int = 0, check: bool = True) -> str:
        """A process of the owner's, by the settings of production."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
            "DJANGO_SETTINGS_MODULE": "hamaynk.config.settings.production",
            "DATABASE_URL": f"postgres://hamaynk_owner:{self.password}@127.0.0.1:{port or self.port}/hamaynk",
            "REDIS_URL": self.valkey.url,
            "BASE_DOMAIN": "towns.example",
            "HAMAYNK_VAR": str(self.folder / "var"),
            "LOG_LEVEL": "ERROR",
            **self.secrets,
        }
        done = subprocess.run(
            [sys.executable, *map(str, words)], env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
            timeout=900,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        return done.stdout if check else done.stdout + done.stderr

    def manage(self, *words: object, port: int = 0, check: bool = True) -> str:
        """`hamaynk manage ...`."""
        return self.python("-m", "hamaynk.config.processes", "manage", *words, port=port, check=check)

    def in_town(self, slug: str, do: str) -> str:
        """Something that people do there."""
        return self.python("-c", PEOPLE.format(slug=slug, do=do))

    def arrive(self, slug: str, *names: str) -> None:
        """People get accounts."""
        self.in_town(slug, "; ".join(f"User.objects.create_user(email='{name}@town.example')" for name in names))

    def people(self, slug: str) -> list[str]:
        """Who has one."""
        told = self.in_town(slug, "print(*sorted(User.objects.values_list('email', flat=True)))")
        return [address.partition("@")[0] for address in told.split()]


def _profile(slug: str, marz: str) -> dict[str, object]:
    names = {f"{field}_{code}": slug.title() for field in ("name", "hall_name") for code in ("hy", "en", "ru")}
    return {"slug": slug, "marz": marz, **names}


def test_one_town_goes_back_to_a_named_second_and_the_other_stays(site: Site) -> None:
    """Ijevan loses everything; Gavar goes on writing before, during and after, and loses nothing."""
    took: dict[str, float] = {}
    assert "there is no backup" in site.backup("check", check=False)
    site.backup("setup")
    begun = time.monotonic()
    site.backup("full")
    took["full backup"] = time.monotonic() - begun
    site.arrive("ijevan", "before")
    media = site.folder / "var/media/ijevan/documents"
    media.mkdir(parents=True)
    (media / "kept.txt").write_text("a file of the town")
    site.arrive("gavar", "first")
    site.backup("diff")
    site.arrive("ijevan", "later")  # after the last backup: only the archive has it
    time.sleep(1.1)
    second = str(site.sql("SELECT date_trunc('second', clock_timestamp())::timestamptz(0)")[0][0])
    time.sleep(1.1)

    # The damage, and life beside it.
    site.arrive("ijevan", "mistaken")
    site.sql("DROP SCHEMA ijevan CASCADE", database="hamaynk")
    site.arrive("gavar", "second")
    assert "ijevan" in site.manage("platform", "check", check=False), "positive control: it is gone"

    assert "the archive works" in site.backup("check")
    begun = time.monotonic()
    assert "needs its zone" in site.backup("side", site.folder / "data/other", "2026-01-01 00:00:00", check=False)
    site.backup("side", site.folder / "data/side", second)
    site.start(site.folder / "data/side", site.side_port)
    took["side server"] = time.monotonic() - begun
    assert site.sql("SHOW archive_mode", port=site.side_port) == [("off",)]

    file = site.folder / "ijevan.tar.gz"
    begun = time.monotonic()
    site.manage("towns", "export", "ijevan", file, port=site.side_port)
    took["export"] = time.monotonic() - begun
    site.as_postgres(BINARIES[-1] / "pg_ctl", "-D", site.folder / "data/side", "-m", "fast", "-w", "stop")
    site.arrive("gavar", "third")
    site.manage("towns", "archive", "ijevan")
    begun = time.monotonic()
    said = site.manage("towns", "restore", file, "--replace")
    took["restore"] = time.monotonic() - begun
    assert "active; hosts: ijevan.towns.example" in said

    assert site.people("ijevan") == ["before", "later"]
    assert site.people("gavar") == ["first", "second", "third"]
    assert (media / "kept.txt").read_text() == "a file of the town"
    assert "equals the file" in site.manage("towns", "verify", file, "--against", "ijevan")
    assert "2 towns equal the template" in site.manage("platform", "check")
    site.arrive("ijevan", "after")
    assert site.people("ijevan") == ["after", "before", "later"]
    site.backup("verify")
    print({name: f"{seconds:.1f} s" for name, seconds in took.items()})


def test_the_check_finds_an_old_backup_and_an_archive_that_stands_still(site: Site) -> None:
    """An alarm that cannot ring is none."""
    assert "the archive works" in site.backup("check")
    old = site.as_postgres("env", "BACKUP_MAX_HOURS=0", site.folder / "hamaynk-backup", "check", check=False)
    assert old.returncode == 1
    assert "hours old, and 0 are allowed" in old.stdout
    site.sql("ALTER SYSTEM SET archive_command = 'false'")
    site.sql("SELECT pg_reload_conf()")
    broken = site.as_postgres(
        "env", "PGBACKREST_ARCHIVE_TIMEOUT=2", site.folder / "hamaynk-backup", "check", check=False
    )
    assert broken.returncode == 1
    assert "does not work" in broken.stdout
    site.sql("ALTER SYSTEM RESET archive_command")
    site.sql("SELECT pg_reload_conf()")
    assert "the archive works" in site.backup("check")


def test_the_repository_is_encrypted(site: Site) -> None:
    """Whoever finds the disk reads nobody's address."""
    assert "repo1-cipher-type=aes-256-cbc" in (FILES / "pgbackrest.conf").read_text()
    for path in (site.folder / "rest/repo/backup/hamaynk").rglob("*"):
        if path.is_file() and path.name not in ("backup.info", "backup.info.copy"):
            assert path.read_bytes().startswith(b"Salted__"), path


def test_units_are_right() -> None:
    """The timers start what the script knows."""
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is not installed, and in CI this test is not skipped")
        pytest.skip("systemd-analyze is not installed")
    units = sorted(FILES.glob("*.timer"))
    assert [unit.stem.rpartition("-")[2] for unit in units] == ["check", "diff", "full", "verify"]
    for unit in units:
        when = unit.read_text().partition("OnCalendar=")[2].splitlines()[0]
        subprocess.run(["systemd-analyze", "calendar", when], check=True, capture_output=True)
