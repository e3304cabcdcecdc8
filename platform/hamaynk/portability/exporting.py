"""Take a town out into a file while it works: one snapshot of its tables, then the files that the snapshot speaks of."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.utils import timezone
from psycopg import sql

from hamaynk.portability import manifest as names
from hamaynk.portability import media, numbers, records
from hamaynk.portability.archive import ArchiveWriter
from hamaynk.portability.faults import PortabilityFault
from hamaynk.portability.manifest import FileFacts, Manifest, TableFacts
from hamaynk.portability.tables import (
    WITHOUT_ROWS,
    Table,
    Tally,
    in_parts,
    passing,
    plain_forms,
    read_sequences,
    read_tables,
    rows_out,
    stand,
)
from hamaynk.portability.told import tell
from tenants.context import as_owner
from tenants.ddl import read_structure
from tenants.models import Community
from tenants.names import PUBLIC, SHARED, is_town_schema, schema_of_slug
from tenants.template import applied_here, release_stamp

Progress = Callable[[str], None]
PART = 4 * 1024 * 1024
EVERY_TABLES, EVERY_FILES = 25, 200


@dataclass(frozen=True)
class Exported:
    """What a file holds, and how large it is."""

    manifest: Manifest
    bytes: int
    sha256: str


def export_town(slug: str, path: Path, *, progress: Progress = lambda text: None) -> Exported:
    """Write the town into a new file, readable by its owner alone. PortabilityFault where that cannot be done.

    The town and all others go on meanwhile. The console's log has a line of it before the file has its name.
    """
    schema = schema_of_slug(slug)
    if not is_town_schema(schema):
        raise PortabilityFault(f"{slug!r} cannot be a town.")
    with _new_file(path) as stream, ArchiveWriter(stream, int(timezone.now().timestamp())) as writer:
        writer.add_bytes(names.HEADER, names.header())
        with as_owner(schema):
            draft = _snapshot(slug, schema, writer, progress)
        manifest = _add_media(draft, writer, media.folder_of(schema), progress)
        writer.add_bytes(names.MANIFEST, manifest.to_json())
        digest = writer.close()
        tell("town_exported", slug, sha256=digest, rows=manifest.rows, files=len(manifest.media))
    return Exported(manifest, writer.written, digest)


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when the block has ended well. Nobody else may read it, or write it meanwhile."""
    if path.exists():
        raise PortabilityFault(f"{path} is there already.")
    part = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise PortabilityFault(f"{part} cannot be written: {error.strerror}") from error
    with os.fdopen(descriptor, "r+b") as stream:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PortabilityFault(f"Another process is writing {part}.") from error
        try:
            os.fchmod(descriptor, 0o600)
            stream.truncate()  # what an interrupted attempt left
            yield stream
            stream.flush()
            os.fsync(descriptor)
            os.rename(part, path)
        except BaseException as error:
            with suppress(OSError):
                part.unlink()
            if isinstance(error, OSError):
                raise PortabilityFault(f"{path} cannot be written: {error.strerror or error}") from error
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@dataclass
class _Draft:
    """What is known when the snapshot is given back."""

    facts: dict[str, object]
    referenced: set[str]
    tables: dict[str, TableFacts] = field(default_factory=dict)


