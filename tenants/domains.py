"""The registry of hosts, as far as a town's own domains go: written as the console, for one town at a time."""

from django.conf import settings
from django.db import IntegrityError, transaction

from hamaynk.contract import Surface
from tenants.context import in_console
from tenants.models import Community, Domain
from tenants.routing import announce_change, table


class HostTaken(Exception):
    """Somebody else has the host."""


def is_taken(host: str) -> bool:
    """Whoever has it."""
    return table.route(host) is not None


def site_hosts(slug: str) -> list[Domain]:
    """All hosts of the town's site, the main one first."""
    with in_console():
        found = Domain.objects.filter(community__slug=slug, surface=Surface.SITE.value)
        return list(found.order_by("-is_primary", "host"))


def attach(slug: str, host: str) -> None:
    """Let the town's site answer under `host`; it redirects to the main address until it is made that. Idempotent."""
    with in_console():
        community = Community.objects.get(slug=slug)
        there = Domain.objects.filter(host=host).first()
        if there is not None and there.community_id != community.pk:
            raise HostTaken(host)
        if there is None:
            try:
                with transaction.atomic():
                    Domain.objects.create(community=community, host=host, surface=Surface.SITE.value, is_primary=False)
            except IntegrityError:
                raise HostTaken(host) from None
    announce_change()


def make_primary(slug: str, host: str) -> None:
    """Raises Domain.DoesNotExist for a host that is not one of this town's site."""
    with in_console(), transaction.atomic():
        hosts = Domain.objects.select_for_update().filter(community__slug=slug, surface=Surface.SITE.value)
        chosen = hosts.get(host=host)
        hosts.exclude(pk=chosen.pk).filter(is_primary=True).update(is_primary=False)
        Domain.objects.filter(pk=chosen.pk).update(is_primary=True)
    announce_change()


def detach(slug: str, host: str) -> bool:
    """True where it was there. Not the platform's own address; that becomes the main one where the main one goes."""
    standard = standard_host(slug)
    if host == standard:
        return False
    with in_console(), transaction.atomic():
        hosts = Domain.objects.select_for_update().filter(community__slug=slug, surface=Surface.SITE.value)
        found = hosts.filter(host=host).first()
        if found is None:
            return False
        found.delete()
        if found.is_primary and not hosts.filter(host=standard).update(is_primary=True):
            community = Community.objects.get(slug=slug)
            Domain.objects.create(community=community, host=standard, surface=Surface.SITE.value, is_primary=True)
    announce_change()
    return True


def standard_host(slug: str) -> str:
    """The address that the platform gives a town's site."""
    return f"{slug}.{settings.BASE_DOMAIN}"
