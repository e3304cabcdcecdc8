"""A restore that fails leaves no half town; one that is killed is cleared away by running it again."""

import signal
import subprocess
import sys

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.db.utils import OperationalError

from hamaynk.portability import restoring
from hamaynk.portability.media import IncomingFolder
from tenants.context import as_owner
from tenants.models import Community
from tests.hamaynk.portability.test_round_trip import carried, towns_command
from tests.support.whole_town import checksums
from tests.tenants.test_provisioning import traces

STEPS = [
    *("tell", "check_file", "wish_for", "make_row", "copy_rows", "read_structure", "read_tables", "renumbering"),
    *("contents", "rows_in", "set_sequences", "compare_rows", "applied_here", "put_right", "make_hosts"),
]


def broken(*args, **kwargs):
    """Whatever is asked of it."""
    raise OSError("a disk is full")


def lying(media):
    """Names of the towns' folders, and of what lies beside them."""
    return sorted(path.name for path in media.glob("*"))


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_nothing(file, towns, media, monkeypatch, step):
    """Schema, role, row, hosts, files: all or nothing; the same attempt succeeds when nothing fails."""
    before = {slug: checksums(slug) for slug in (towns.first, towns.second)}
    with monkeypatch.context() as patch:
        patch.setattr(restoring, step, broken)
        with pytest.raises((CommandError, OSError), match="a disk is full"):
            towns_command("restore", file, "--as", "gavar")
    assert traces("gavar") == []
    assert lying(media) == []
    assert {slug: checksums(slug) for slug in before} == before
    if step == STEPS[-1]:
        towns_command("restore", file, "--as", "gavar")
        assert "equals the file" in towns_command("verify", file, "--against", "gavar")


@pytest.mark.parametrize("step", ["begin", "add", "put_in_place"])
def test_so_does_a_failure_of_the_files(file, refilled, media, monkeypatch, step):
    """An archived town that was to be replaced is whole, with its own files."""
    towns_command("archive", refilled.first)
    before = checksums(refilled.first)
    real = getattr(IncomingFolder, step)

    def half(self, *args):
        if step != "add":
            real(self, *args)
        broken()

    with monkeypatch.context() as patch:
        patch.setattr(IncomingFolder, step, half)
        with pytest.raises(CommandError, match="a disk is full"):
            towns_command("restore", file, "--replace")
    assert checksums(refilled.first) == before
    assert lying(media) == [refilled.first]
    towns_command("restore", file, "--replace")
    assert carried(checksums(refilled.first)) == carried(before)


def test_a_commit_whose_answer_is_lost_is_a_commit(file, media, monkeypatch):
    """And a commit that fails is none: the database says which."""
    real = connection.commit
    # The restore's own commit is the first after its folder is in place.
    place = IncomingFolder.put_in_place

    def once(first):
        """`first` instead of the next commit; the commits after it are as ever."""

        def arm(self):
            place(self)
            calls = iter([first])
            monkeypatch.setattr(connection, "commit", lambda: next(calls, real)())  # noqa: PLW0108  another each time

        return arm

    def commit_and_lose():
        real()
        raise OperationalError("server closed the connection unexpectedly")

    def refuse():
        connection.rollback()
        raise OperationalError("no room")

    monkeypatch.setattr(IncomingFolder, "put_in_place", once(commit_and_lose))
    assert "restored" in towns_command("restore", file, "--as", "gavar")
    monkeypatch.undo()
    assert "equals the file" in towns_command("verify", file, "--against", "gavar")

    monkeypatch.setattr(IncomingFolder, "put_in_place", once(refuse))
    with pytest.raises(CommandError, match="no room"):
        towns_command("restore", file, "--as", "ijevan")
    monkeypatch.undo()
    assert traces("ijevan") == []
    assert "ijevan" not in lying(media)


KILLED = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from hamaynk.portability import restoring
from hamaynk.portability.media import IncomingFolder
real = IncomingFolder.put_in_place
def die(self):
    {before}
    os.kill(os.getpid(), signal.SIGKILL)
IncomingFolder.put_in_place = die
call_command("towns", "restore", sys.argv[1], "--replace")
"""


@pytest.mark.parametrize("moment", ["", "real(self)"], ids=["before the folder is in place", "after it"])
def test_a_killed_restore_is_cleared_away_by_the_next(file, refilled, media, monkeypatch, tmp_path, moment):
    """Killed for good, before the commit: the archived town is still there, and its files after the next attempt."""
    import os

    towns_command("archive", refilled.first)
    before = checksums(refilled.first)
    (media / refilled.first / "only-here.txt").write_text("kept until the file's town stands")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED.format(before=moment or "pass"), str(file)],
        env={**os.environ, "HAMAYNK_VAR": str(tmp_path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    with as_owner():
        assert Community.objects.get(slug=refilled.first).state == "archived"
    assert len(lying(media)) == 2, "what the killed one left"
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "rows_in", broken)
        with pytest.raises(CommandError, match="a disk is full"):
            towns_command("restore", file, "--replace")
    assert lying(media) == [refilled.first]
    assert (media / refilled.first / "only-here.txt").exists()
    towns_command("restore", file, "--replace")
    assert carried(checksums(refilled.first)) == carried(before)
    assert lying(media) == [refilled.first]


def test_what_others_keep_is_put_right_before_the_doors_open(file, refilled, visitor, monkeypatch):
    """A handler that fails leaves the town whole, archived, and the way on is said."""
    from tenants.provisioning import remove

    remove(refilled.first)
    with monkeypatch.context() as patch:
        patch.setattr(restoring, "handlers", [broken])
        with pytest.raises(CommandError, match="stands, whole but archived.*a disk is full.*--replace"):
            towns_command("restore", file)
    assert visitor(refilled.first).get("/").status_code == 404
    towns_command("restore", file, "--replace")
    assert visitor(refilled.first).get("/").status_code == 200


@pytest.mark.parametrize("step", ["read_sequences", "rows_out", "tell", "read_structure"])
def test_an_export_that_fails_leaves_no_file(towns, media, tmp_path, monkeypatch, step):
    """Neither half a file nor its name; without its line in the console's log there is none either."""
    from hamaynk.portability import exporting

    with monkeypatch.context() as patch:
        patch.setattr(exporting, step, broken)
        with pytest.raises(CommandError, match="a disk is full"):
            towns_command("export", towns.first, tmp_path / "new")
    assert not list(tmp_path.glob("new*"))
    (tmp_path / "new.part").write_text("what a killed export left")
    towns_command("export", towns.first, tmp_path / "new")
    assert "whole" in towns_command("verify", tmp_path / "new")
    with pytest.raises(CommandError, match="There is no town called gavar"):
        towns_command("export", "gavar", tmp_path / "none")
