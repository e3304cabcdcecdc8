"""`manage.py platform prepare|hardening|check|citus-check`: everything but the towns."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.utils import DatabaseError

from tenants import citus
from tenants.context import as_owner
from tenants.ddl import StructureFault, read_structure
from tenants.hardening import statements
from tenants.models import Community
from tenants.phases import ALL, PHASES, PhaseFault
from tenants.platform_setup import PlatformFault, prepare, waiting_for_contract
from tenants.rollout import outdated
from tenants.template import current_release


class Command(BaseCommand):
    """Prepare the platform, or look at it."""

    help = (
        "prepare: database, roles, tables, template, all towns; hardening: print SQL for a superuser; check: compare;"
        " citus-check: find what would not run on Citus"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The verb, how many towns at a time, and how far."""
        parser.add_argument("verb", choices=["prepare", "hardening", "check", "citus-check"])
        parser.add_argument("--jobs", type=int, default=2, help="towns migrated at a time (default 2)")
        parser.add_argument(
            "--phase",
            choices=PHASES,
            default=ALL,
            help="prepare: expand before the new release serves, contract once the old one is gone (default all)",
        )

    def handle(self, *args: Any, verb: str, jobs: int, phase: str, **options: Any) -> None:
        """Dispatch."""
        verbs = {
            "prepare": lambda: self._prepare(jobs, phase),
            "hardening": self._hardening,
            "check": self._check,
            "citus-check": self._citus_check,
        }
        try:
            verbs[verb]()
        except (PlatformFault, PhaseFault, StructureFault) as fault:
            raise CommandError(str(fault)) from fault
        except DatabaseError as fault:
            raise CommandError(f"The database said: {str(fault).strip()}") from fault

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _prepare(self, jobs: int, phase: str) -> None:
        report = prepare(
            jobs=jobs,
            phase=phase,
            progress=self._say,
            towns=lambda n, of, slug: self._say(f"town {n} of {of}: {slug}"),
        )
        for slug, fault in report.failed.items():
            self.stderr.write(f"  {slug}: {fault}")
        if report.failed:
            raise CommandError(f"{len(report.failed)} towns failed, {len(report.left)} not begun; run again to go on.")
        for name in waiting_for_contract():
            self._say(f"waits for --phase contract: {name}")
        self._say(f"release {report.release}")

    def _hardening(self) -> None:
        with as_owner():
            self.stdout.write(";\n".join(statements(settings.DATABASE.name)) + ";")

    def _check(self) -> None:
        with as_owner():
            release = current_release()
            behind = outdated()
            towns = list(Community.objects.exclude(state=Community.State.ARCHIVED))
        faults = [f"{town.slug} is not at release {release.release}" for town in behind]
        for town in towns:
            if town in behind:
                continue
            with as_owner(town.schema_name):
                try:
                    if read_structure(town.schema_name).catalogue_hash() != release.catalogue_hash:
                        faults.append(f"{town.slug} differs from the template")
                except StructureFault as fault:
                    faults.append(str(fault))
        for line in faults:
            self.stderr.write(line)
        if faults:
            raise CommandError(f"{len(faults)} faults in {len(towns)} towns.")
        self._say(f"{len(towns)} towns equal the template at release {release.release}")

    def _citus_check(self) -> None:
        found = citus.check()
        for line in citus.table(found):
            self.stdout.write(line)
        stops = sum(finding.stops for finding in found)
        self.stdout.write(f"{stops} stop, {len(found) - stops} to bear in mind")
        if stops:
            raise CommandError(f"{stops} things would not run on Citus.")
