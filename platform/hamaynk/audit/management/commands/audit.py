"""`manage.py audit check|show`: whether the chains are whole, and who did what where, for the one who must find out."""

import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from hamaynk.audit.log import first_broken
from hamaynk.audit.models import Entry
from tenants.context import as_owner, in_console, in_oversight, in_town
from tenants.models import Community

ELSEWHERE: dict[str, Callable[[], AbstractContextManager[Any]]] = {"console": in_console, "oversight": in_oversight}


class Command(BaseCommand):
    """Read the log of one place, or check that of all."""

    help = "check: every chain, or those of the places named; show PLACE: its entries as JSON, one a line"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each. A place is a town's slug, "console" or "oversight"."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("check", help="look for the first entry that was changed, removed, added or moved")
        check.add_argument("places", nargs="*")
        show = verbs.add_parser("show", help="who did what to which thing")
        show.add_argument("place")
        show.add_argument("--since", help="first moment, such as 2026-11-30T08:00")
        show.add_argument("--until", help="the moment after the last")
        show.add_argument("--action", default="", help="beginning of the action, such as accounts.")
        show.add_argument("--actor", default="", help="part of the person's name")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Dispatch."""
        getattr(self, f"_{verb}")(**options)

    def _check(self, *, places: list[str], **_: Any) -> None:
        broken = []
        for place in places or [*ELSEWHERE, *towns()]:
            with standing_in(place):
                fault = first_broken()
            if fault is not None:
                broken.append(place)
            self.stdout.write(f"{place}: " + ("whole" if fault is None else f"not whole from entry {fault} on"))
        if broken:
            raise CommandError(f"{len(broken)} chains are not whole: {', '.join(broken)}.")

    def _show(self, *, place: str, since: str | None, until: str | None, action: str, actor: str, **_: Any) -> None:
        first, last = moment("--since", since), moment("--until", until)
        with standing_in(place):
            found = Entry.objects.filter(action__startswith=action, actor_name__icontains=actor)
            if first is not None:
                found = found.filter(at__gte=first)
            if last is not None:
                found = found.filter(at__lt=last)
            for entry in found.order_by("number").iterator():
                told = {
                    "number": entry.number,
                    "at": timezone.localtime(entry.at).isoformat(),
                    "actor": entry.actor_name,
                    "action": entry.action,
                    "subject": entry.subject,
                    "data": entry.data,
                }
                self.stdout.write(json.dumps(told, ensure_ascii=False))


def towns() -> list[str]:
    """Slugs of all towns that have a schema; archived ones keep their log."""
    with as_owner():
        return list(Community.objects.order_by("slug").values_list("slug", flat=True))


def standing_in(place: str) -> AbstractContextManager[Any]:
    """The place itself; a sentence for a place that is none."""
    if place in ELSEWHERE:
        return ELSEWHERE[place]()
    if place not in towns():
        raise CommandError(f"There is no place called {place}: a town's slug, console or oversight.")
    return in_town(place)


def moment(option: str, text: str | None) -> dt.datetime | None:
    """A moment, in the deployment's time zone where it names none."""
    if text is None:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{option} must be a moment such as 2026-11-30T08:00, not {text}.")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
