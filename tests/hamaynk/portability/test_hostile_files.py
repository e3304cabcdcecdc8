"""A file may be damaged, or made by somebody who means harm: it is refused by name, and nothing of it is left."""

import io
import tarfile
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hamaynk.portability.faults import FileFault
from hamaynk.portability.reading import check_file
from tests.hamaynk.portability.test_round_trip import towns_command
from tests.support.town_files import TownFile
from tests.support.whole_town import checksums
from tests.tenants.test_provisioning import traces

many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def refusal(path: Path) -> str:
    """What is said of a spoilt file; fails where it passes for whole."""
    with path.open("rb") as stream, pytest.raises(FileFault) as fault:
        check_file(stream)
    return str(fault.value)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory):
    """spoilt(bytes) is a file with them."""
    path = tmp_path_factory.mktemp("spoilt") / "town.tar.gz"

    def write(content: bytes) -> Path:
        path.write_bytes(content)
        return path

    return write


def test_no_bit_may_be_flipped_and_no_byte_be_missing(file, spoilt):
    """Anywhere: in a checksum, in padding, in the compressed stream's own header."""
    whole = file.read_bytes()
    with file.open("rb") as stream:
        assert check_file(stream).manifest.slug == "dilijan", "positive control"

    @many
    @given(place=st.integers(0, len(whole) - 1) | st.integers(0, 40), bit=st.integers(0, 7))
    def flip(place: int, bit: int) -> None:
        assert refusal(spoilt(whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :]))

    @many
    @given(length=st.integers(0, len(whole) - 1))
    def cut(length: int) -> None:
        assert "cut short" in refusal(spoilt(whole[:length]))

    @many
    @given(more=st.binary(min_size=1, max_size=300))
    def lengthen(more: bytes) -> None:
        assert refusal(spoilt(whole + more))

    flip()
    cut()
    lengthen()


def test_what_is_damaged_is_named(file, tmp_path):
    """By the table or the file whose checksum differs."""
    town = TownFile(file)
    town.manifest["tables"]["accounts_user"]["sha256"] = "0" * 64
    path = next(iter(town.manifest["media"]))
    town.manifest["media"][path]["length"] += 1
    said = refusal(town.write(tmp_path / "a"))
    assert said == f"The file is damaged: checksums differ in table accounts_user, file {path}."
    assert "cut short in tables/" in refusal(_cut(file, tmp_path / "b"))


def _cut(file: Path, target: Path) -> Path:
    content = file.read_bytes()
    target.write_bytes(content[: len(content) // 2])
    return target


@pytest.mark.parametrize("content", [b"", b"hello" * 100, b"\x1f\x8b\x08" + b"\0" * 200], ids=["none", "text", "gzip"])
def test_another_kind_of_file_is_no_towns_file(spoilt, content):
    """Whatever it is."""
    assert refusal(spoilt(content))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, b"S", b"L", b"g"])
def test_nothing_but_plain_files_is_read(file, tmp_path, kind):
    """No link, no folder, no device, no sparse file, no header that speaks for others."""

    def plant(writer):
        info = tarfile.TarInfo("media/x")
        info.type, info.linkname = kind, "/etc/passwd"
        writer._tar.fileobj.write(info.tobuf(tarfile.USTAR_FORMAT))

    said = refusal(TownFile(file).write(tmp_path / "town", after=plant))
    assert "no plain file" in said


def test_an_extended_header_says_a_name_and_no_more(file, tmp_path):
    """Neither a length of its own, nor gigabytes of it."""
    for records in ({"path": "media/x", "size": "5"}, {"path": "x" * 5000}):

        def plant(writer, records=records):
            writer._tar.fileobj.write(tarfile.TarInfo("media/x")._create_pax_generic_header(records, b"x", "utf-8"))

        assert "extended header" in refusal(TownFile(file).write(tmp_path / "town", after=plant))


PATHS = ["../up", "/etc/cron.d/x", "a/../../b", "a//b", "./a", "a/", "a\\b", "a\nb", "..", "x" * 256, "\u202ename"]


@pytest.mark.parametrize("path", PATHS)
def test_media_never_leaves_the_towns_folder(file, tmp_path, path):
    """By no name, whatever the checksums say."""
    town = TownFile(file)
    town.add_media(path)
    with pytest.raises(CommandError):
        towns_command("restore", town.write(tmp_path / "town"), "--as", "gavar")
    assert traces("gavar") == []
    assert not (tmp_path / "up").exists()


def _manifest(**said):
    return lambda town: town.manifest.update(said)


def _move_part(town):
    part = town.members.pop("tables/accounts_user/000001")
    town.members["tables/accounts_user/000002"] = part


def _forget_table(town):
    del town.members["tables/accounts_user/000001"], town.manifest["tables"]["accounts_user"]


def _more_table(town):
    town.manifest["tables"]["pg_authid"] = dict(town.manifest["tables"]["accounts_user"])
    town.members["tables/pg_authid/000001"] = town.members["tables/accounts_user/000001"]


def _hide_table(town):
    _forget_table(town)
    town.manifest["without_rows"].append("accounts_user")


def _column(town):
    columns = town.manifest["tables"]["accounts_user"]["columns"]
    columns[columns.index("email")] = "password2"


def _quote(town):
    town.manifest["tables"]['x"; DROP SCHEMA sevan CASCADE; --'] = town.manifest["tables"]["accounts_user"]


def _superuser(town):
    town.set_cell("accounts_user", "is_superuser", b"t")


def _dangling(town):
    town.set_cell("accounts_rolegrant", "user_id", b"999999")


def _twice(town):
    town.set_rows("accounts_user", town.rows("accounts_user") * 2)


