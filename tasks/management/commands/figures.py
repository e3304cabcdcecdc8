"""`manage.py figures show|backup`: the figures of the whole platform, and the note that a backup has ended well."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tasks.figures import BACKUPS, PlatformFigures, gather, note_backup


class Command(BaseCommand):
    """Without Prometheus."""

    help = "show: gather and print the figures of the platform; backup KIND: note that a backup has ended well"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The verb, and the kind of backup."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("show")
        backup = verbs.add_parser("backup")
        backup.add_argument("kind", choices=BACKUPS)
        backup.add_argument("--at", type=float, help="when, in seconds after 1970; without it: now")

    def handle(self, *args: Any, verb: str, kind: str = "", at: float | None = None, **options: Any) -> None:
        """Dispatch."""
        if verb == "backup":
            note_backup(kind, at)
            return
        gather()
        for family in PlatformFigures().collect():
            for sample in family.samples:
                labels = " ".join(sample.labels.values())
                name = f"{sample.name} {labels}".strip()
                self.stdout.write(f"{name:<48} {sample.value:.0f}")
