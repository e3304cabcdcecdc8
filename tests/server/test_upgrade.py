"""An upgrade without downtime: two releases behind Caddy, requests flowing, none failing (docs/operate/upgrade.md).

Settings are production's; database and roles are this test's own, on the suite's servers.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from redis import Redis

from deploy.local.process import free_port
from hamaynk.config.env import DatabaseAddress
from tests.server import releases
from tests.server.flow import Flow
from tests.server.releases import Release
from tests.support.links import wait_for

pytestmark = [pytest.mark.server, pytest.mark.slow]
BASE, DATABASE, DEPLOYMENT = "upgrade.example", "hamaynk_upgrade", "hup"
TOWNS = ("dilijan", "sevan")
PATIENCE = 180  # on a machine that does many things at once; nothing here waits for longer than it must
ACCOUNTS = """
from hamaynk.accounts.actions import create_account
from tenants.context import in_town
for slug in ("dilijan", "sevan"):
    with in_town(slug):
        create_account(email="clerk@example.am", full_name="Clerk", password="correct-horse-battery", is_staff=True,
                       roles=("noticeboard.writer",))
"""


class Place:
    """Where the two releases run: a database, towns, a proxy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first, self.second = releases.make(folder / "releases")
        owner = DatabaseAddress.parse(os.environ["DATABASE_URL"])
        self.address = DatabaseAddress(owner.host, owner.port, DATABASE, owner.user, owner.password, owner.options)
        self.broker = Redis.from_url(os.environ["REDIS_URL"])
        self.proxy, self.admin = free_port(), free_port()

    def environment(self, *, owner: bool = False) -> dict[str, str]:
        """Of every process; the owner's credentials for those that may have them."""
        address = self.address if owner else self.address.without_credentials()
        return {
            "DJANGO_SETTINGS_MODULE": "tests.server.upgrade_settings",
            "SECRET_KEY": "0123456789abcdef" * 3,
            "TOWN_ROLE_SECRET": "fedcba9876543210" * 3,
            "DATABASE_URL": address.url(),
            "DEPLOYMENT": DEPLOYMENT,
            "BASE_DOMAIN": BASE,
            "HAMAYNK_VAR": str(self.folder / "var"),
            "LOG_LEVEL": "ERROR",
            "WEB_WORKERS": "1",
            "WEB_THREADS": "8",
            "STOP_SECONDS": "300",
            "WEB_TIMEOUT": "300",
            "WORKER_QUEUES": "default,oversight",
            "WORKER_CONCURRENCY": "1",
        }

    def migrate(self, release: Release, phase: str) -> None:
        """`hamaynk migrate --phase ...` of this release, as the owner."""
        release.run("migrate", "--phase", phase, **self.environment(owner=True))

    def build(self) -> None:
        """Release N with two towns, and a clerk in each."""
        self.clear()
        self.migrate(self.first, "all")
        towns = [
            {"slug": slug, "marz": "TV", "modules": ["public_sites", "budgets", "noticeboard"]}
            | {f"{name}_{code}": slug.title() for name in ("name", "hall_name") for code in ("hy", "en", "ru")}
            for slug in TOWNS
        ]
        (self.folder / "towns.json").write_text(json.dumps(towns))
        owner = self.environment(owner=True)
        self.first.run("manage", "towns", "onboard", str(self.folder / "towns.json"), **owner)
        self.first.run("manage", "shell", "-c", ACCOUNTS, **owner)

    def clear(self) -> None:
        """Database, roles and messages, as if it had never been."""
        with self.link("postgres") as link:
            link.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            for (role,) in link.execute(
                "SELECT rolname FROM pg_roles WHERE rolname ~ %s", [f"^{DEPLOYMENT}_"]
            ).fetchall():
                link.execute(f'DROP ROLE "{role}"')
        for key in [*self.broker.scan_iter(f"{DEPLOYMENT}:*"), *self.broker.scan_iter("upgrade:*")]:
            self.broker.delete(key)

    def link(self, database: str = DATABASE) -> "psycopg.Connection[Any]":
        """The database itself, as the owner."""
        who = {"user": self.address.user, "password": self.address.password}
        return psycopg.connect(host=self.address.host, port=self.address.port, dbname=database, autocommit=True, **who)

    def notices(self, town: str) -> list[str]:
        """What stands in the table."""
        with self.link() as link:
            return [text for (text,) in link.execute(f"SELECT text FROM {town}.hamaynk_noticeboard_notice").fetchall()]

    def holds(self, name: str) -> None:
        """What takes its time waits from now on."""
        self.broker.delete(f"upgrade:{name}:inside")
        self.broker.set(f"upgrade:{name}:hold", "1", ex=600)

    def is_inside(self, name: str) -> Callable[[], bool]:
        """Somebody waits."""
        return lambda: bool(self.broker.exists(f"upgrade:{name}:inside"))

    def goes(self, name: str) -> None:
        """It need not wait any longer."""
        self.broker.delete(f"upgrade:{name}:hold")

    def send_to(self, port: int) -> None:
        """Tell the proxy which release serves; it takes the new configuration over without dropping a request."""
        body = json.dumps(caddy(self.proxy, self.admin, port)).encode()
        headers = {"Content-Type": "application/json"}
        address = f"http://127.0.0.1:{self.admin}/load"
        with urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=20) as answer:  # noqa: S310
            assert answer.status == 200


