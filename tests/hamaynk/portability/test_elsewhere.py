"""Into another installation, whose numbers are others; and from an older release of one's own."""

import json
import subprocess
import sys

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import CommandError

from hamaynk.portability import numbers
from hamaynk.portability.numbers import Renumbering, referring_columns
from tenants.context import as_owner, in_town
from tenants.ddl import read_structure
from tenants.models import Community
from tenants.placement import apps_in
from tests.hamaynk.portability.test_round_trip import carried, towns_command
from tests.support.other_installation import environment
from tests.support.whole_town import WORD, checksums
from tests.tenants.test_provisioning import traces
from tests.tenants.test_rollout import ADD_COLUMN, ADD_INDEX, SHOUT, has_column, pending

__all__ = ["pending"]


def test_a_town_moves_to_another_installation_and_back(file, refilled, tmp_path):
    """Another prefix, domain, secret place, and numbers: it works there, is equal there, and comes back byte for byte."""
    back = tmp_path / "back.tar.gz"
    with environment(tmp_path / "other") as there:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.other_installation", str(file), str(back)],
            env=there,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout)
    assert "rows are renumbered" in seen["said"]
    assert "hosts: dilijan.other.example, dilijan.office.other.example" in seen["said"]
    assert "dilijan equals the file in every table and file" in seen["said"]
    assert WORD in seen["page"]
    assert (seen["picture"], seen["sign_in"], seen["editor"]) == (200, 302, 200)
    assert seen["number"] > 8000, "positive control: the numbers there are others"
    assert seen["kinds"] == [True]
    assert seen["revisions"] > 0
    assert seen["numbers_in_revisions"]
    towns_command("restore", back, "--as", "gavar")
    assert carried(checksums("gavar")) == carried(checksums(refilled.first))


def test_every_reference_to_a_number_is_known(towns):
    """A model of the future that refers to content types or permissions without a foreign key would be missed."""
    with as_owner(towns.first):
        columns = referring_columns(towns.first)
    for label in apps_in(towns.first):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            for field in model._meta.local_fields:
                if field.related_model in (ContentType, Permission) and model is not Permission:
                    assert field.column in columns[model._meta.db_table], f"{model} {field}"


def test_revisions_are_renumbered_to_the_digit():
    """Whatever else a revision says stays as it was written; numbers that mean something else are left alone."""
    source = {numbers.CONTENT_TYPE: {"public_sites.textpage": 5, "taggit.tag": 6}, numbers.PERMISSION: {}}
    target = {numbers.CONTENT_TYPE: {"public_sites.textpage": 6, "taggit.tag": 5}, numbers.PERMISSION: {}}
    change = Renumbering(source, target, {})
    text = r'{"pk": 5, "n": 1.50, "text": "\\ \n \"5\" Ա", "content_type": 5, "more": {"content_type": 5}}'
    kept = numbers._escaped(text.encode())
    assert kept != text.encode()
    changed = change._written(b"5", kept)
    assert changed == kept.replace(b'"content_type": 5, "more"', b'"content_type": 6, "more"')
    assert change.back._written(b"6", changed) == kept


def test_a_file_of_an_older_release_is_brought_forward(file, towns, pending):
    """By the steps of this installation's own ledger, Python ones too, in the one transaction."""
    with in_town(towns.first):
        from hamaynk_noticeboard.models import Notice

        Notice.objects.create(text="old")
    older = file.with_name("older")
    towns_command("export", towns.first, older)
    release = pending(ADD_COLUMN, ADD_INDEX, SHOUT)
    said = towns_command("restore", older, "--as", "gavar")
    assert "migration hamaynk_noticeboard.0002_more" in said
    assert has_column("gavar")
    with as_owner("gavar"):
        assert read_structure("gavar").catalogue_hash() == release.catalogue_hash
    with as_owner():
        assert Community.objects.get(slug="gavar").release == release.release
    with in_town("gavar"):
        from hamaynk_noticeboard.models import Notice

        assert [notice.text for notice in Notice.objects.all()] == ["OLD"]


def test_one_that_cannot_be_brought_forward_leaves_nothing(file, towns, pending):
    """A step that the data do not bear: neither it nor those before it stay."""
    with in_town(towns.first):
        from hamaynk_noticeboard.models import Notice

        Notice.objects.create(text="twice")
        Notice.objects.create(text="twice")
    older = file.with_name("older")
    towns_command("export", towns.first, older)
    pending(ADD_COLUMN, ADD_INDEX.replace("CREATE INDEX", "CREATE UNIQUE INDEX"))
    with pytest.raises(CommandError, match="was not restored.*could not create unique index"):
        towns_command("restore", older, "--as", "gavar")
    assert traces("gavar") == []
