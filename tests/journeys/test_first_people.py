"""The first person through each door comes by a link from the command line."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command

from tasks import provisioning
from tenants.context import as_owner
from tenants.models import ProvisioningRun
from tests.conftest import HostClient
from tests.support.platform import profile


@pytest.mark.parametrize("place", ["console", "oversight", "dilijan"])
def test_the_link_opens_the_door_once(towns, place):
    """R6: operator, ministry, staff."""
    out = StringIO()
    call_command("people", "invite", place, email="first@example.am", name="Առաջին", stdout=out)
    link = urlsplit(out.getvalue().strip())
    client = HostClient(link.netloc)
    assert client.get("/").status_code == 302
    answer = client.post(link.path, {"password1": "lav-gaghtnabar-8", "password2": "lav-gaghtnabar-8"})
    assert answer.status_code == 302
    assert client.sign_in("first@example.am", "lav-gaghtnabar-8").status_code == 302
    assert client.get("/").status_code == 200
    assert client.get(link.path).status_code == 404


def test_nobody_is_invited_to_a_place_that_is_not(towns):
    """One sentence."""
    with pytest.raises(CommandError, match="no town called nowhere"):
        call_command("people", "invite", "nowhere", email="a@example.am", name="A")
    with pytest.raises(CommandError, match="unknown role"):
        call_command("people", "invite", "dilijan", email="a@example.am", name="A", role="budgets.king")


def _run(slug: str, state: str) -> ProvisioningRun:
    facts = dict(vars(profile(slug)))
    with as_owner():
        run = ProvisioningRun.objects.create(profile={**facts, "site_hosts": []}, state=state)
        ProvisioningRun.objects.update(created_at="2020-01-01T00:00:00Z")
    return run


@pytest.mark.parametrize("state", ["waiting", "running"])
def test_a_run_left_behind_is_asked_for_again(towns, state, monkeypatch):
    """R48: its message was lost, or its process died in the middle; the town is made all the same, once."""
    run = _run("gavar", state)
    asked = []
    monkeypatch.setattr(provisioning.onboard_town, "delay", asked.append)
    assert provisioning.sweep() == 1
    assert asked == [run.pk]
    assert provisioning.onboard_town(run.pk) == "done"
    assert provisioning.onboard_town(run.pk) == "done"
    assert provisioning.sweep() == 0
    assert HostClient("gavar.localhost").get("/").status_code == 200
