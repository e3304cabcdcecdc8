"""Out and in again: every table and every file byte for byte, and the town works as before (R47)."""

import json
import re
import stat
import subprocess
import tarfile
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from hamaynk.audit import first_broken
from hamaynk.audit.models import Entry
from hamaynk.portability.reading import check_file
from tenants.context import as_owner, in_console, in_oversight, in_town
from tenants.models import Community, Domain
from tenants.provisioning import remove
from tests.conftest import HostClient
from tests.support.whole_town import EDITOR, WORD, checksums

NOT_CARRIED = {"django_session"}


def towns_command(*words: object) -> str:
    """What `manage.py towns ...` prints."""
    out, errors = StringIO(), StringIO()
    call_command("towns", *map(str, words), stdout=out, stderr=errors)
    return out.getvalue() + errors.getvalue()


def carried(sums: dict[str, str]) -> dict[str, str]:
    """Without what is left out on purpose."""
    return {name: value for name, value in sums.items() if name not in NOT_CARRIED}


def test_under_another_name_every_table_and_file_is_the_same(full, tmp_path, visitor):
    """Export, verify, restore beside the original; the copy waits, suspended, until an operator lets it work."""
    signed_in = visitor(full.first, "office")
    assert signed_in.sign_in(EDITOR).status_code == 302
    before = {slug: checksums(slug) for slug in (full.first, full.second)}
    path = tmp_path / "town.tar.gz"
    said = towns_command("export", full.first, path)
    assert re.search(r"table (\d+) of \1, \d+ rows", said)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.part")) == []
    assert "whole" in towns_command("verify", path, "--against", full.first)
    said = towns_command("restore", path, "--as", "gavar")
    assert "suspended; hosts: gavar.localhost, gavar.office.localhost" in said
    assert "equals the file" in towns_command("verify", path, "--against", "gavar")
    assert carried(checksums("gavar")) == carried(before[full.first])
    assert len([name for name in before[full.first] if name.startswith("media/")]) >= 2
    assert {slug: checksums(slug) for slug in before} == before, "the original and the other town are untouched"
    assert visitor("gavar").get("/").status_code == 503
    towns_command("resume", "gavar")
    assert visitor("gavar").get("/").status_code == 200
    call_command("platform", "check", stdout=StringIO())
    office = visitor("gavar", "office")
    office.cookies = signed_in.cookies  # sessions are not carried
    assert office.get("/staff/").status_code == 302


def test_after_removal_the_town_is_back_under_its_name(file, refilled, visitor):
    """People sign in with their passwords, pictures are served, the search finds, a new number follows the last one."""
    before = checksums(refilled.first)
    page = visitor(refilled.first).get("/community/about/").content.decode()
    address = page.partition('<img src="')[2].partition('"')[0]
    assert visitor(refilled.first).get(address).status_code == 200
    remove(refilled.first)
    assert visitor(refilled.first).get("/").status_code == 404
    assert checksums(refilled.first) == {}, "neither tables nor files are left"
    said = towns_command("restore", file)
    assert "active; hosts: dilijan.localhost, dilijan.office.localhost" in said
    assert carried(checksums(refilled.first)) == carried(before)
    assert WORD in visitor(refilled.first).get("/community/about/").content.decode()
    assert visitor(refilled.first).get(address).status_code == 200
    assert visitor(refilled.second).get(address).status_code == 404
    office = visitor(refilled.first, "office")
    assert office.sign_in(EDITOR, "wrong-password-1").status_code == 200
    assert office.sign_in(EDITOR).status_code == 302
    assert office.get("/cms/").status_code == 200
    assert WORD in visitor(refilled.first).get("/search/", {"q": WORD}).content.decode()
    with in_town(refilled.first):
        from hamaynk.accounts.models import User
        from tests.support.whole_town import picture

        assert first_broken() is None
        newest = User.objects.order_by("-pk").values_list("pk", flat=True)[0]
        assert User.objects.create_user(email="new@town.example").pk > newest
        assert picture().file.name not in before


def test_the_ministry_is_told_once(full, tmp_path, ministry):
    """R44: a copy sends no figure; a town that came back has those of its file, not what was published since."""
    from hamaynk.events.outbox import deliver_pending
    from hamaynk.oversight.models import Figure
    from tests.hamaynk.oversight.towns import publish_execution

    def figures(slug):
        with in_oversight():
            return sorted(Figure.objects.filter(town_id=slug).values_list("indicator", "item", "period", "value"))

    publish_execution(full.first, "300.00", month=10, deliver=False)  # waits in the outbox
    path = tmp_path / "town.tar.gz"
    towns_command("export", full.first, path)
    with in_town(full.first):
        while deliver_pending():
            pass
    told = figures(full.first)
    assert {row[2].month for row in told} == {9, 10}
    assert "messages that waited in the outbox are not delivered" in towns_command("restore", path, "--as", "gavar")
    towns_command("resume", "gavar")
    with in_town("gavar"):
        while deliver_pending():
            pass
    assert figures("gavar") == []
    assert figures(full.first) == told
    publish_execution(full.first, "999.00", month=9, version=2)  # of which the file knows nothing
    assert figures(full.first) != told
    towns_command("archive", full.first)
    towns_command("restore", path, "--replace")
    with in_town(full.first):
        while deliver_pending():
            pass
    assert figures(full.first) == told
    publish_execution(full.first, "777.00", month=9, version=2)
    assert any(row[3] == 777 for row in figures(full.first)), "the version that was lost keeps no other out"


