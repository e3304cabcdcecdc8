"""The cache and queue server is away: residents read, people sign in, figures are published and arrive later."""

import pytest
from django.core.cache import caches
from kombu.exceptions import OperationalError

from hamaynk.events.models import OutboxMessage
from hamaynk.events.outbox import deliver_pending
from hamaynk.oversight.models import Figure
from modules.budgets.demo import seed
from tenants import routing
from tenants.context import in_oversight, in_town
from tests.conftest import HostClient

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture
def away(towns, monkeypatch):
    """Both caches look where nobody listens; so does the queue."""
    from tasks.base import CommunityTask

    def no_broker(*args, **kwargs):
        raise OperationalError("the queue is away")

    for alias in ("default", "platform"):
        cache = caches[alias]
        monkeypatch.setattr(cache, "_servers", [NOBODY_LISTENS])
        monkeypatch.setattr(cache, "_options", {"socket_connect_timeout": 0.2})
        cache.__dict__.pop("_cache", None)
    monkeypatch.setattr(CommunityTask, "apply_async", no_broker)
    yield
    monkeypatch.undo()
    for alias in ("default", "platform"):
        caches[alias].__dict__.pop("_cache", None)


def test_residents_read_and_people_sign_in(away, staff, visitor):
    """R48: nothing that a person does needs the cache."""
    client = staff("dilijan", roles=["budgets.finance_officer"])
    assert client.get("/budget/").status_code == 200
    assert visitor("sevan").get("/").status_code == 200
    assert routing.table.town("dilijan") is not None


def test_the_control_the_strict_cache_is_really_away(away):
    """Without this the test above could pass with a server that answers."""
    with pytest.raises(Exception, match="connecting"):
        caches["platform"].get("anything")
    assert caches["default"].get("anything", "nothing") == "nothing"
    assert caches["default"].add("anything", 1) is True


def test_a_month_published_meanwhile_arrives_afterwards(away):
    """R48, R60: the outbox is the truth, the queue only carries."""
    with in_town("dilijan"):
        seed("dilijan")
        assert OutboxMessage.objects.filter(delivered_at=None).exists()
        assert deliver_pending() > 0
    with in_oversight():
        assert Figure.objects.filter(item="").count() == 4


def test_an_unknown_host_is_still_unknown(away):
    """Routing answers from memory."""
    assert HostClient("nobody.localhost").get("/").status_code == 404
