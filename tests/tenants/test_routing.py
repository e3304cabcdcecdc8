"""Host to town from memory: what every host answers, and how soon a change is seen everywhere (R48; ADR 0004)."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenants import routing
from tenants.context import as_owner, in_town
from tenants.models import Community, Domain
from tenants.provisioning import set_state
from tenants.routing import RoutingTable, announce_change, table
from tests.support.platform import Towns

pytestmark = pytest.mark.usefixtures("towns")


def get(host: str, path: str = "/", **headers: str) -> Any:
    """The answer of a host."""
    return Client(headers={"host": host, **headers}).get(path)


def add_domain(host: str, *, primary: bool = False, surface: str = "site") -> None:
    """One more host for dilijan."""
    with as_owner():
        town = Community.objects.get(slug="dilijan")
        if primary:
            Domain.objects.filter(community=town, surface=surface).update(is_primary=False)
        Domain.objects.create(community=town, host=host, surface=surface, is_primary=primary)
    announce_change()


@pytest.mark.parametrize(
    "host",
    ["unknown.localhost", "dilijan.localhost.evil.com", "evil.com", "127.0.0.1", "[::1]:8000", "localhost", "",
     "dilijan.localhost@evil.com", "dilijan.localhost/x", "dilijan.localhost evil.com", "dilijan", ".", "a" * 5000,
     "\xc4\xb1dilijan.localhost", "dilijan.localhost%00"],
)  # fmt: skip
def test_an_unknown_or_crafted_host_is_404(host: str) -> None:
    """Nothing is served, nothing is redirected, no town is entered."""
    with CaptureQueriesContext(connection) as queries:
        answer = get(host)
    assert answer.status_code == 404
    assert "Location" not in answer
    assert not [query for query in queries if "dilijan" in query["sql"]]


@pytest.mark.parametrize("host", ["dilijan.localhost:80@evil.com", "dilijan.localhost:x", "dilijan.localhost:80:90"])
def test_a_crafted_port_never_reaches_an_address(host: str) -> None:
    """A host that Django would not accept in an address is unknown, also where it would be redirected."""
    assert get(host).status_code == 404
    add_domain("www.dilijan.am")
    assert get(host.replace("dilijan.localhost", "www.dilijan.am")).status_code == 404


@pytest.mark.parametrize(
    "host",
    ["dilijan.localhost", "DILIJAN.LocalHost", "dilijan.localhost.", "dilijan.localhost:8000", "Dilijan.localhost.:1"],
)
def test_a_host_is_known_however_it_is_written(host: str) -> None:
    """Case, a trailing dot and the port make no difference."""
    assert table.route(host) == table.route("dilijan.localhost")
    assert table.route(host).town.slug == "dilijan"  # type: ignore[union-attr]


def test_a_refusal_before_the_address_is_resolved_has_a_page(settings: Any) -> None:
    """A middleware's refusal is rendered with the surface's own links, not answered with a second error."""
    settings.DISALLOWED_USER_AGENTS = [re.compile("crawler")]
    assert get("dilijan.localhost", **{"User-Agent": "crawler"}).status_code == 403


def test_forwarded_host_is_not_believed() -> None:
    """X-Forwarded-Host does not choose the town."""
    assert get("unknown.localhost", **{"X-Forwarded-Host": "dilijan.localhost"}).status_code == 404


def test_a_suspended_town_is_503_until_it_is_resumed() -> None:
    """Both of its surfaces; its neighbour goes on."""
    with as_owner():
        set_state("dilijan", Community.State.SUSPENDED)
    for host in ("dilijan.localhost", "dilijan.office.localhost"):
        answer = get(host)
        assert answer.status_code == 503
        assert answer["Retry-After"]
    assert get("sevan.localhost", "/healthz").status_code == 200
    assert get("sevan.localhost").status_code == 200
    with as_owner():
        set_state("dilijan", Community.State.ACTIVE)
    assert get("dilijan.localhost").status_code == 200


def test_an_archived_town_has_no_hosts() -> None:
    """404, as if it had never been."""
    with as_owner():
        set_state("dilijan", Community.State.ARCHIVED)
    assert get("dilijan.localhost").status_code == 404


def test_a_secondary_host_redirects_with_path_query_and_port() -> None:
    """To the primary of the same surface, and nowhere else."""
    add_domain("www.dilijan.am")
    answer = get("www.dilijan.am:8000", "/en/page/?month=9&x=%D5%A1")
    assert answer.status_code == 301
    assert answer["Location"] == "http://dilijan.localhost:8000/en/page/?month=9&x=%D5%A1"
    assert get("www.dilijan.am", "//evil.com/x")["Location"].startswith("http://dilijan.localhost/")
    add_domain("office.dilijan.am", surface="office")
    assert get("office.dilijan.am")["Location"] == "http://dilijan.office.localhost/"


def test_a_new_primary_turns_the_redirect_round() -> None:
    """The old host leads to the new one."""
    add_domain("dilijan.am", primary=True)
    assert get("dilijan.localhost", "/x")["Location"] == "http://dilijan.am/x"
    assert get("dilijan.am").status_code == 200


def test_an_armenian_host_is_known_in_both_forms() -> None:
    """Browsers send punycode; people write letters (R50)."""
    add_domain("Դիլիջան.հայ", primary=True)
    with as_owner():
        kept = Domain.objects.get(host__startswith="xn--").host
    assert table.route("դիլիջան.հայ") == table.route(kept)
    assert get(kept).status_code == 200


def test_a_change_in_another_process_is_seen_within_the_check_time(settings: Any) -> None:
    """ROUTING_CHECK_SECONDS after the announcement this process answers differently, without being told."""
    settings.ROUTING_CHECK_SECONDS = 0.5
    assert get("dilijan.localhost").status_code == 200
    code = (
        "import django; django.setup()\n"
        "from tenants.context import as_owner; from tenants.provisioning import set_state\n"
        "with as_owner(): set_state('dilijan', 'suspended')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    time.sleep(0.6)
    assert get("dilijan.localhost").status_code == 503


def test_between_checks_not_even_the_stamp_is_read(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache server is asked at most once in ROUTING_CHECK_SECONDS."""
    settings.ROUTING_CHECK_SECONDS = 60
    table.route("dilijan.localhost")
    asked: list[str] = []
    monkeypatch.setattr(routing, "_read_stamp", lambda: asked.append("x") or "0")
    for _ in range(50):
        assert table.route("dilijan.localhost") is not None
        assert table.route("unknown.localhost") is None
    assert asked == []