def _snapshot(slug: str, schema: str, writer: ArchiveWriter, progress: Progress) -> _Draft:
    """All rows as they are at one moment. The tables may be written to, but not altered, until it ends."""
    with transaction.atomic():
        stand(PUBLIC, SHARED)
        if not Community.objects.filter(slug=slug).exists():
            raise PortabilityFault(f"There is no town called {slug}.")
    before = read_tables(schema)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        plain_forms()
        _hold(schema, before)
        stand(PUBLIC, SHARED)
        community = Community.objects.get(slug=slug)  # the snapshot begins with this question
        town, hosts, modules = records.describe(community), records.hosts_of(community), records.modules_of(community)
        stand(schema, SHARED)
        tables = read_tables(schema)
        if tables != before or not tables:
            raise PortabilityFault(f"{slug} was being altered; run this again.")
        structure = read_structure(schema)
        text = structure.ddl().encode()
        tally = Tally()
        tally.see(text)
        writer.add_bytes(names.STRUCTURE, text)
        applied = applied_here()
        known = numbers.numbers_here()
        draft = _Draft(
            {
                "software": version("hamaynk"),
                "release": release_stamp(applied),
                "catalogue_hash": structure.catalogue_hash(),
                "migrations": sorted(applied),
                "taken_at": _moment(),
                "server": _server(),
                "base_domain": settings.BASE_DOMAIN,
                "town": town,
                "hosts": hosts,
                "modules": modules,
                "content_types": known[numbers.CONTENT_TYPE],
                "permissions": known[numbers.PERMISSION],
                "without_rows": [name for name in tables if name in WITHOUT_ROWS],
                "structure": FileFacts(tally.length, tally.sha256),
            },
            media.referenced(schema),
        )
        _add_tables(schema, tables, draft, writer, progress)
        draft.facts["sequences"] = read_sequences(schema, tables.values())
    return draft


def _hold(schema: str, tables: dict[str, Table]) -> None:
    """Keep migrations off. Before the snapshot begins, so that it knows the structure it is read with."""
    if tables:
        listed = sql.SQL(", ").join(sql.Identifier(schema, name) for name in tables)
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(listed).as_string(None))
        except OperationalError as error:
            raise PortabilityFault(f"{schema} is being altered: {str(error).strip()}") from error


def _add_tables(
    schema: str, tables: dict[str, Table], draft: _Draft, writer: ArchiveWriter, progress: Progress
) -> None:
    carried = [table for name, table in tables.items() if name not in WITHOUT_ROWS]
    rows = 0
    for count, table in enumerate(carried, 1):
        tally, parts = Tally(), 0
        for part in in_parts(passing(rows_out(schema, table), tally.see), PART):
            parts += 1
            writer.add_bytes(f"{names.TABLES}/{table.name}/{parts:06}", part)
        draft.tables[table.name] = TableFacts(list(table.columns), tally.rows, tally.length, parts, tally.sha256)
        rows += tally.rows
        if count % EVERY_TABLES == 0 or count == len(carried):
            progress(f"table {count} of {len(carried)}, {rows} rows")


def _add_media(draft: _Draft, writer: ArchiveWriter, folder: Path, progress: Progress) -> Manifest:
    """Files that rows speak of, and whatever else lies there; what has come since does no harm."""
    facts: dict[str, FileFacts] = {}
    missing: list[str] = []
    left_out: list[str] = []
    paths = sorted(draft.referenced | set(media.lying_in(folder)))
    for count, path in enumerate(paths, 1):
        fault = media.refusal(path) or _add_file(writer, folder, path, facts)
        if fault:
            (missing if path in draft.referenced else left_out).append(fault)
        if count % EVERY_FILES == 0 or count == len(paths):
            progress(f"file {count} of {len(paths)}")
    return Manifest(tables=draft.tables, media=facts, missing=missing, left_out=left_out, **draft.facts)  # type: ignore[arg-type]


def _add_file(writer: ArchiveWriter, folder: Path, path: str, facts: dict[str, FileFacts]) -> str:
    try:
        stream, length = media.open_plain(folder, path)
    except FileNotFoundError:
        return f"{path!r}: is not there"
    except OSError as error:
        return f"{path!r}: {error}"
    tally = Tally()
    with stream:
        writer.add(f"{names.MEDIA}/{path}", length, _Seen(stream, tally))  # type: ignore[arg-type]
    facts[path] = FileFacts(length, tally.sha256)
    return ""


class _Seen:
    """A file that is hashed while it is read."""

    def __init__(self, stream: IO[bytes], tally: Tally) -> None:
        self._stream, self._tally = stream, tally

    def read(self, size: int) -> bytes:
        """What tarfile asks for."""
        return self._tally.see(self._stream.read(size))


def _moment() -> datetime:
    """When the snapshot was taken, by the server's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
        return moment


def _server() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"