def caddy(listen: int, admin: int, upstream: int) -> dict[str, Any]:
    """One upstream, its health watched."""
    proxy = {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": f"127.0.0.1:{upstream}"}],
        "headers": {"request": {"set": {"X-Forwarded-Proto": ["https"]}}},
        "health_checks": {"active": {"uri": "/healthz", "interval": "1s", "timeout": "60s"}},
    }
    server = {
        "listen": [f"127.0.0.1:{listen}"],
        "automatic_https": {"disable": True},
        "routes": [{"handle": [proxy]}],
    }
    return {"admin": {"listen": f"127.0.0.1:{admin}"}, "apps": {"http": {"servers": {"towns": server}}}}


def answers(port: int, path: str = "/healthz") -> bool:
    """Somebody serves there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def started(words: list[str], log: Path, **options: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with all its children, gone when the block is left."""
    with log.open("ab") as output:
        child = subprocess.Popen(words, stdout=output, stderr=output, start_new_session=True, **options)
    try:
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


@contextmanager
def process(place: Place, release: Release, name: str, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`hamaynk <name>` of a release, without the owner's credentials."""
    words = [str(Path(sys.executable).parent / "hamaynk"), name]
    environment = release.environment(**{**place.environment(), "HAMAYNK_PROCESS": name, **more})
    log = place.folder / f"{name}-{release.name}.log"
    with started(words, log, cwd=release.source, env=environment) as child:
        yield child


@contextmanager
def web(place: Place, release: Release) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Its web process, ready, and the port."""
    port = free_port()
    with process(place, release, "web", WEB_BIND=f"127.0.0.1:{port}") as child:
        wait_for(lambda: child.poll() is not None or answers(port), seconds=PATIENCE, what=f"release {release.name}")
        yield port, child


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Release N with its towns, and Caddy."""
    program = shutil.which("caddy")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("Caddy is not installed, and in CI this test is not skipped")
        pytest.skip("Caddy is not installed")
    folder = tmp_path_factory.mktemp("upgrade")
    made = Place(folder)
    made.build()
    config = folder / "caddy.json"
    config.write_text(json.dumps(caddy(made.proxy, made.admin, free_port())))
    home = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with started([program, "run", "--config", str(config)], folder / "caddy.log", env=home):
        wait_for(lambda: answers(made.admin, "/config/"), seconds=PATIENCE, what="Caddy")
        yield made
    made.clear()


def flowing(flow: Flow) -> None:
    """Readers and writers have been served since now."""
    wait_for(flow.goes_on(), seconds=PATIENCE, what="the flow")
    assert flow.failed == []


def is_served(place: Place, flow: Flow, release: Release) -> None:
    """Residents see this release's page."""
    page = flow.site("sevan").ask("/noticeboard/")
    assert (page.status, f"<p>release {release.name}</p>" in page.text) == (200, True)


def test_no_request_fails_and_no_write_is_lost(place: Place) -> None:
    """R48: expand, the next release beside the old, over to it, back, over again, contract; requests flow all the while."""
    flow = Flow(place.proxy, BASE, TOWNS)
    with ExitStack() as stack:
        port, old = stack.enter_context(web(place, place.first))
        place.send_to(port)
        with flow.running():
            flowing(flow)
            is_served(place, flow, place.first)

            place.migrate(place.second, "expand")
            flowing(flow)
            new_port, new = stack.enter_context(web(place, place.second))
            _switch(place, flow, old, new_port, place.second)

            port, old = stack.enter_context(web(place, place.first))  # something is wrong with N+1: back to N
            _switch(place, flow, new, port, place.first)
            new_port, new = stack.enter_context(web(place, place.second))  # it was put right
            _switch(place, flow, old, new_port, place.second)

            place.migrate(place.second, "contract")
            flowing(flow)
            is_served(place, flow, place.second)
    assert flow.failed == []
    assert min(flow.done["read"], flow.done["write"]) > 20
    assert flow.done["sign-in"] >= 4
    for town in TOWNS:
        assert sorted(place.notices(town)) == sorted(flow.written[town])
        with place.link() as link:
            row = link.execute(f"SELECT count(DISTINCT colour) FROM {town}.hamaynk_noticeboard_notice").fetchone()
            assert row == (2,)  # written by N, which does not know the column, and by N+1


def _switch(place: Place, flow: Flow, leaving: "subprocess.Popen[bytes]", port: int, to: Release) -> None:
    """The proxy sends to `port`; who leaves finishes a request that it is in the middle of, and goes."""
    answer: list[str] = []
    place.holds("page")
    path = f"/noticeboard/slow/?{port}"  # another address each time, else the page that was kept would answer
    asked = threading.Thread(target=lambda: answer.append(flow.site("dilijan").ask(path).text))
    asked.start()
    wait_for(place.is_inside("page"), seconds=PATIENCE, what="the slow page")
    place.send_to(port)
    flowing(flow)
    is_served(place, flow, to)
    leaving.send_signal(signal.SIGTERM)
    flowing(flow)
    assert leaving.poll() is None
    place.goes("page")
    asked.join(PATIENCE)
    assert leaving.wait(PATIENCE) == 0
    assert answer in (["release N"], ["release N+1"])
    assert answer != [f"release {to.name}"]


def test_the_control_a_release_killed_hard_is_noticed(place: Place) -> None:
    """Without switching and draining, the same flow sees failures; and contracted structure does not bear the old code."""
    flow = Flow(place.proxy, BASE, TOWNS)
    with web(place, place.second) as (port, child):
        place.send_to(port)
        with flow.running():
            flowing(flow)
            os.killpg(child.pid, signal.SIGKILL)
            wait_for(lambda: flow.failed, seconds=PATIENCE, what="a failure")
    assert any("502" in fault or "503" in fault for fault in flow.failed)
    with web(place, place.first) as (port, child):
        place.send_to(port)
        assert flow.site("sevan").ask("/noticeboard/?fresh").status == 500


def test_a_worker_finishes_what_it_does_and_the_next_takes_the_rest(place: Place) -> None:
    """R48: SIGTERM while one task runs and four wait; each notice is put up once, the first by the one that left."""
    flow = Flow(place.proxy, BASE, TOWNS)
    wanted = [f"task {number}" for number in range(5)]

    def put_up() -> list[str]:
        return sorted(text for text in place.notices("dilijan") if text.startswith("task"))

    with web(place, place.second) as (port, _):
        place.send_to(port)
        clerk = flow.office("dilijan")
        assert clerk.sign_in("clerk@example.am").status == 302
        place.holds("task")
        with process(place, place.second, "worker") as leaving:
            for text in wanted:
                assert clerk.submit("/noticeboard/later/", form="/noticeboard/", text=text).status == 302
            wait_for(place.is_inside("task"), seconds=PATIENCE, what="the first task")
            leaving.send_signal(signal.SIGTERM)
            place.goes("task")
            assert leaving.wait(PATIENCE) == 0
        finished = put_up()
        assert "task 0" in finished
        with process(place, place.second, "worker"):
            wait_for(lambda: put_up() == wanted, seconds=PATIENCE, what="the rest")
    assert len(finished) < len(wanted)
