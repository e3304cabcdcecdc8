"""Hold a town against a file: row by row and byte by byte, by checksums."""

from collections.abc import Iterator

from django.db import connection, transaction

from hamaynk.portability import media, numbers
from hamaynk.portability.faults import PortabilityFault
from hamaynk.portability.manifest import Manifest, TableFacts
from hamaynk.portability.numbers import REFERENCE_TABLES, Renumbering, numbers_here, referring_columns
from hamaynk.portability.tables import Table, Tally, plain_forms, read_sequences, read_tables, rows_out, stand
from tenants.context import as_owner
from tenants.models import Community
from tenants.names import PUBLIC, SHARED, schema_of_slug


def compare(manifest: Manifest, slug: str) -> list[str]:
    """In what a town differs from a file, one line a table or file; nothing where they are equal."""
    schema = schema_of_slug(slug)
    with as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        plain_forms()
        stand(PUBLIC, SHARED)
        if not Community.objects.filter(slug=slug).exists():
            raise PortabilityFault(f"There is no town called {slug}.")
        stand(schema, SHARED)
        return [*compare_rows(manifest, schema), *compare_media(manifest, schema)]


def renumbering(manifest: Manifest, schema: str) -> Renumbering:
    """From the file's numbers to those of `schema`, which comes first on the search path."""
    source = {numbers.CONTENT_TYPE: manifest.content_types, numbers.PERMISSION: manifest.permissions}
    return Renumbering(source, numbers_here(), referring_columns(schema))


def compare_rows(manifest: Manifest, schema: str) -> Iterator[str]:
    """Tables, names of kinds and permissions, sequences. In the present transaction, with `schema` first on the path."""
    here = read_tables(schema)
    change = renumbering(manifest, schema)
    for name in sorted({*here, *manifest.tables} - {*manifest.without_rows}):
        facts = manifest.tables.get(name)
        if facts is None or name not in here:
            yield f"table {name} is {'only in the town' if facts is None else 'only in the file'}"
        elif set(facts.columns) != set(here[name].columns):
            yield f"table {name} has other columns"
        elif name not in REFERENCE_TABLES:
            found = tally_of(schema, as_in_file(here[name], facts), change)
            if (found.rows, found.sha256) != (facts.rows, facts.sha256):
                yield f"table {name} differs: {facts.rows} rows in the file, {found.rows} in the town"
    for kind, names in change.source.items():
        if lost := sorted(set(names) - set(change.target[kind])):
            yield f"{numbers.KINDS[kind]} {lost[0]} and {len(lost) - 1} more are not known here"
    stand_here = read_sequences(schema, here.values())
    for name, said in manifest.sequences.items():
        found_there = stand_here.get(name)
        if name not in REFERENCE_TABLES and (found_there is None or found_there.last < said.last):
            yield f"the numbers of {name} stand behind those of the file"


def as_in_file(table: Table, facts: TableFacts) -> Table:
    """A table of ours with its columns in the file's order."""
    return Table(table.name, tuple(facts.columns), table.key, table.identity, table.words)


def tally_of(schema: str, table: Table, change: Renumbering) -> Tally:
    """Count and checksum of a town's table, in the numbers of the file."""
    tally = Tally()
    rows = change.back.rows(table, rows_out(schema, table))
    if change.sorts_anew(table):
        rows = iter(_sorted(table, b"".join(rows)))
    for block in rows:
        tally.see(block)
    return tally


def _sorted(table: Table, text: bytes) -> list[bytes]:
    """Rows in the order that their keys have in the file. Keys that are renumbered are numbers, and such tables small."""
    places = [table.columns.index(column) for column in table.key]
    lines = text.splitlines(keepends=True)
    return sorted(lines, key=lambda line: [int(line.rstrip(b"\n").split(b"\t")[place]) for place in places])


def compare_media(manifest: Manifest, schema: str) -> Iterator[str]:
    """Files of the town's folder."""
    folder = media.folder_of(schema)
    there = set(media.lying_in(folder))
    for path in sorted(there | set(manifest.media)):
        facts = manifest.media.get(path)
        if facts is None:
            yield f"file {path} is only in the town"
        elif path not in there:
            yield f"file {path} is only in the file"
        elif media.sum_of(folder, path) != (facts.length, facts.sha256):
            yield f"file {path} differs"
