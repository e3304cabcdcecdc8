"""Two releases share one structure while the platform is upgraded: `python -m tools.migration_rules` holds migrations to it.

A migration of ours expands (`phase = "expand"`, the default): it is applied while the OLD code serves, and must neither
break that nor hold its tables. Or it contracts (`phase = "contract"`): it is applied once only the NEW code serves. The
rules, by the names under which they are reported:

drop       what old code still names goes in the contract phase     rename     in no phase: add another, copy, drop
default    whoever does not name a column must be able to insert    null       no NOT NULL while old code may write NULL
type       no narrowing, no rewriting of a table                    constraint no rule for rows that old code may break
index      not while nobody can write                               data       changed alone, resumably, with a way back
sql        only statements that are known here                      town       nothing leaves or enlivens a town's schema
late       what the new code needs is there before it serves        reference  no key left on what new code deletes
order      nothing expands behind what is not yet contracted        phase, unknown: cannot be judged

A fault of constraint, index, null, reference, sql, type or unknown may be answered for: `allows = {"index": "why nobody
is held up, or nothing breaks"}` in the Migration class. The others may not. `tools/migration_baseline.toml` lists what
was there before these rules, and the migrations of packages that somebody has read.
"""

import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BASELINE = ROOT / "tools" / "migration_baseline.toml"
EXCUSABLE = frozenset({"constraint", "index", "null", "reference", "sql", "type", "unknown"})
SHORTEST_REASON = 20


@dataclass(frozen=True)
class Baseline:
    """What is not judged: `ours` from before the rules, `packages` that were read, `released` contract migrations."""

    ours: frozenset[str] = frozenset()
    packages: frozenset[str] = frozenset()
    released: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path = BASELINE) -> "Baseline":
        """From the file, where each app has a list of names."""
        text = tomllib.loads(path.read_text(encoding="utf-8"))

        def names(part: str) -> frozenset[str]:
            return frozenset(f"{app}.{name}" for app, found in text.get(part, {}).items() for name in found)

        return cls(names("ours"), names("packages"), names("released"))


@dataclass
class Verdict:
    """What was found in one migration."""

    name: str
    faults: list[str] = field(default_factory=list)

    def add(self, where: str, rule: str, text: str) -> None:
        """One line."""
        self.faults.append(f"{self.name}{where}: {rule}: {text}")


def judge(migration: Any, before: Any, baseline: Baseline | None = None) -> list[str]:
    """The faults of one migration of ours, given the state before it (which stays as it is)."""
    from tenants.phases import CONTRACT, EXPAND

    verdict = Verdict(f"{migration.app_label}.{migration.name}")
    phase, allows = getattr(migration, "phase", EXPAND), getattr(migration, "allows", {})
    if phase not in (EXPAND, CONTRACT):
        verdict.add("", "phase", f"phase is {EXPAND!r} or {CONTRACT!r}, not {phase!r}")
        return verdict.faults
    _judge_order(verdict, migration, phase, baseline or Baseline())
    used: set[str] = set()
    for number, (step, steps_of) in enumerate(_steps(migration, before), 1):
        for rule, text in steps_of(step):
            if rule in EXCUSABLE and rule in allows:
                used.add(rule)
                continue
            what = getattr(step.operation, "model_name", getattr(step.operation, "name", ""))
            verdict.add(f" operation {number} ({type(step.operation).__name__} {what})", rule, text)
    for rule, reason in allows.items():
        if rule not in used:
            verdict.add("", "phase", f"`allows` names {rule}, for which nothing is to be answered")
        elif len(str(reason).strip()) < SHORTEST_REASON:
            verdict.add("", "phase", f"`allows` gives no reason for {rule} that another could check")
    return verdict.faults


def _steps(migration: Any, before: Any) -> Iterator[tuple[Any, Any]]:
    """Each operation with the states around it, those inside of SeparateDatabaseAndState one by one."""
    from django.db.migrations.operations import SeparateDatabaseAndState

    from tools.migration_operations import Step, faults, only_in_state

    new_models: set[str] = set()
    new_columns: set[tuple[str, str]] = set()

    def around(operation: Any, start: Any) -> Step:
        after = start.clone()
        operation.state_forwards(migration.app_label, after)
        return Step(migration, operation, start, after, new_models, new_columns)

    state = before
    for operation in migration.operations:
        if isinstance(operation, SeparateDatabaseAndState):
            inner = state
            for part in operation.database_operations:
                step = around(part, inner)
                yield step, faults
                inner = step.after
            inner = state
            for part in operation.state_operations:
                step = around(part, inner)
                yield step, only_in_state
                inner = step.after
            state = around(operation, state).after
            continue
        step = around(operation, state)
        yield step, faults
        state = step.after


def _judge_order(verdict: Verdict, migration: Any, phase: str, baseline: Baseline) -> None:
    from tenants.phases import EXPAND

    if not migration.atomic and len(migration.operations) > 1:
        verdict.add("", "data", "outside of a transaction one operation a migration: else it cannot be begun again")
    for app, name in migration.dependencies:
        if phase == EXPAND and f"{app}.{name}" in _contracting() - baseline.released:
            text = f"stands behind {app}.{name}, which contracts; [released] names those of earlier releases"
            verdict.add("", "order", text)


def _contracting() -> frozenset[str]:
    """Migrations that contract, as far as they are on disk."""
    from tenants.phases import CONTRACT, name_of, phase_of

    return frozenset(name_of(found) for found in _loader().disk_migrations.values() if phase_of(found) == CONTRACT)


def _loader() -> Any:
    from django.db.migrations.loader import MigrationLoader

    return MigrationLoader(None, ignore_no_migrations=True)


def all_faults(baseline: Baseline) -> Iterator[str]:
    """Of every migration that is installed: ours are judged, those of packages must have been read."""
    from django.apps import apps
    from django.db.migrations.state import ProjectState

    from tenants.phases import CONTRACTING_PACKAGE_MIGRATIONS

    graph = _loader().graph
    state = ProjectState(real_apps=set())
    seen: set[str] = set()
    plan: list[tuple[str, str]] = []
    for leaf in graph.leaf_nodes():
        plan += [node for node in graph.forwards_plan(leaf) if node not in plan]
    for node in plan:
        migration, name = graph.nodes[node], ".".join(node)
        seen.add(name)
        if not _is_judged(apps.get_app_config(node[0])):
            if name not in baseline.packages and node not in CONTRACTING_PACKAGE_MIGRATIONS:
                yield (
                    f"{name}: phase: read what it does to the old version's code; then name it under [packages] of"
                    " tools/migration_baseline.toml, or in tenants.phases.CONTRACTING_PACKAGE_MIGRATIONS"
                )
        elif name not in baseline.ours:
            yield from judge(migration, state, baseline)
        state = migration.mutate_state(state, preserve=False)
    installed = {config.label for config in apps.get_app_configs()}
    for name in sorted((baseline.ours | baseline.packages) - seen):
        if name.split(".", 1)[0] in installed:
            yield f"{name}: phase: is in tools/migration_baseline.toml and not on disk"


def _is_judged(config: Any) -> bool:
    """True for our own applications and for modules, whoever wrote them; a package's migrations are read by a person."""
    from django.conf import settings

    folder = Path(config.path).resolve()
    ours = folder.is_relative_to(ROOT) and "site-packages" not in folder.parts
    return ours or config.name in {manifest.app for manifest in settings.MODULES}


def main() -> int:
    """Print the faults; 1 if there is one."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hamaynk.config.settings.test")
    django.setup()
    found = list(all_faults(Baseline.read()))
    print("\n".join(found) if found else "old code and new code can share every structure between two releases")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
