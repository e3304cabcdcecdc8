"""`manage.py towns onboard|set-up|list|suspend|resume|archive|remove|put-right|enable|disable|migrate`, and added verbs."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from tenants import activation, provisioning
from tenants.context import as_owner
from tenants.models import Community
from tenants.provisioning import ProvisioningFault, TownProfile
from tenants.roles import put_right
from tenants.rollout import roll_out
from tenants.setup import set_up_town
from tenants.verbs import added, run_verb


class Command(BaseCommand):
    """Towns, one or all."""

    help = "Onboard, list, suspend, resume, archive, remove or migrate towns; put a role right; switch modules."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb each."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        onboard = verbs.add_parser("onboard", help="make towns from a JSON file: one object or a list (docs/guides)")
        onboard.add_argument("file", type=Path)
        verbs.add_parser("list", help="all towns with state and release")
        for verb in ("suspend", "resume", "archive", "put-right"):
            verbs.add_parser(verb).add_argument("slug")
        remove = verbs.add_parser("remove", help="drop a town with all its data")
        remove.add_argument("slug")
        remove.add_argument("--yes", action="store_true", help="without it nothing is removed")
        verbs.add_parser(
            "set-up", help="give every town what its modules need to begin with; changes nothing that is there"
        )
        for verb in ("enable", "disable"):
            switch = verbs.add_parser(verb, help=f"{verb} a module in a town")
            switch.add_argument("slug")
            switch.add_argument("module")
        migrate = verbs.add_parser("migrate", help="bring all towns to the newest release; resumable")
        migrate.add_argument("--jobs", type=int, default=2)
        for more in added.values():
            more.arguments(verbs.add_parser(more.name, help=more.help))

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        """Dispatch; refusals become one sentence."""
        try:
            if verb in added:
                run_verb(self, verb, options)
            else:
                getattr(self, "_" + verb.replace("-", "_"))(**options)
        except (ProvisioningFault, activation.ActivationRefused) as fault:
            raise CommandError(str(fault)) from fault
        except ValidationError as fault:
            raise CommandError("; ".join(f"{k}: {' '.join(v)}" for k, v in fault.message_dict.items())) from fault

    def _onboard(self, *, file: Path, **_: Any) -> None:
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            entries = content if isinstance(content, list) else [content]
            profiles = [TownProfile(**_tuples(entry)) for entry in entries]
        except (OSError, ValueError, TypeError) as fault:
            raise CommandError(f"{file} cannot be used: {fault}") from fault
        for number, profile in enumerate(profiles, 1):
            self.stdout.write(f"{number} of {len(profiles)}: {profile.slug} ", ending="")
            provisioning.onboard(profile, progress=lambda step: self.stdout.write(f"{step} ", ending=""))
            set_up_town(profile.slug)
            self.stdout.write("")

    def _set_up(self, **_: Any) -> None:
        with as_owner():
            slugs = list(Community.objects.exclude(state=Community.State.ARCHIVED).values_list("slug", flat=True))
        for number, slug in enumerate(slugs, 1):
            self.stdout.write(f"{number} of {len(slugs)}: {slug}")
            set_up_town(slug)

    def _list(self, **_: Any) -> None:
        with as_owner():
            for town in Community.objects.all():
                self.stdout.write(f"{town.slug:24} {town.state:10} {town.release:18} {town.name_en}")

    def _suspend(self, *, slug: str, **_: Any) -> None:
        self._state(slug, Community.State.SUSPENDED)

    def _resume(self, *, slug: str, **_: Any) -> None:
        self._state(slug, Community.State.ACTIVE)

    def _archive(self, *, slug: str, **_: Any) -> None:
        self._state(slug, Community.State.ARCHIVED)

    def _state(self, slug: str, state: Community.State) -> None:
        with as_owner():
            provisioning.set_state(slug, state)
        self.stdout.write(f"{slug}: {state.label}")

    def _put_right(self, *, slug: str, **_: Any) -> None:
        with as_owner():
            if not Community.objects.filter(slug=slug).exists():
                raise ProvisioningFault(f"There is no town called {slug}.")
            put_right(slug)
        self.stdout.write(f"{slug}: role, password, settings and rights are as they should be")

    def _remove(self, *, slug: str, yes: bool, **_: Any) -> None:
        if not yes:
            raise CommandError(f"This drops {slug} with all its data. Add --yes if you mean it.")
        provisioning.remove(slug)
        self.stdout.write(f"{slug}: removed")

    def _enable(self, *, slug: str, module: str, **_: Any) -> None:
        self._switch(slug, module, on=True)

    def _disable(self, *, slug: str, module: str, **_: Any) -> None:
        self._switch(slug, module, on=False)

    def _switch(self, slug: str, module: str, *, on: bool) -> None:
        with as_owner():
            community = Community.objects.filter(slug=slug).first()
            if community is None:
                raise ProvisioningFault(f"There is no town called {slug}.")
            (activation.enable if on else activation.disable)(community=community, module=module)
        self.stdout.write(f"{slug}: {module} is {'on' if on else 'off'}")

    def _migrate(self, *, jobs: int, **_: Any) -> None:
        report = roll_out(jobs=jobs, progress=lambda n, of, slug: self.stdout.write(f"{n} of {of}: {slug}"))
        for slug, fault in report.failed.items():
            self.stderr.write(f"{slug}: {fault}")
        if report.failed:
            raise CommandError(f"{len(report.failed)} failed, {len(report.left)} not begun; run again to go on.")
        self.stdout.write(f"{len(report.done)} towns brought to {report.release}")


def _tuples(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
