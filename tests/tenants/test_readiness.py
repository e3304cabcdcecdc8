"""`/readyz`: database, migrations, registry; never slow, never for nothing, and `/healthz` beside it."""

import dataclasses
import json
import subprocess
import sys
import threading

import psycopg
import pytest

from deploy.local.process import free_port
from tenants import readiness
from tenants.names import PUBLIC, role_of
from tenants.readiness import NO_ANSWER, OK, Readiness
from tenants.routing import table
from tests.conftest import HostClient
from tests.support.links import owner_link, plain_environment
from tests.support.processes import hamaynk

ALL_WELL = {"database": OK, "migrations": OK, "registry": OK}


@pytest.fixture(autouse=True)
def _ask_anew(towns, monkeypatch):
    """No answer of an earlier test."""
    monkeypatch.setattr(readiness, "readiness", Readiness(readiness.ask))


def test_a_prepared_platform_is_ready_for_any_host(towns):
    """Whatever host the prober names; no town, no redirect to TLS."""
    for host in ("10.0.0.7:8000", "dilijan.localhost", "nobody.example"):
        answer = HostClient(host).get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {"ready": True, "checks": ALL_WELL}
        assert answer["Cache-Control"] == "no-store"


def test_probes_are_not_sent_to_tls(towns, settings):
    """Under the settings of production. The control: a page is sent there."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = _production()["SECURE_REDIRECT_EXEMPT"]
    client = HostClient("dilijan.localhost")
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/tls/ask?domain=dilijan.localhost", 200)):
        assert client.get(path).status_code == status
    assert client.get("/").status_code == 301
    assert client.get("/healthz/x").status_code == 301


def _production() -> dict[str, list[str]]:
    script = "import json; from django.conf import settings as s;"
    script += "print(json.dumps({'SECURE_REDIRECT_EXEMPT': s.SECURE_REDIRECT_EXEMPT}))"
    given = plain_environment(
        DJANGO_SETTINGS_MODULE="hamaynk.config.settings.production",
        BASE_DOMAIN="hamaynk.example",
        SECRET_KEY="0123456789abcdef" * 4,
        TOWN_ROLE_SECRET="fedcba9876543210" * 4,
        HAMAYNK_PROCESS="web",
    )
    done = subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_a_migration_that_is_missing_is_named(towns):
    """Code that is newer than the structure is not ready; older code is, whatever was added since."""
    with owner_link() as owner:
        owner.execute("INSERT INTO tenants_migrationstep (app, name, created_at) VALUES ('later', '0001_new', now())")
        owner.execute("UPDATE tenants_migrationstep SET name = 'gone' WHERE (app, name) = ('budgets', '0001_initial')")
        try:
            checks = readiness.ask()
        finally:
            owner.execute("UPDATE tenants_migrationstep SET name = '0001_initial' WHERE name = 'gone'")
    assert checks == {**ALL_WELL, "migrations": "1 missing, the first is budgets.0001_initial"}
    try:
        assert readiness.ask() == ALL_WELL, "one that this code does not know does no harm"
    finally:
        with owner_link() as owner:
            owner.execute("DELETE FROM tenants_migrationstep WHERE app = 'later'")


def test_what_a_squashed_migration_stands_for_counts(monkeypatch):
    """And the other way round; what takes away only is not waited for."""
    needed = {("a", "1"): (), ("a", "2"): (), ("a", "squashed"): (("a", "1"), ("a", "2"))}
    monkeypatch.setattr(readiness, "needed", lambda: needed)
    assert readiness.missing({("a", "squashed")}) == []
    assert readiness.missing({("a", "1"), ("a", "2")}) == []
    assert readiness.missing({("a", "1")}) == [("a", "2"), ("a", "squashed")]


def test_a_database_of_another_release_that_gives_no_rights_is_told(towns):
    """The router may not look: the platform was prepared before there was this question."""
    with owner_link() as owner:
        owner.execute(_revoke())
        try:
            checks = readiness.ask()
        finally:
            owner.execute(_revoke().replace("REVOKE", "GRANT").replace(" FROM ", " TO "))
    assert checks["database"] == OK
    assert checks["migrations"] == "the platform is not prepared by this release"
    assert readiness.ask() == ALL_WELL


def _revoke() -> str:
    return f"REVOKE SELECT (app, name) ON tenants_migrationstep FROM {role_of(PUBLIC)}"


def test_without_the_database_web_is_alive_and_not_ready(towns, settings):
    """Nobody listens at its port. The table of hosts that is in memory stays good."""
    table.towns()
    settings.DATABASE = dataclasses.replace(settings.DATABASE, port=free_port())
    client = HostClient("dilijan.localhost")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = {"database": "OperationalError", "migrations": "unknown", "registry": OK}
    assert answer.json() == {"ready": False, "checks": checks}
    assert client.get("/healthz").status_code == 200


def test_a_database_that_hangs_costs_nobody_a_thread(monkeypatch):
    """Whoever asks is answered; one question is under way, not one for each who asks; later its answer counts."""
    monkeypatch.setattr(readiness, "WAIT_SECONDS", 0.05)
    asked, go_on = [], threading.Event()

    def hang() -> dict[str, str]:
        asked.append(1)
        go_on.wait(30)
        return ALL_WELL

    slow = Readiness(hang)
    for _ in range(3):
        assert set(slow.checks().values()) == {NO_ANSWER}
    assert len(asked) == 1
    monkeypatch.setattr(readiness, "WAIT_SECONDS", 30)
    threading.Timer(0.05, go_on.set).start()
    assert slow.checks() == ALL_WELL
    assert len(asked) == 1


def test_an_answer_is_kept_a_second(monkeypatch):
    """A flood of questions is one question; then it is asked again, and a fault in asking is "not ready"."""
    asked = []
    kept = Readiness(lambda: asked.append(1) or ALL_WELL)
    for _ in range(5):
        assert kept.checks() == ALL_WELL
    assert len(asked) == 1
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 0.0)
    kept.checks()
    assert len(asked) == 2

    def broken() -> dict[str, str]:
        raise psycopg.OperationalError("secret words")

    assert Readiness(broken).checks() == {"database": "OperationalError"}


@pytest.mark.slow
def test_a_real_web_without_its_database(towns, settings):
    """Started against a port where nobody listens: alive, and not ready."""
    nowhere = dataclasses.replace(settings.DATABASE.without_credentials(), port=free_port())
    with hamaynk("web", WEB_WORKERS="1", DATABASE_URL=nowhere.url()) as web:
        assert web.get("/healthz")[0] == 200
        status, headers, body = web.get("/readyz")
        assert (status, headers["content-type"]) == (503, "application/json")
        assert b'"database": "OperationalError"' in body
        assert b'"registry": "not loaded"' in body
        assert web.get("/healthz")[0] == 200
        assert web.watched("/livez") == (200, "ok\n")