def _field_less(town):
    town.set_rows("accounts_user", [row[:-1] for row in town.rows("accounts_user")])


def _ledger(town):
    town.set_cell("django_migrations", "name", b"9999_unknown")


def _end_of_copy(town):
    town.set_rows("accounts_user", [*town.rows("accounts_user"), [b"\\."], [b"1"]])


def _numbers(town):
    town.manifest["sequences"].pop("accounts_user")


def _other_numbers(town):
    town.manifest["content_types"] = {name: 7000 + n for name, n in town.manifest["content_types"].items()}


def _town(**facts):
    return lambda town: town.manifest["town"].update(facts)


def _host(host):
    return lambda town: town.manifest["hosts"].append({"host": host, "surface": "site", "is_primary": False})


FORGED = {
    "another format": (_manifest(format="zip"), "does not say that it is one"),
    "a newer form": (_manifest(version=2), "this software reads form 1"),
    "a fact too many": (_manifest(more=1), "manifest has not the form"),
    "a list for a table": (_manifest(tables=[]), "manifest.tables has not the form"),
    "a time without zone": (_manifest(taken_at="2026-01-01T00:00:00"), "without its zone"),
    "an unknown release": (_manifest(release="0" * 16), "which this installation never had"),
    "a part out of order": (_move_part, "not in their order"),
    "a table too few": (_forget_table, "not those of its release: accounts_user"),
    "a table too many": (_more_table, "not those of its release: pg_authid"),
    "a table hidden": (_hide_table, "not those of its release: accounts_user"),
    "another column": (_column, "not those of its release: accounts_user"),
    "a name that is SQL": (_quote, "that cannot be one"),
    "a superuser": (_superuser, "accounts_user do not fit.*user_nobody_is_superuser"),
    "a reference to nothing": (_dangling, "violates foreign key"),
    "a row twice": (_twice, "accounts_user do not fit.*duplicate key"),
    "a field too few": (_field_less, "accounts_user do not fit.*missing data"),
    "an end within the rows": (_end_of_copy, "accounts_user do not fit|table accounts_user differs"),
    "another ledger": (_ledger, "ledger of migrations"),
    "no sequence": (_numbers, "not those of its release: accounts_user"),
    "numbers of nothing": (_other_numbers, "refers to the kind of thing number"),
    "a town's fact too many": (_town(secret="x"), "not those that this software knows"),
    "no such marz": (_town(marz="XX"), "gavar cannot be a town here: marz"),
    "a name that is no text": (_town(name_hy=[1] * 200), "name_hy"),
    "no such state": (_town(state="burning"), "a state of the town that there is not"),
    "no such module": (_manifest(modules={"mining": "2026-01-01T00:00:00+00:00"}), "modules"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_file_is_refused_by_name_and_leaves_nothing(file, towns, tmp_path, media, name):
    """Every checksum is right in these. Neither schema nor role nor row nor folder stays, and no other town changes."""
    before = {slug: checksums(slug) for slug in (towns.first, towns.second)}
    town = TownFile(file)
    change, said = FORGED[name]
    change(town)
    with pytest.raises(CommandError, match=said):
        towns_command("restore", town.write(tmp_path / "forged"), "--as", "gavar")
    assert traces("gavar") == []
    assert not list(media.glob("*"))
    assert {slug: checksums(slug) for slug in before} == before


@pytest.mark.parametrize("host", ["sevan.localhost", "console.localhost", "localhost", "hrazdan.localhost", "no host"])
def test_a_file_takes_no_host_that_is_not_its_towns(file, towns, tmp_path, host):
    """Under its own name a file brings hosts along: never another town's, the platform's, or one of a later town."""
    from tenants.provisioning import remove

    town = TownFile(file)
    _host(host)(town)
    remove(towns.first)
    with pytest.raises(CommandError, match="site_hosts"):
        towns_command("restore", town.write(tmp_path / "forged"))
    assert traces(towns.first) == []
    towns_command("restore", file)


@pytest.mark.parametrize(
    "slug", ["console", "public", "pg-x", "Bad", "../x", "a b", "gavar-", "x" * 60, "town-template"]
)
def test_neither_file_nor_command_gives_a_town_a_name_that_none_can_have(file, tmp_path, slug):
    """The same rules as for a new town."""
    with pytest.raises(CommandError, match="cannot be a town"):
        towns_command("restore", file, "--as", slug)
    town = TownFile(file)
    town.manifest["town"]["slug"] = slug
    with pytest.raises(CommandError, match="cannot be a town"):
        towns_command("restore", town.write(tmp_path / "forged"))


def test_an_unchanged_file_put_together_anew_is_restored(file, tmp_path):
    """Positive control of all forgeries here: it is their content that is refused, not the way they are made."""
    towns_command("restore", TownFile(file).write(tmp_path / "same"), "--as", "gavar")
    assert len(traces("gavar")) == 6
    assert "equals the file" in towns_command("verify", file, "--against", "gavar")


def test_a_file_of_many_gigabytes_needs_little_memory(tmp_path):
    """A compressed file can say much with few bytes: it is read a block at a time."""
    import resource

    from hamaynk.portability.archive import ArchiveReader, ArchiveWriter

    class Endless(io.RawIOBase):
        def read(self, size=-1):
            return bytes(size)

    path, length = tmp_path / "bomb", 400 * 1024 * 1024
    with path.open("wb") as stream, ArchiveWriter(stream, 0) as writer:
        writer.add("media/zeros", length, Endless())
        writer.close()
    assert path.stat().st_size < length / 500
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with path.open("rb") as stream:
        read = sum(len(block) for member in ArchiveReader(stream).members() for block in member.chunks())
    assert read == length
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024, "kilobytes"
