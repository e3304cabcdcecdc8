"""The systemd units: systemd itself accepts them, they are closed, and they say the same as the compose file."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.server.units import UNITS, assignments, sources, unit

ROOT = Path(__file__).resolve().parents[2]
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
INSTANCES = [name.replace("@.", "@full." if "noted" in name else "@default.") for name in SERVICES]
LOOSEST = 2.0  # of 10: "systemd-analyze security"; an unprotected service has 9.6


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The units as they would lie in /etc/systemd/system, with programs that are there on this machine."""
    place = tmp_path / "units"
    shutil.copytree(UNITS, place, symlinks=True)
    for path in place.glob("*.service"):
        text = re.sub(r"(?m)^(ExecStart=)/(opt|usr/local)/\S+", rf"\1{sys.executable}", path.read_text())
        path.write_text(text)
    return place


def analyze(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """systemd's own look at them; it needs no running systemd."""
    program = shutil.which("systemd-analyze")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is not installed, and in CI this test is not skipped")
        pytest.skip("systemd-analyze is not installed")
    environment = {"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{folder}:"}
    return subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)


def test_systemd_accepts_them(folder: Path) -> None:
    """Every unit, without a word; and a word that is none is found."""
    names = [str(path) for path in sorted(folder.iterdir()) if path.suffix in (".service", ".timer", ".target")]
    said = analyze(folder, "verify", "--man=no", *names)
    assert (said.returncode, said.stdout + said.stderr) == (0, "")
    wrong = folder / "hamaynk-beat.service"
    wrong.write_text(wrong.read_text().replace("TimeoutStopSec=15", "TimeoutStopSecs=15"))
    assert "TimeoutStopSecs" in analyze(folder, "verify", "--man=no", str(wrong)).stderr


@pytest.mark.parametrize("name", INSTANCES)
def test_what_a_service_may_do_is_little(folder: Path, name: str) -> None:
    """By systemd's own measure."""
    threshold = f"--threshold={int(LOOSEST * 10)}"
    said = analyze(folder, "security", "--offline=yes", "--no-pager", threshold, str(folder / name))
    assert said.returncode == 0, said.stdout


def test_positive_control_an_open_service_is_told(folder: Path) -> None:
    """The measure sees the drop-in: without it the same service is far too open."""
    shutil.rmtree(folder / "hamaynk-web.service.d")
    threshold = f"--threshold={int(LOOSEST * 10)}"
    assert analyze(
        folder, "security", "--offline=yes", "--no-pager", threshold, str(folder / "hamaynk-web.service")
    ).returncode


def test_only_owners_see_the_owner() -> None:
    """Its address is a credential of those alone that change structure or take towns out."""
    seeing = {name for name in INSTANCES if "owner-database-url" in unit(name).credentials}
    assert seeing == {f"hamaynk-{name}.service" for name in ("migrate", "provisioner", "exports")}
    for name in INSTANCES:
        given = unit(name).environment
        assert "@" not in given.get("DATABASE_URL", "")
        assert not {"SECRET_KEY", "TOWN_ROLE_SECRET", "REDIS_URL"} & set(given)


def test_secrets_are_those_that_the_script_makes(tmp_path: Path) -> None:
    words = ["sh", ROOT / "deploy/server/make-secrets", tmp_path / "s", "127.0.0.1:5432", "127.0.0.1:6379"]
    subprocess.run(words, check=True)
    made = {path.name for path in (tmp_path / "s").iterdir()}
    for name in INSTANCES:
        for credential, source in unit(name).credentials.items():
            assert source == Path("/etc/hamaynk/secrets") / credential
            assert credential in made
            assert f"%d/{credential}" in unit(name).environment.values(), "given and not used"
    assert oct((tmp_path / "s").stat().st_mode)[-3:] == "700"
    before = (tmp_path / "s/secret-key").read_text()
    subprocess.run(words, check=True)
    assert (tmp_path / "s/secret-key").read_text() == before


def test_compose_and_systemd_start_the_same() -> None:
    """The same processes, queues and pooling; the same files for the servers."""
    text = (ROOT / "deploy/compose/compose.yaml").read_text()
    services = yaml.safe_load(text)["services"]
    ours = [name for name in INSTANCES if name.startswith("hamaynk-") and not re.search("exports|noted", name)]
    here = {command[1] for name in ours for command in unit(name).commands[:1]}
    there = {service["command"][0] for service in services.values() if service["image"].startswith("${HAMAYNK_IMAGE")}
    assert here == there - {"daily"}
    wanted = re.findall(r"hamaynk-worker@(\w+)\.service", (UNITS / "hamaynk.target").read_text())
    queues = {
        s["environment"]["WORKER_QUEUES"] for s in services.values() if "WORKER_QUEUES" in str(s.get("environment"))
    }
    assert set(wanted) == queues
    for file in (
        "Caddyfile",
        "pgbouncer.ini",
        "postgresql.conf",
        "pg_hba.conf",
        "redis.conf",
        "setup.sql",
        "backup",
        "export-towns",
    ):
        assert f"../server/{file}:" in text, file
    for place in ("pgbouncer.ini", "postgresql.conf", "redis.conf"):
        assert f"/etc/hamaynk/{place}" in (UNITS / place).read_text(), place


def test_a_backup_that_ended_well_is_noted() -> None:
    """Both ways of backup start the note; it is made of those words alone that make a backup, and by no owner."""
    for place, starts in (("systemd/backup-hamaynk.service", "full"), ("backup/hamaynk-backup@.service", "%i")):
        assert f"OnSuccess=hamaynk-backup-noted@{starts}.service\n" in (ROOT / "deploy" / place).read_text()
    for word, code in (("full", 0), ("diff", 0), ("check", 1), ("verify", 1)):
        pairs = dict(assignments((UNITS / "hamaynk-backup-noted@.service").read_text()))
        asked = shlex.split(pairs["ExecCondition"].replace("%i", word))
        assert subprocess.run(asked, check=False).returncode == code, word
    noted = unit("hamaynk-backup-noted@full.service")
    assert noted.commands[0][1:] == ("manage", "figures", "backup", "cluster")
    assert "owner-database-url" not in noted.credentials


def test_a_unit_is_read_with_its_drop_in_and_its_instance() -> None:
    """The reader that `make server-test` starts processes by."""
    worker = unit("hamaynk-worker@oversight.service")
    assert worker.environment["WORKER_QUEUES"] == "oversight"
    assert worker.environment["SECRET_KEY_FILE"] == "%d/secret-key"
    assert worker.user == "hamaynk"
    assert unit("backup-hamaynk.service").user == "postgres"
    assert [path.name for path in sources("backup-hamaynk.service")] == ["backup-hamaynk.service"]
    common = (UNITS / "hamaynk-common.conf").resolve()
    ours = [name for name in INSTANCES if name.startswith("hamaynk-")]
    assert all([path.resolve() for path in sources(name)[1:]] == [common] for name in ours)
    assert assignments("[Unit]\nA=1\n[Service]\n# B=1\nC = 2\n") == [("C", "2")]
