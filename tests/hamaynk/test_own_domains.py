"""What browsers are told of a host's other hosts: below the platform's domain all are ours, below a town's own they are not."""

import pytest

from tenants.context import as_owner
from tenants.models import Community, Domain
from tenants.routing import announce_change
from tests.conftest import HostClient

WHOLE = "max-age=31536000; includeSubDomains"


@pytest.fixture
def over_tls(towns, settings):
    """As production has it; dilijan.am is a town's own domain."""
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = False
    with as_owner():
        town = Community.objects.get(slug=towns.first)
        Domain.objects.create(community=town, host="dilijan.am", surface="site", is_primary=False)
    announce_change()
    return settings


def said(host: str, **more: bool) -> str:
    """The header of an answer over TLS."""
    return HostClient(host).get("/", secure=True, **more).get("Strict-Transport-Security", "")


@pytest.mark.parametrize("host", ["dilijan.localhost", "console.localhost", "localhost", "DILIJAN.localhost:8000"])
def test_below_the_platforms_domain_all_is_said(over_tls, host):
    """All hosts there are ours and have TLS."""
    assert said(host) == WHOLE


@pytest.mark.parametrize("host", ["dilijan.am", "nobody.am", "evil-localhost", "localhost.evil.am"])
def test_on_other_domains_nothing_is_said_of_their_other_hosts(over_tls, host):
    """The mail server of the town may have no TLS."""
    assert said(host) == "max-age=31536000"


def test_preload_is_said_for_the_platform_alone(over_tls):
    """Where the operator wants it."""
    over_tls.SECURE_HSTS_PRELOAD = True
    assert said("dilijan.localhost") == f"{WHOLE}; preload"
    assert said("dilijan.am") == "max-age=31536000"


def test_switched_off_or_without_tls_nothing_is_said(over_tls):
    """The header means nothing on plain HTTP."""
    assert "Strict-Transport-Security" not in HostClient("dilijan.am").get("/")
    over_tls.SECURE_HSTS_SECONDS = 0
    assert said("dilijan.am") == said("dilijan.localhost") == ""
