"""The compose file: valid, closed, and in one line with the settings and with what systemd starts."""

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "deploy/compose"
FILE = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
ONE_SHOT = {"migrate", "volumes"}
OURS = {"web", "worker", "worker-oversight", "provisioner", "beat", "migrate", "exports"}
OWNERS = {"migrate", "provisioner", "exports"}
# Variables of the programs that are not ours.
OTHERS = {
    "proxy": {"BASE_DOMAIN", "ACME_EMAIL", "TLS_ISSUER", "WEB", "XDG_DATA_HOME", "XDG_CONFIG_HOME"},
    "postgres": {"POSTGRES_PASSWORD_FILE", "HAMAYNK_SECRETS", "HAMAYNK_WAL"},
    "backup": {
        "PGHOST", "PGPORT", "PGUSER", "PGPASSWORD_FILE", "BACKUP_FOLDER", "HAMAYNK_WAL", "BACKUP_HOUR", "BACKUP_KEEP",
    },
}  # fmt: skip


def by_name() -> list[Any]:
    return [pytest.param(name, service, id=name) for name, service in SERVICES.items()]


@cache
def known() -> frozenset[str]:
    """Names that our code and scripts read from the environment."""
    read = re.compile(r"""\b(?:text|number|flag|words|get)\(\s*["']([A-Z][A-Z0-9_]+)["']""")
    found = {
        name for path in (ROOT / "platform/hamaynk/config").rglob("*.py") for name in read.findall(path.read_text())
    }
    scripts = (ROOT / "deploy/server/export-towns").read_text()
    return frozenset(found | set(re.findall(r"\$\{?([A-Z][A-Z_]+)", scripts)) | {"METRICS_PORT", "METRICS_BIND"})


def test_docker_compose_accepts_it(tmp_path: Path) -> None:
    """Debian's own reads it, with the example of .env and the secrets that the script makes; without a domain it refuses."""
    program = shutil.which("docker-compose")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("docker-compose is not installed, and in CI this test is not skipped")
        pytest.skip("docker-compose is not installed")
    folder = tmp_path / "compose"
    shutil.copytree(COMPOSE, folder, ignore=shutil.ignore_patterns(".env", "secrets"))
    shutil.copytree(ROOT / "deploy/server", tmp_path / "server")
    shutil.copytree(ROOT / "deploy/image", tmp_path / "image")
    subprocess.run(
        ["sh", tmp_path / "server/make-secrets", folder / "secrets", "postgres:5432", "queue:6379"], check=True
    )
    command = [program, "-f", str(folder / "compose.yaml"), "config", "--quiet"]
    plain = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    refused = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "in .env" in refused.stderr
    shutil.copy(COMPOSE / "env.example", folder / ".env")
    taken = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert taken.returncode == 0, taken.stderr
    wrong = (folder / "compose.yaml").read_text().replace("stop_grace_period: 30s", "stop_grace_perod: 30s", 1)
    (folder / "compose.yaml").write_text(wrong)
    misspelt = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    assert misspelt.returncode != 0


