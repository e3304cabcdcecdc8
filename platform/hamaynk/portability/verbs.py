"""`manage.py towns export|verify|restore`."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import DatabaseError

from hamaynk.portability.comparing import compare
from hamaynk.portability.exporting import export_town
from hamaynk.portability.faults import PortabilityFault
from hamaynk.portability.manifest import Manifest
from hamaynk.portability.reading import check_file, opened
from hamaynk.portability.restoring import restore_town
from tenants.ddl import StructureFault
from tenants.verbs import Verb


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except (PortabilityFault, StructureFault) as fault:
        raise CommandError(str(fault)) from fault
    except DatabaseError as fault:
        raise CommandError(f"The database said: {str(fault).strip()}") from fault


def _say(command: BaseCommand) -> Callable[[str], None]:
    def say(text: str) -> None:
        command.stdout.write(f"  {text}")
        command.stdout.flush()

    return say


def export(command: BaseCommand, *, slug: str, file: Path, **_: object) -> None:
    """Take a town out."""
    with _in_a_sentence():
        done = export_town(slug, file, progress=_say(command))
    for line in [*done.manifest.missing, *done.manifest.left_out]:
        command.stderr.write(f"  not in the file: {line}")
    command.stdout.write(f"{slug}: {_holds(done.manifest)}; {done.bytes} bytes in {file}, SHA-256 {done.sha256}")


def verify(command: BaseCommand, *, file: Path, against: str | None, **_: object) -> None:
    """Prove a file, and hold a town against it."""
    with _in_a_sentence():
        with opened(file) as stream:
            checked = check_file(stream)
        manifest = checked.manifest
        command.stdout.write(
            f"{file}: whole; {manifest.slug} as of {manifest.taken_at.isoformat()}, {_holds(manifest)}"
        )
        command.stdout.write(f"  release {manifest.release} (Hamaynk {manifest.software}), SHA-256 {checked.sha256}")
        if against is None:
            return
        different = compare(manifest, against)
    for line in different:
        command.stderr.write(f"  {line}")
    if different:
        raise CommandError(f"{against} differs from the file in {len(different)} places.")
    command.stdout.write(f"{against} equals the file in every table and file")


def restore(
    command: BaseCommand, *, file: Path, slug: str | None, hosts: list[str] | None, replace: bool, **_: object
) -> None:
    """Put a town in."""
    with _in_a_sentence():
        done = restore_town(file, slug=slug, hosts=hosts, replace=replace, progress=_say(command))
    for line in done.manifest.missing:
        command.stderr.write(f"  was not in the file: {line}")
    if done.withheld:
        command.stdout.write(f"  {done.withheld} messages that waited in the outbox are not delivered from this copy")
    command.stdout.write(
        f"{done.town.slug}: restored as of {done.manifest.taken_at.isoformat()}, {_holds(done.manifest)}"
    )
    command.stdout.write(f"  {done.state.value}; hosts: {', '.join(done.hosts)}")


def _holds(manifest: Manifest) -> str:
    return f"{manifest.rows} rows of {len(manifest.tables)} tables, {len(manifest.media)} files"


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("file", type=Path, help="a new file; only its owner may read it")


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--against", metavar="SLUG", help="a town that must be equal to the file")


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("--as", dest="slug", metavar="SLUG", help="another name; it gets the platform's addresses only")
    parser.add_argument("--hosts", nargs="*", metavar="HOST", help="own hosts of the site instead of the file's")
    parser.add_argument("--replace", action="store_true", help="drop an archived town of that name")


VERBS = (
    Verb(name="export", help="write a town into one file, while it works", arguments=_export_arguments, run=export),
    Verb(name="verify", help="prove a town's file", arguments=_verify_arguments, run=verify),
    Verb(name="restore", help="make a town from a file: all or nothing", arguments=_restore_arguments, run=restore),
)
