"""`manage.py people invite console|oversight|<town> --email … --name …`: the first person through each door."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hamaynk.accounts.actions import invite_staff
from tenants.context import in_console, in_oversight, in_town, nowhere
from tenants.routing import table


class Command(BaseCommand):
    """Prints a link that is valid once and for seven days; no password passes through the command line."""

    help = "Invite an operator (console), somebody of the ministry (oversight) or a member of a town's staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, who, as what."""
        parser.add_argument("verb", choices=["invite"])
        parser.add_argument("place", help="console, oversight, or a town's slug")
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", default="", help="for a town, e.g. accounts.administrator")

    def handle(self, *args: Any, place: str, email: str, name: str, role: str, **options: Any) -> None:
        """Make the invitation in its place and print the link."""
        with nowhere():
            town = None if place in ("console", "oversight") else table.town(place)
        if place == "console":
            door, host = in_console(), f"console.{settings.BASE_DOMAIN}"
        elif place == "oversight":
            door, host = in_oversight(), f"oversight.{settings.BASE_DOMAIN}"
        elif town is not None:
            door, host = in_town(town.slug), town.office_host
        else:
            raise CommandError(f"There is no town called {place}; the other doors are console and oversight.")
        with door:
            try:
                _, token = invite_staff(actor=None, email=email, full_name=name, role=role)
            except ValueError as fault:
                raise CommandError(str(fault)) from fault
        port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
        self.stdout.write(f"{settings.PUBLIC_SCHEME}://{host}{port}/invitation/{token}/")
