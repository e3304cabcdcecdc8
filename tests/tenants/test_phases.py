"""Expand, then contract: what waits, what the state between is, and what a crash leaves (docs/operate/upgrade.md)."""

import subprocess
import sys
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hamaynk_noticeboard.models import Notice

from tenants import template
from tenants.context import as_owner, in_town
from tenants.ddl import read_structure
from tenants.models import Community, MigrationStep, TemplateRelease
from tenants.names import CONSOLE, TEMPLATE
from tenants.phases import ALL, CONTRACT, EXPAND, waiting
from tenants.provisioning import onboard
from tenants.rollout import outdated, roll_out
from tenants.template import prepare_template
from tests.support.links import owner_link
from tests.support.pending import Pending, pending
from tests.support.platform import profile

__all__ = ["pending"]
NOTICE = "hamaynk_noticeboard_notice"
WIDEN = 'migrations.AddField("notice", "colour", models.CharField(max_length=9, db_default="blue"))'
MORE = f'migrations.RunSQL("ALTER TABLE {NOTICE} ADD COLUMN pinned boolean", "")'
NARROW = 'contract: migrations.RemoveField("notice", "colour")'
NARROW_MORE = f'contract: migrations.RunSQL("ALTER TABLE {NOTICE} DROP COLUMN pinned", "")'
INDEX = 'online: AddIndexOnline("notice", models.Index(fields=["text"], name="notice_text"))'
BOTH = ("dilijan", "sevan")


def columns(schema: str) -> set[str]:
    """Of the notices, without those that were always there."""
    with owner_link() as owner:
        found = owner.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            [schema, NOTICE],
        ).fetchall()
    return {name for (name,) in found} - {"id", "text"}


def ledger(schema: str) -> set[str]:
    """The sample module's migrations that the schema's ledger names."""
    with owner_link() as owner:
        found = owner.execute(f"SELECT name FROM {schema}.django_migrations WHERE app = 'hamaynk_noticeboard'")
        return {name for (name,) in found.fetchall()} - {"0001_initial"}


def prove_equal(release: TemplateRelease, *slugs: str) -> None:
    """The towns stand at the release, and are what it says they are."""
    for slug in slugs:
        with as_owner():
            assert Community.objects.get(slug=slug).release == release.release
        with as_owner(slug):
            assert read_structure(slug).catalogue_hash() == release.catalogue_hash


def test_expand_stops_before_the_first_that_contracts_and_contract_does_the_rest(pending: Pending) -> None:
    """Two towns, and one that is made in between, stand at one state between; then all three at the last one."""
    between = pending(WIDEN, MORE, NARROW, NARROW_MORE, phase=EXPAND)
    assert roll_out().failed == {}
    assert ledger(TEMPLATE) == ledger("dilijan") == {"0002_more", "0003_more"}
    with as_owner():
        assert MigrationStep.objects.filter(app="hamaynk_noticeboard").count() == 3
    assert onboard(profile("gavar")).release == between.release
    assert [columns(schema) for schema in (*BOTH, "gavar", TEMPLATE)] == [{"colour", "pinned"}] * 4
    prove_equal(between, *BOTH, "gavar")
    assert roll_out().done == []

    last = prepare_template(CONTRACT)
    assert last.release != between.release
    with as_owner():
        assert [town.slug for town in outdated()] == ["dilijan", "sevan", "gavar"]
    assert roll_out().failed == {}
    assert [columns(schema) for schema in (*BOTH, "gavar", TEMPLATE)] == [set()] * 4
    assert onboard(profile("ijevan")).release == last.release
    prove_equal(last, *BOTH, "gavar", "ijevan")


def test_the_control_all_at_once_ends_in_the_same_state(pending: Pending) -> None:
    """Without phases, as on a first installation: the same release by name and by structure."""
    release = pending(WIDEN, MORE, NARROW, NARROW_MORE)
    assert roll_out().failed == {}
    assert [columns(schema) for schema in (*BOTH, TEMPLATE)] == [set()] * 3
    assert ledger("sevan") == {"0002_more", "0003_more", "0004_more", "0005_more"}
    prove_equal(release, *BOTH)


def test_a_town_left_behind_in_expand_is_caught_up_by_contract(pending: Pending) -> None:
    """The second town failed; when the cause is gone, the contract phase brings it through both."""
    pending(WIDEN, NARROW, phase=EXPAND)
    with owner_link() as owner:
        owner.execute(f"ALTER TABLE sevan.{NOTICE} ADD COLUMN colour int")
        assert list(roll_out().failed) == ["sevan"]
        owner.execute(f"ALTER TABLE sevan.{NOTICE} DROP COLUMN colour")
    last = prepare_template(CONTRACT)
    assert sorted(roll_out().done) == ["dilijan", "sevan"]
    prove_equal(last, *BOTH)


def test_a_skipped_release_is_refused_before_anything_changes(pending: Pending) -> None:
    """What the new code needs stands behind what may not be applied yet. Finished first, the same command goes through."""
    pending(WIDEN, NARROW, MORE, phase=None)
    before = ledger(TEMPLATE)
    with pytest.raises(
        CommandError, match=r"0004_more stands behind hamaynk_noticeboard.0003_more.*a release was skipped"
    ):
        call_command("platform", "prepare", phase=EXPAND)
    assert ledger(TEMPLATE) == ledger(CONSOLE) == ledger("dilijan") == before == set()
    prepare_template(CONTRACT)
    assert roll_out().failed == {}
    assert columns("dilijan") == {"pinned"}
    prepare_template(EXPAND)
    assert roll_out().done == []


