"""Bring all towns to the template's release: from a ledger, resumable, canary towns first, with progress.

A town that has the release stamp is not touched: one query finds those that have not. Each step of a town is one
transaction together with its row in the town's own ledger, so a crash leaves no step half done.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tenants.context import as_owner
from tenants.ddl import StructureFault
from tenants.locks import with_short_waits
from tenants.models import Community, MigrationStep, RolloutEntry, TemplateRelease
from tenants.reference_rows import copy_rows
from tenants.roles import put_right, restrict
from tenants.routing import announce_change
from tenants.template import applied_here, current_release, release_stamp

log = logging.getLogger(__name__)


@dataclass
class RolloutReport:
    """What a rollout did."""

    release: str
    done: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def outdated(release: TemplateRelease | None = None) -> list[Community]:
    """Towns not at the newest release, canaries first: one query compares the stamps of all."""
    newest = release or current_release()
    return list(Community.objects.exclude(release=newest.release).order_by("-is_canary", "id"))


def roll_out(
    *, jobs: int = 2, progress: Callable[[int, int, str], None] = lambda done, of, slug: None
) -> RolloutReport:
    """Migrate every outdated town. Stops after the first wave in which a town failed; run again to go on."""
    with as_owner():
        release = current_release()
        towns = outdated(release)
        steps = list(MigrationStep.objects.all()) if towns else []
    report = RolloutReport(release.release)
    count = 0
    for wave in waves(towns):
        with ThreadPoolExecutor(max_workers=max(1, min(jobs, len(wave)))) as pool:
            for town, fault in zip(wave, pool.map(lambda t: _in_thread(t, steps, release), wave), strict=True):
                count += 1
                progress(count, len(towns), town.slug)
                if fault:
                    report.failed[town.slug] = fault
                else:
                    report.done.append(town.slug)
        if report.failed:
            break
    seen = {*report.done, *report.failed}
    report.left = [town.slug for town in towns if town.slug not in seen]
    if report.done:
        announce_change()
    return report


def waves(towns: list[Community]) -> Iterator[list[Community]]:
    """Canaries (or one town), then one in a hundred, then one in ten, then all the rest."""
    canaries = [town for town in towns if town.is_canary] or towns[:1]
    rest = [town for town in towns if town not in canaries]
    hundredth, tenth = max(1, len(rest) // 100), max(1, len(rest) // 10)
    for wave in (canaries, rest[:hundredth], rest[hundredth : hundredth + tenth], rest[hundredth + tenth :]):
        if wave:
            yield wave


def _in_thread(town: Community, steps: list[MigrationStep], release: TemplateRelease) -> str:
    try:
        return migrate_town(town, steps, release)
    finally:
        connection.close()


def migrate_town(town: Community, steps: list[MigrationStep], release: TemplateRelease) -> str:
    """Apply what the town lacks. Returns "" or the fault's text; the ledger keeps both."""
    with as_owner():
        entry, _ = RolloutEntry.objects.update_or_create(
            community=town, release=release.release, defaults={"state": RolloutEntry.State.RUNNING, "fault": ""}
        )
    fault, done = "", 0
    try:
        with as_owner(town.schema_name):
            have = applied_here()
            for step in steps:
                if (step.app, step.name) not in have:
                    if step.sql is None:  # it may look for a kind of thing: found, it is not made under another number
                        copy_rows(town.schema_name)
                    _apply(step)
                    done += 1
            if release_stamp(applied_here()) != release.release:
                fault = "after all steps the town's ledger differs from the template's"
        with as_owner():
            copy_rows(town.schema_name)
            restrict(town.schema_name)
    except Exception as error:  # whatever a migration may raise: the ledger keeps it, other towns go on
        log.exception("migrating %s failed", town.slug)
        fault = f"{type(error).__name__}: {error}"
    with as_owner():
        if not fault:
            Community.objects.filter(pk=town.pk).update(release=release.release)
        entry.state = RolloutEntry.State.FAILED if fault else RolloutEntry.State.DONE
        entry.fault, entry.steps_done, entry.finished_at = fault, done, timezone.now()
        entry.save()
    return fault


def _apply(step: MigrationStep) -> None:
    """One step in one transaction, in short waits for locks."""
    if step.sql is None:
        _run_by_django(step)
        return

    def replay() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if step.sql:
                cursor.execute(step.sql)
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [step.app, step.name]
            )

    with_short_waits(replay)


def _run_by_django(step: MigrationStep) -> None:
    executor = MigrationExecutor(connection)
    node = (step.app, step.name)
    if node not in executor.loader.graph.nodes:  # an older release does not know what a newer one has begun
        raise StructureFault(f"{step} is a migration of another release: run the command of that release to go on")
    if executor.loader.graph.nodes[node].atomic:
        with_short_waits(lambda: MigrationExecutor(connection).migrate([node]))
    else:
        executor.migrate([node])


def put_all_right() -> int:
    """Bring every town's role back to what it should be; returns how many towns. Run on each start."""
    slugs = list(Community.objects.values_list("slug", flat=True))
    for slug in slugs:
        put_right(slug)
    return len(slugs)