@pytest.mark.parametrize(("name", "service"), by_name())
def test_every_service_is_contained(name: str, service: dict[str, Any]) -> None:
    """Read-only, no rights that it does not need, as a numbered user, with limits and an end to its log."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == {"proxy": ["NET_BIND_SERVICE"], "volumes": ["CHOWN"]}.get(name, [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")
    if name not in ("proxy", "volumes"):  # the proxy binds 80 and 443; volumes gives folders away, and has no network
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert all(":ro" in mount for mount in service.get("volumes", []) if mount.startswith((".", "/")))
    assert not any("docker.sock" in mount for mount in service.get("volumes", []))


@pytest.mark.parametrize(("name", "service"), by_name())
def test_every_service_tells_how_it_is_or_ends(name: str, service: dict[str, Any]) -> None:
    assert (service["restart"], "healthcheck" in service) == (
        ("no", False) if name in ONE_SHOT else ("unless-stopped", True)
    )


@pytest.mark.parametrize(("name", "service"), by_name())
def test_it_waits_for_what_can_be_waited_for(name: str, service: dict[str, Any]) -> None:
    """A condition on an ended one-shot, or on the health of one that has a check; no circle."""
    for other, how in service.get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
        assert how["condition"] == wanted, other

    def reached(start: str, seen: tuple[str, ...]) -> None:
        assert start not in seen, seen
        for other in SERVICES[start].get("depends_on", {}):
            reached(other, (*seen, start))

    reached(name, ())


def test_the_world_reaches_the_proxy_alone() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]
    assert {name for name, network in FILE["networks"].items() if not (network or {}).get("internal")} == {
        "edge",
        "outside",
    }
    assert SERVICES["proxy"]["networks"] == ["edge", "front"]
    for name in ("postgres", "pooler", "queue", "backup", "exports", "migrate", "beat"):
        assert SERVICES[name]["networks"] == ["inside"], name


def test_secrets_are_files_that_exist_and_go_where_they_are_used(tmp_path: Path) -> None:
    """Each is made by the script, named here, and mounted where a variable or a command names it."""
    subprocess.run(
        ["sh", ROOT / "deploy/server/make-secrets", tmp_path / "s", "postgres:5432", "queue:6379"], check=True
    )
    made = {path.name for path in (tmp_path / "s").iterdir()}
    named = {name: Path(secret["file"]).name for name, secret in FILE["secrets"].items()}
    assert all(name == file for name, file in named.items())
    assert set(named) <= made
    assert made - set(named) == {"queue-password"}  # only inside queue-url and queue-auth
    for name, service in SERVICES.items():
        text = str({key: service.get(key) for key in ("environment", "command")})
        used = set(re.findall(r"/run/secrets/([a-z-]+)", text))
        if name == "postgres":
            used |= {"owner-password", "pooler-password", "backup-password"}  # setup.sql, by HAMAYNK_SECRETS
        if name == "pooler":
            used |= set(re.findall(r"/run/secrets/([a-z-]+)", (COMPOSE / "pgbouncer.ini").read_text()))
        assert set(service.get("secrets", [])) == used, name


def test_only_owners_see_the_owner() -> None:
    """Its address or its password: migrate, provisioner, exports; PostgreSQL itself, which is told it once."""
    seeing = {name for name, service in SERVICES.items() if "owner-database-url" in service.get("secrets", [])}
    assert seeing == OWNERS
    assert {name for name, s in SERVICES.items() if "owner-password" in s.get("secrets", [])} == {"postgres"}
    for name in OURS - OWNERS:
        given = SERVICES[name]["environment"]
        assert given["DATABASE_URL"] == "postgres://pooler:6432/hamaynk"
        assert given["DATABASE_POOLED"] == "yes"
    for name in OWNERS:
        assert "DATABASE_POOLED" not in SERVICES[name]["environment"]


@pytest.mark.parametrize(("name", "service"), by_name())
def test_no_variable_that_nobody_reads(name: str, service: dict[str, Any]) -> None:
    given = set(service.get("environment", {}))
    if name not in OURS:
        assert given == OTHERS.get(name, set())
        return
    unread = {variable for variable in given if variable.removesuffix("_FILE") not in known()}
    assert not unread
    assert "SECRET_KEY" not in given  # the control: secrets come by file


def test_every_queue_has_a_worker() -> None:
    """Those that the code sends to, between worker, worker-oversight and provisioner."""
    served = {SERVICES[name]["environment"]["WORKER_QUEUES"] for name in ("worker", "worker-oversight")}
    assert served == {"default", "oversight"}
    assert SERVICES["provisioner"]["command"] == ["provisioner"]
    assert SERVICES["beat"].get("deploy", {}).get("replicas", 1) == 1


def test_variables_of_the_example_are_those_of_the_file() -> None:
    """`env.example` gives all that must be given, and nothing that is not asked for."""
    text = (COMPOSE / "compose.yaml").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))
    lines = [line.split("=")[0] for line in (COMPOSE / "env.example").read_text().splitlines() if line[:1].isupper()]
    assert needed <= set(lines) <= asked
