"""`manage.py oversight references [--changed]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from hamaynk.oversight import references


class Command(BaseCommand):
    """What the clock does every few minutes, at once and for everything."""

    help = "Work out the means of marz and country from the published figures, and bring them to every town."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb so far."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        means = verbs.add_parser("references", help="means of all periods, into all towns")
        means.add_argument("--changed", action="store_true", help="only periods with newer figures or other towns")

    def handle(self, *args: Any, verb: str, changed: bool, **_: Any) -> None:
        """Here and now, without the queue."""
        periods = references.stale_periods() if changed else references.all_periods()
        means = references.work_out(periods)
        towns = references.every_town() if periods else []
        for slug in towns:
            references.bring(slug, periods)
        self.stdout.write(f"{len(periods)} periods, {means} means, brought to {len(towns)} towns")
