"""Expand and contract: what of a release is applied while the old code still serves, and what waits until it is gone.

A migration expands unless its class says `phase = "contract"` (CONTRIBUTING.md; `tools/migration_rules.py` checks what
each may do). The phase `expand` applies everything up to the first migration that contracts; that one, and whatever
depends on it, waits. The template goes only so far, so its release, its text for new towns and the ledger of steps all
stand for the state in between, and every town is brought to exactly that.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor

EXPAND, CONTRACT, ALL = "expand", "contract", "all"
PHASES = (EXPAND, CONTRACT, ALL)

# Migrations of packages that narrow what an older version of the package still uses, with what they take away. A
# package cannot say so itself; the linter asks for a judgement of every migration that a new version brings.
CONTRACTING_PACKAGE_MIGRATIONS: dict[tuple[str, str], str] = {}


class PhaseFault(Exception):
    """The phase cannot be carried out; the text says why, and what to do."""


def phase_of(migration: Migration) -> str:
    """`expand` or `contract`."""
    if (migration.app_label, migration.name) in CONTRACTING_PACKAGE_MIGRATIONS:
        return CONTRACT
    return str(getattr(migration, "phase", EXPAND))


def name_of(migration: Migration) -> str:
    """`app.name`."""
    return f"{migration.app_label}.{migration.name}"


@dataclass(frozen=True)
class Plan:
    """What a schema lacks: to be applied now, and waiting for the contract phase."""

    now: list[Migration]
    waiting: list[Migration]


def plan(executor: MigrationExecutor, phase: str) -> Plan:
    """What `phase` applies in the schema that the connection stands in, in order.

    Raises PhaseFault where a migration that the new code needs stands behind one that contracts: a release was skipped.
    """
    graph = executor.loader.graph
    lacking = [migration for migration, _ in executor.migration_plan(graph.leaf_nodes())]
    if phase != EXPAND:
        return Plan(lacking, [])
    known = {app for app, _ in executor.loader.applied_migrations}
    held = waiting(lacking, known, lambda key: [parent.key for parent in graph.node_map[key].parents])
    if skipped := [migration for migration in held if phase_of(migration) == EXPAND]:
        first = next(migration for migration in held if phase_of(migration) == CONTRACT)
        raise PhaseFault(
            f"{name_of(skipped[0])} stands behind {name_of(first)}, which contracts and was never applied here: a release "
            "was skipped, or its contract phase was. Run `hamaynk migrate --phase contract` of the release that serves "
            "now, and install the releases between one by one; or stop all processes and use --phase all."
        )
    names = {name_of(migration) for migration in held}
    return Plan([migration for migration in lacking if name_of(migration) not in names], held)


def waiting(
    lacking: Iterable[Migration], known_apps: set[str], parents: Callable[[tuple[str, str]], Iterable[Any]]
) -> list[Migration]:
    """Those of `lacking` (in order of dependency) that contract, or depend on one that does.

    An application that the schema does not know yet has no old code: nothing of it waits.
    """
    held: dict[tuple[str, str], Migration] = {}
    for migration in lacking:
        key = (migration.app_label, migration.name)
        contracts = phase_of(migration) == CONTRACT and migration.app_label in known_apps
        if contracts or any(parent in held for parent in parents(key)):
            held[key] = migration
    return list(held.values())


def is_first_time() -> bool:
    """True until the platform was prepared once: nothing serves yet, so there is nothing to spare. As the owner."""
    from tenants.models import TemplateRelease

    table = TemplateRelease._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"])
        if not cursor.fetchone()[0]:
            return True
    return not TemplateRelease.objects.exists()
