"""Open claims are looked at once an hour, for a week: nobody has to come back to press a button."""

from datetime import timedelta

from django.utils import timezone

from hamaynk.domains.actions import check_claim
from hamaynk.domains.models import DomainClaim
from tasks.app import app
from tasks.base import community_task
from tenants.routing import table

PATIENCE = timedelta(days=7)


@app.task(name="hamaynk.domains.tasks.check_all")
def check_all() -> int:
    """A small task for each town; most have nothing to do."""
    towns = table.towns()
    for number, town in enumerate(towns):
        check_open.for_town(town.slug, countdown=number % 600)
    return len(towns)


@community_task(name="hamaynk.domains.tasks.check_open")
def check_open() -> int:
    """How many were proved."""
    since = timezone.now() - PATIENCE
    return sum(
        check_claim(actor=None, claim=claim)
        for claim in DomainClaim.objects.filter(proven_at=None, asked_at__gte=since)
    )
