"""A town that came back from a backup does not know which letters were sent since: what was on its way is not sent."""

from django.utils import timezone

from hamaynk.portability.restored import RestoredTown
from public_sites.alerts.models import Mailing
from public_sites.alerts.sending import OPEN
from tenants.context import in_town


def hold_letters_back(town: RestoredTown) -> None:
    """Nobody gets the same letter twice; that somebody gets none is the lesser evil. Idempotent."""
    with in_town(town.slug):
        waiting = Mailing.objects.filter(state__in=OPEN)
        waiting.update(state=Mailing.State.CANCELLED, finished_at=timezone.now(), leased_until=None)