def test_the_stamp_is_one_for_all_places(towns: Towns) -> None:
    """A town that announces is heard by all, though every other cache key belongs to one town."""
    announce_change()
    nowhere = cache.get(routing.STAMP_KEY)
    with in_town("dilijan"):
        assert cache.get(routing.STAMP_KEY) == nowhere
        cache.set("mine", "1")
    assert cache.get("mine") is None


def _gone(*args: Any, **kwargs: Any) -> None:
    raise ConnectionError("the cache server is away")


def test_without_the_cache_server_towns_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Known hosts are answered from memory, a fresh process loads from the database, changes are not lost."""
    monkeypatch.setattr(routing, "cache", SimpleNamespace(get=_gone, set=_gone))
    assert table.route("dilijan.localhost") is not None
    fresh = RoutingTable()
    assert fresh.route("sevan.localhost") is not None
    with as_owner():
        set_state("dilijan", Community.State.SUSPENDED)
    assert table.route("dilijan.localhost").town.state == "suspended"  # type: ignore[union-attr]


def test_without_the_cache_server_other_processes_look_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every BLIND_RELOAD_SECONDS the table is read again."""
    monkeypatch.setattr(routing, "_read_stamp", lambda: None)
    monkeypatch.setattr(routing, "BLIND_RELOAD_SECONDS", 0.2)
    other = RoutingTable()
    assert other.route("dilijan.localhost").town.state == "active"  # type: ignore[union-attr]
    with as_owner():
        Community.objects.filter(slug="dilijan").update(state="suspended")
    assert other.route("dilijan.localhost").town.state == "active"  # type: ignore[union-attr]
    time.sleep(0.25)
    assert other.route("dilijan.localhost").town.state == "suspended"  # type: ignore[union-attr]


def test_routing_costs_no_sql(django_assert_num_queries: Callable[..., Any]) -> None:
    """A page that asks nothing of the database asks nothing of it: neither do unknown hosts."""
    get("dilijan.localhost", "/")
    get("dilijan.localhost", "/no/such/page.html")  # the menu is kept from now on
    with django_assert_num_queries(0):
        assert table.route("dilijan.localhost") is not None
        assert get("unknown.localhost").status_code == 404
        assert get("dilijan.localhost", "/healthz").status_code == 200
    with django_assert_num_queries(1):  # it may have been a page once
        assert get("dilijan.localhost", "/no/such/page.html").status_code == 404
    with django_assert_num_queries(2):  # it may be a page that an editor wrote
        assert get("dilijan.localhost", "/no/such/page/").status_code == 404


def test_after_a_request_the_connection_is_nobodys() -> None:
    """Whatever the answer was, the thread no longer stands in the town."""
    from tenants.context import current_schema

    for path in ("/", "/no/such/page/"):
        get("dilijan.localhost", path)
        assert current_schema() == "public"