def test_the_command_says_what_waits(pending: Pending) -> None:
    """`platform prepare --phase expand`, again, then `--phase contract`, over all schemas."""
    pending(WIDEN, NARROW, phase=None)
    for _ in range(2):
        said = StringIO()
        call_command("platform", "prepare", phase=EXPAND, stdout=said)
        assert "waits for --phase contract: town_template: hamaynk_noticeboard.0003_more" in said.getvalue()
        assert ledger(CONSOLE) == ledger("sevan") == {"0002_more"}
    said = StringIO()
    call_command("platform", "prepare", phase=CONTRACT, stdout=said)
    assert "waits" not in said.getvalue()
    assert ledger(CONSOLE) == ledger("sevan") == {"0002_more", "0003_more"}
    call_command("platform", "check", stdout=StringIO())


KILLED = """
import os, sys
sys.path.insert(0, os.environ["PENDING_MIGRATIONS"])
import django
from django.conf import settings
settings.MIGRATION_MODULES = {"hamaynk_noticeboard": "pending_migrations"}
django.setup()
from tenants import template
from tenants.platform_setup import prepare
where, phase = sys.argv[1:]
if where == "template":
    template.fill_template = lambda: os._exit(9)
prepare(phase=phase, jobs=1, towns=lambda done, of, slug: os._exit(9))
"""


@pytest.mark.parametrize("where", ["template", "town"])
def test_killed_in_the_middle_of_either_phase_and_run_again(pending: Pending, where: str) -> None:
    """The process is gone after the template was migrated, or after the first town; the same command finishes."""
    pending(WIDEN, NARROW, phase=None)
    for phase, first_town in ((EXPAND, {"0002_more"}), (CONTRACT, {"0002_more", "0003_more"})):
        begun = [sys.executable, "-c", KILLED, where, phase]
        assert subprocess.run(begun, timeout=120, check=False).returncode == 9
        assert ledger(TEMPLATE) == first_town
        assert (ledger("dilijan") == first_town) is (where == "town")
        assert ledger("sevan") != first_town
        release = prepare_template(phase)
        assert roll_out().failed == {}
        prove_equal(release, *BOTH)


def test_killed_between_a_migration_of_the_template_and_its_step(
    pending: Pending, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both or neither: a step that is not kept would be lost to every town."""

    def gone(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(template, "_keep", gone)
    with pytest.raises(KeyboardInterrupt):
        pending(WIDEN, NARROW, phase=EXPAND)
    assert (ledger(TEMPLATE), columns(TEMPLATE)) == (set(), set())
    monkeypatch.undo()


def test_an_older_release_bears_what_a_newer_one_has_widened(pending: Pending, settings: object) -> None:
    """Rolled back: its `prepare` changes nothing, its code reads and writes, its new towns have the structure of all."""
    between = pending(WIDEN, NARROW, phase=EXPAND)
    assert roll_out().failed == {}
    settings.MIGRATION_MODULES = {}  # type: ignore[attr-defined]
    assert prepare_template(EXPAND).release == prepare_template(ALL).release == between.release
    assert roll_out().done == []
    assert onboard(profile("gavar")).release == between.release
    for slug in (*BOTH, "gavar"):
        with in_town(slug):
            Notice.objects.create(text="by the older release")
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT colour FROM {NOTICE}")
                assert cursor.fetchall() == [("blue",)]


def test_an_older_release_does_not_guess_at_a_newer_ones_python(pending: Pending, settings: object) -> None:
    """The rollout broke off, then the older release runs its own: it names the step and leaves the town as it was."""
    pending("migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop)", phase=EXPAND)
    settings.MIGRATION_MODULES = {}  # type: ignore[attr-defined]
    report = roll_out()
    assert "0002_more is a migration of another release" in report.failed["dilijan"]
    assert ledger("dilijan") == set()


def test_an_index_online_is_begun_again_after_it_broke_off(pending: Pending) -> None:
    """A broken-off CREATE INDEX CONCURRENTLY leaves an index that does not hold; ours clears it away and builds it."""
    release = pending(INDEX, phase=EXPAND)
    with owner_link() as owner:
        owner.execute(f"CREATE INDEX notice_text ON dilijan.{NOTICE} (text)")
        owner.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'dilijan.notice_text'::regclass")
        owner.execute(f"CREATE INDEX notice_text ON sevan.{NOTICE} (text)")  # whole, the ledger does not know it yet
        assert roll_out().failed == {}
        found = owner.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE indisvalid AND indexrelid = ANY(%s::regclass[])",
            [["dilijan.notice_text", "sevan.notice_text"]],
        )
        assert len(found.fetchall()) == 2
    prove_equal(release, *BOTH)


def node(name: str, *, phase: str = EXPAND, app: str = "a") -> SimpleNamespace:
    """As much of a migration as the question needs."""
    return SimpleNamespace(app_label=app, name=name, phase=phase)


def test_what_depends_on_what_waits_waits_too() -> None:
    """Through other applications as well; what does not depend goes on; an application that is new has no old code."""
    parents = {("a", "2"): [("a", "1")], ("b", "1"): [("a", "1")], ("b", "2"): [("b", "1"), ("a", "2")]}
    lacking = [node("1"), node("2", phase=CONTRACT), node("1", app="b"), node("2", app="b", phase=CONTRACT)]

    def held(known: set[str]) -> list[str]:
        found = waiting(lacking, known, lambda key: parents.get(key, []))  # type: ignore[arg-type]
        return [f"{migration.app_label}{migration.name}" for migration in found]

    assert held({"a", "b"}) == ["a2", "b2"]
    assert held({"a"}) == ["a2", "b2"]
    assert held({"b"}) == ["b2"]
    assert held(set()) == []
