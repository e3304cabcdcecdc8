"""Use cases of domains. Each runs in the town whose domain it is; the registry of hosts is written by `tenants.domains`."""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hamaynk.audit import record
from hamaynk.domains.dns import fault_of
from hamaynk.domains.models import DomainClaim
from hamaynk.domains.names import ascii_host
from tenants import domains as registry
from tenants.context import current_town_schema
from tenants.routing import table

MOST_CLAIMS = 20


def _slug() -> str:
    town = table.town(current_town_schema())
    if town is None:
        raise LookupError("the present town has no routes")
    return town.slug


def ask_for_domain(*, actor: Any, typed: str) -> DomainClaim:
    """Begin with a domain: gives the record that the DNS must carry. Asking twice gives the same one."""
    host = ascii_host(typed)
    if registry.is_taken(host):
        raise ValidationError(_("This domain is in use already."))
    try:
        with transaction.atomic():
            there = DomainClaim.objects.filter(host=host).first()
            if there is not None:
                return there
            if DomainClaim.objects.count() >= MOST_CLAIMS:
                raise ValidationError(_("There are too many domains. Take away one that is not needed."))
            claim = DomainClaim.objects.create(host=host, token=secrets.token_hex(16), asked_by=_user(actor))
            record(actor=actor, action="domains.ask", subject=f"domains.domain:{host}")
    except IntegrityError:
        return DomainClaim.objects.get(host=host)
    return claim


def _user(actor: Any) -> Any:
    """Operators act in a town without an account there."""
    from hamaynk.accounts.models import User

    return User.objects.filter(pk=actor.pk, email=actor.email).first() if actor is not None else None


def check_claim(*, actor: Any, claim: DomainClaim) -> bool:
    """Ask the DNS. True where the domain is proved; from then on the town's site answers under it."""
    fault = fault_of(claim)
    if not fault and claim.proven_at is None:
        try:
            registry.attach(_slug(), claim.host)
        except registry.HostTaken:
            fault = DomainClaim.Fault.TAKEN
    with transaction.atomic():
        claim.checked_at, claim.fault = timezone.now(), fault
        newly = not fault and claim.proven_at is None
        if newly:
            claim.proven_at = claim.checked_at
            record(actor=actor, action="domains.prove", subject=f"domains.domain:{claim.host}")
        claim.save(update_fields=["checked_at", "fault", "proven_at"])
    return not fault


def make_primary(*, actor: Any, host: str) -> None:
    """The site's main address; all others redirect to it."""
    registry.make_primary(_slug(), host)
    with transaction.atomic():
        record(actor=actor, action="domains.make_primary", subject=f"domains.domain:{host}")


def remove_domain(*, actor: Any, host: str) -> None:
    """The site no longer answers under it. The platform's own address stays."""
    if not registry.detach(_slug(), host) and not DomainClaim.objects.filter(host=host).exists():
        raise ValidationError(_("This address cannot be taken away."))
    with transaction.atomic():
        DomainClaim.objects.filter(host=host).delete()
        record(actor=actor, action="domains.remove", subject=f"domains.domain:{host}")
