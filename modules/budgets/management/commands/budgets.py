"""`manage.py budgets import --town T --year Y --month M --kind execution FILE [--confirm]`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from hamaynk.common.money import Unit
from modules.budgets import actions
from modules.budgets.importing.problems import Problem
from modules.budgets.models import Purpose, Side
from modules.budgets.selectors import batch_problems
from tenants.context import in_town
from tenants.routing import table


class Command(BaseCommand):
    """The import of the office's page, for a whole drawer of files."""

    help = "Import a file into a town's budget. Every problem is listed; without --confirm nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One verb so far."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        take = verbs.add_parser("import", help="check a file and, with --confirm, take it over as the month's draft")
        take.add_argument("file", type=Path)
        take.add_argument("--town", required=True, help="the town's short name, as in its address")
        take.add_argument("--year", required=True, type=int)
        take.add_argument("--month", type=int, help="the month that the figures run to; not needed for a plan")
        take.add_argument("--kind", required=True, choices=("plan", "execution"))
        take.add_argument("--side", choices=Side.values, default=Side.REVENUE, help="of the budget")
        take.add_argument("--unit", choices=[unit.value for unit in Unit], default=Unit.THOUSANDS.value)
        take.add_argument("--source", default="", help="where the figures come from, shown to residents")
        take.add_argument("--language", choices=("hy", "en", "ru"), default="en", help="of the problems")
        take.add_argument("--confirm", action="store_true", help="write; without it the file is only checked")

    def handle(self, *args: Any, verb: str, file: Path, town: str, kind: str, language: str, **options: Any) -> None:
        """Runs as the town's own role."""
        if kind == "execution" and options["month"] is None:
            raise CommandError("--month is needed for an execution.")
        if table.town(town) is None:
            raise CommandError(f"There is no town called {town}.")
        try:
            content = file.read_bytes()
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}") from fault
        with in_town(town), translation.override(language):
            try:
                (self._plan if kind == "plan" else self._execution)(content, file.name, **options)
            except actions.BudgetError as fault:
                raise CommandError(str(fault)) from fault

    def _execution(self, content: bytes, name: str, *, month: int, **options: Any) -> None:
        self._take(content, name, month=month, purpose=Purpose.EXECUTION, **options)

    def _take(
        self, content: bytes, name: str, *, year: int, month: int, purpose: str, side: str, unit: str, source: str,
        confirm: bool, **_: Any,
    ) -> None:  # fmt: skip
        with transaction.atomic():
            batch = actions.preview_import(
                actor=None, file_name=name, content=content, year=year, month=month, unit=Unit(unit), side=side,
                purpose=purpose, source={"hy": source} if source else None,
            )  # fmt: skip
            errors = self._list(batch_problems(batch))
            if errors or not confirm:
                transaction.set_rollback(True)
            else:
                batch = actions.confirm_import(actor=None, batch=batch)
        self._end(errors, f"{len(batch.rows)} figures", confirm)

    def _plan(self, content: bytes, name: str, *, month: int | None, **options: Any) -> None:
        """A plan has no month: it is of the whole year, and goes into the draft of the plan."""
        self._take(content, name, month=0, purpose=Purpose.PLAN, **options)

    def _list(self, problems: Iterable[Problem]) -> int:
        """Prints each problem at its cell; the number of errors."""
        errors = 0
        for problem in problems:
            errors += problem.is_error
            place = problem.cell or (f"line {problem.line}" if problem.line else "file")
            column = f" [{problem.column}]" if problem.column else ""
            self.stdout.write(f"{place:>9}  {problem.severity:7}{column} {problem.message}")
        return errors

    def _end(self, errors: int, what: str, confirm: bool) -> None:
        if errors:
            raise CommandError(f"{errors} errors; nothing was written.")
        self.stdout.write(f"{what}: " + ("taken over as the draft." if confirm else "sound; nothing was written."))
