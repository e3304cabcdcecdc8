"""Content of the demo towns' sites in three languages. Made up: people, numbers and events are nobody's."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from hamaynk.search import refresh
from public_sites import models
from public_sites.alerts.quiet import without_letters
from public_sites.demo.filling import Filling
from public_sites.demo.look import dress
from public_sites.demo.words import Voices, read
from public_sites.search import SOURCE
from tenants.context import current_schema
from tenants.routing import table


@without_letters()
def seed_demo(town_slug: str, *, today: dt.date | None = None) -> None:
    """Fill the planted pages of the present town, all or none. Running it again changes nothing.

    A town without a file of its own in this folder keeps its empty pages.
    """
    if models.NewsPage.objects.exists() or not models.HomePage.objects.exists():
        return
    town, said = table.town(current_schema()), read(town_slug)
    if town is None or said is None:
        return
    with transaction.atomic():
        Filling(Voices(said, town=town, today=today or timezone.localdate())).fill()
        dress(town, theme=said["theme"], landscape=said["landscape"], words=said["picture"])
        refresh(SOURCE)
