"""`manage.py audit`: what the runbook for a breach asks of the log."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from hamaynk.audit import record
from tenants.context import as_owner, in_console, in_town


def run(*words):
    """What the command prints."""
    out = io.StringIO()
    call_command("audit", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def written(towns):
    """Two entries in one town, one in the other, one on the console."""
    for slug, actions in (
        (towns.first, ("people.listed", "budgets.month_published")),
        (towns.second, ("people.listed",)),
    ):
        with in_town(slug), transaction.atomic():
            for action in actions:
                record(actor=None, action=action, subject=f"thing:{slug}")
    with in_console(), transaction.atomic():
        record(actor=None, action="console.town_suspended", subject="town:x")
    return towns


def test_chains_are_checked_everywhere(written):
    """All places; one that somebody wrote into is named with its entry, the others stay whole."""
    assert run("check") == "console: whole\noversight: whole\ndilijan: whole\nsevan: whole\n"
    with as_owner("sevan"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET subject = 'thing:nobody' WHERE number = 1")
    with pytest.raises(CommandError, match="1 chains are not whole: sevan"):
        run("check")
    assert run("check", "dilijan") == "dilijan: whole\n"


def test_entries_are_shown_by_place_action_and_time(written):
    """R20: of one town alone, never of another."""
    told = [json.loads(line) for line in run("show", "dilijan").splitlines()]
    assert [one["action"] for one in told] == ["people.listed", "budgets.month_published"]
    assert {one["subject"] for one in told} == {"thing:dilijan"}
    assert len(run("show", "dilijan", "--action", "people.").splitlines()) == 1
    assert run("show", "dilijan", "--since", "2999-01-01T00:00") == ""
    assert len(run("show", "dilijan", "--since", "2020-01-01T00:00", "--until", "2999-01-01").splitlines()) == 2
    assert "town:x" in run("show", "console")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "gavar"), "There is no place called gavar"),
        (("check", "public"), "There is no place called public"),
        (("show", "dilijan", "--since", "yesterday"), "--since must be a moment"),
        (("show", "dilijan", "--since", "2026-13-01T00:00"), "--since must be a moment"),
    ],
)
def test_refusals_are_one_sentence(towns, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*words)
