"""`manage.py demo seed|addresses`: the demo towns, their people and figures; and where to find them."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from hamaynk.accounts.actions import create_account
from hamaynk.accounts.models import User
from hamaynk.contract.registry import registry, resolve
from hamaynk.events.outbox import deliver_pending
from tenants.context import as_owner, in_console, in_oversight, in_town
from tenants.models import Community
from tenants.provisioning import TownProfile, onboard
from tenants.setup import set_up_town

TOWNS = Path(__file__).resolve().parents[2] / "demo" / "towns.json"
PASSWORD = "hamaynk-demo"  # noqa: S105  the demo's, printed on the screen; production refuses demo secrets


class Command(BaseCommand):
    """Only where DEMO is set: it makes accounts whose password everybody can read."""

    help = "seed: onboard the demo towns with people and figures; addresses: where they are and how to sign in"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The verb."""
        parser.add_argument("verb", choices=["seed", "addresses"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Dispatch."""
        if not settings.DEMO:
            raise CommandError("This is no demo: the settings in use are not hamaynk.config.settings.demo.")
        (self._seed if verb == "seed" else self._addresses)()

    # --- seed ---

    def _seed(self) -> None:
        call_command("collectstatic", interactive=False, verbosity=0)
        profiles = [TownProfile(**entry) for entry in json.loads(TOWNS.read_text(encoding="utf-8"))]
        with as_owner():
            there = set(Community.objects.values_list("slug", flat=True))
        for number, profile in enumerate(profiles, 1):
            self.stdout.write(f"  town {number} of {len(profiles)}: {profile.slug} ", ending="")
            if profile.slug not in there:
                onboard(profile, progress=lambda step: self.stdout.write(f"· {step} ", ending=""))
            self._fill(profile.slug)
            self.stdout.write("· ready")
            self.stdout.flush()
        # Means are worked out by the clock; a newcomer who opens the comparison at once should find them.
        call_command("oversight", "references", stdout=StringIO())
        with in_console():
            _account("operator@hamaynk.example", "Վահե Սարգսյան")
        with in_oversight():
            _account("ministry@hamaynk.example", "Լուսինե Ավետիսյան")

    def _fill(self, slug: str) -> None:
        set_up_town(slug)
        with in_town(slug):
            _account(f"editor@{slug}.example", "Մարիամ Հովհաննիսյան", roles=("public_sites.publisher",))
            _account(f"admin@{slug}.example", "Արմեն Հակոբյան", roles=("accounts.administrator",))
            _account(f"finance@{slug}.example", "Անի Գրիգորյան", roles=("budgets.finance_officer",))
            _account(f"approver@{slug}.example", "Դավիթ Մանուկյան", roles=("budgets.budget_approver",))
            _account(f"citizen@{slug}.example", "Նարե Մկրտչյան", staff=False)
            for manifest in sorted((m for m in registry() if m.demo), key=lambda m: m.demo.order if m.demo else 0):
                seed: Callable[[str], None] = resolve(manifest.demo.source)  # type: ignore[union-attr]
                seed(slug)
            while deliver_pending():  # a fact that is told may tell another
                pass

    # --- addresses ---

    def _addresses(self) -> None:
        port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT else ""
        base = settings.BASE_DOMAIN
        rows = [("What", "Address", "Sign in as")]
        with as_owner():
            towns = list(Community.objects.filter(state=Community.State.ACTIVE))
        for town in towns:
            rows.append((f"{town.name_en}: site", f"http://{town.slug}.{base}{port}/", f"citizen@{town.slug}.example"))
            rows.append(("  office", f"http://{town.slug}.office.{base}{port}/", f"finance@{town.slug}.example"))
            rows.append(("", "", f"approver@{town.slug}.example"))
            rows.append(("", "", f"editor@{town.slug}.example"))
            rows.append(("", "", f"admin@{town.slug}.example"))
        rows.append(("Operators' console", f"http://console.{base}{port}/", "operator@hamaynk.example"))
        rows.append(("Ministry's oversight", f"http://oversight.{base}{port}/", "ministry@hamaynk.example"))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            self.stdout.write("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)))
        self.stdout.write(f"\n  The password of all of them: {PASSWORD}")
        self.stdout.write(f"  Mail is written to {settings.EMAIL_FILE_PATH}")  # type: ignore[misc]


def _account(email: str, name: str, *, staff: bool = True, roles: tuple[str, ...] = ()) -> None:
    if not User.objects.filter(email=email).exists():
        create_account(email=email, full_name=name, password=PASSWORD, is_staff=staff, roles=roles)