def test_letters_that_were_on_their_way_are_not_sent_again(full, tmp_path):
    """R61: nobody gets the same letter twice, not even by way of a backup."""
    from uuid import uuid4

    from public_sites.alerts.models import Mailing

    with in_town(full.first):
        Mailing.objects.create(translation_key=uuid4(), topic="news", language="hy", title="Ջուր")
    path = tmp_path / "town.tar.gz"
    towns_command("export", full.first, path)
    towns_command("restore", path, "--as", "gavar")
    with in_town("gavar"):
        assert Mailing.objects.get().state == Mailing.State.CANCELLED
    with in_town(full.first):
        assert Mailing.objects.get().state == Mailing.State.WAITING


def test_the_console_has_a_line_for_each(towns, media, tmp_path):
    """Personal data left the house, and came in: when, which, by whom; no line, no file."""
    towns_command("export", towns.first, tmp_path / "file")
    towns_command("restore", tmp_path / "file", "--as", "gavar")
    with in_console():
        lines = [(e.action, e.subject) for e in Entry.objects.order_by("number")]
        assert first_broken() is None
        assert all(entry.data["by"] and len(entry.data["sha256"]) == 64 for entry in Entry.objects.all())
    assert lines == [
        ("console.town_exported", "tenants.community:dilijan"),
        ("console.town_restore_begun", "tenants.community:gavar"),
        ("console.town_restored", "tenants.community:gavar"),
    ]


def test_own_hosts_come_back_with_the_name_and_not_with_another(full, tmp_path, visitor):
    """And are chosen anew with --hosts. One that somebody else has is refused, by its name, before anything is made."""
    with as_owner():
        town = Community.objects.get(slug=full.first)
        Domain.objects.filter(community=town, surface="site").update(is_primary=False)
        Domain.objects.create(community=town, host="www.dilijan.example", surface="site", is_primary=True)
    path = tmp_path / "town.tar.gz"
    towns_command("export", full.first, path)
    assert "hosts: gavar.localhost, gavar.office.localhost" in towns_command("restore", path, "--as", "gavar")
    with pytest.raises(
        CommandError,
        match=r"ijevan cannot be a town here: site_hosts: These hosts are taken: www\.dilijan\.example.*--hosts",
    ):
        towns_command("restore", path, "--as", "ijevan", "--hosts", "www.dilijan.example")
    said = towns_command("restore", path, "--as", "ijevan", "--hosts", "ijevan.example")
    assert "hosts: ijevan.example, ijevan.localhost" in said
    remove(full.first)
    towns_command("restore", path)
    moved = visitor(full.first).get("/")
    assert (moved.status_code, moved["Location"]) == (301, "http://www.dilijan.example/")
    assert HostClient("www.dilijan.example").get("/").status_code == 200


def test_an_archived_town_is_replaced_only_when_asked(file, refilled, visitor):
    """An active one never is."""
    with pytest.raises(CommandError, match="it is active. Archive it first"):
        towns_command("restore", file, "--replace")
    towns_command("archive", refilled.first)
    with pytest.raises(CommandError, match="With --replace its data go"):
        towns_command("restore", file)
    assert "active" in towns_command("restore", file, "--replace")
    assert visitor(refilled.first).get("/").status_code == 200


def test_any_tar_opens_it(file, tmp_path):
    """The town can leave with its data: rows as PostgreSQL's COPY text, structure as SQL, files under their names."""
    subprocess.run(["tar", "xzf", file], cwd=tmp_path, check=True, capture_output=True)
    said = json.loads((tmp_path / "manifest.json").read_text())
    assert said["format"] == "hamaynk-town"
    assert said["town"]["slug"] == "dilijan"
    assert EDITOR in (tmp_path / "tables/accounts_user/000001").read_text()
    assert 'CREATE TABLE "accounts_user"' in (tmp_path / "structure.sql").read_text()
    assert not (tmp_path / "tables/django_session").exists()
    with tarfile.open(file) as whole:
        assert {member.type for member in whole} == {tarfile.REGTYPE}


def test_what_is_missing_or_odd_is_named(full, tmp_path, media):
    """A file that rows speak of and that is not there; a name that cannot be carried; a link is not followed."""
    pictures = list((media / full.first / "original_images").iterdir())
    pictures[0].unlink()
    (media / full.first / "bad\\name").write_text("x")
    (media / full.first / "link").symlink_to("/etc/passwd")
    path = tmp_path / "town.tar.gz"
    said = towns_command("export", full.first, path)
    assert f"not in the file: 'original_images/{pictures[0].name}': is not there" in said
    assert "a name that cannot be carried" in said
    assert "'link'" in said
    with path.open("rb") as stream:
        assert not [name for name in check_file(stream).manifest.media if "link" in name or "\\" in name]


def test_verify_tells_in_what_a_town_differs(file, refilled, media):
    """Positive control of the comparison: one row, one file, one more file."""
    from hamaynk.accounts.models import User

    with in_town(refilled.first):
        User.objects.filter(email=EDITOR).update(full_name="Մեկ ուրիշը")
    found = next(path for path in (media / refilled.first).rglob("*.png"))
    found.write_bytes(found.read_bytes()[:-1] + b"?")
    (media / refilled.first / "more.txt").write_text("more")
    with pytest.raises(CommandError, match="differs from the file in 3 places"):
        towns_command("verify", file, "--against", refilled.first)
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("towns", "verify", str(file), "--against", refilled.first, stdout=StringIO(), stderr=out)
    assert "table accounts_user differs" in out.getvalue()
    assert f"file {found.relative_to(media / refilled.first)} differs" in out.getvalue()
    assert "file more.txt is only in the town" in out.getvalue()


def test_an_export_overwrites_nothing(file, refilled):
    """Yesterday's file stays."""
    before = file.read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        towns_command("export", refilled.first, file)
    assert file.read_bytes() == before
