"""Put a town in from a file: all of it or nothing. One transaction makes row, schema, rows, rights and hosts.

The file is read twice: once to prove it, before anything is touched, and once to load it. What was loaded is then read
back and held against the file. Until the end the town is archived, so that nobody reaches it.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from psycopg import sql

from hamaynk.events.outbox import withhold
from hamaynk.freshness import changed
from hamaynk.freshness.tables import watched_labels
from hamaynk.portability.comparing import as_in_file, compare_rows, renumbering
from hamaynk.portability.faults import FileFault, PortabilityFault
from hamaynk.portability.manifest import Manifest
from hamaynk.portability.media import IncomingFolder
from hamaynk.portability.numbers import REFERENCE_TABLES, Renumbering
from hamaynk.portability.reading import Checked, check_file, contents, opened
from hamaynk.portability.records import Wish, make_hosts, make_row, wish_for
from hamaynk.portability.restored import RestoredTown, handlers
from hamaynk.portability.tables import WITHOUT_ROWS, Table, plain_forms, read_tables, rows_in, set_sequences, stand
from hamaynk.portability.told import tell
from tenants.caching import forget_place
from tenants.context import as_owner, in_town
from tenants.database.base import idle_connections
from tenants.ddl import StructureFault, read_structure
from tenants.models import Community, MigrationStep, TemplateRelease
from tenants.names import PUBLIC, SHARED, is_town_schema, role_of, schema_of_slug
from tenants.provisioning import set_state
from tenants.reference_rows import copy_rows
from tenants.roles import put_right, role_exists, run
from tenants.routing import announce_change
from tenants.template import applied_here, current_release, release_stamp

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What stands now."""

    manifest: Manifest
    town: RestoredTown
    hosts: list[str]
    state: Community.State
    withheld: int


def restore_town(
    path: Path,
    *,
    slug: str | None = None,
    hosts: Sequence[str] | None = None,
    replace: bool = False,
    progress: Progress = lambda text: None,
) -> Restored:
    """Make the town of a file. slug: another name for it; hosts: see `wish_for`; replace: an archived town of that name.

    Raises PortabilityFault, and has then changed nothing, unless the text says that the town stands.
    """
    with opened(path) as stream:
        checked = check_file(stream)
        manifest = checked.manifest
        progress(f"the file is whole: {manifest.rows} rows, {len(manifest.media)} files")
        wish = wish_for(manifest, slug, hosts)
        state = wish.state
        schema = schema_of_slug(wish.slug)
        if not is_town_schema(schema):
            raise PortabilityFault(f"{wish.slug!r} cannot be a town.")
        _check_room(manifest)
        tell("town_restore_begun", wish.slug, sha256=checked.sha256, source=manifest.slug)
        work = _Restore(stream, checked, wish, schema, replace, progress)
        with as_owner(schema):
            work.carry_out()
    town = RestoredTown(slug=wish.slug, schema=schema, taken_at=manifest.taken_at, is_copy=work.is_copy)
    state = _open(town, Community.State.SUSPENDED if town.is_copy else state)
    tell("town_restored", wish.slug, sha256=checked.sha256, source=manifest.slug, taken_at=manifest.taken_at)
    return Restored(manifest, town, work.hosts, state, work.withheld)


def _check_room(manifest: Manifest) -> None:
    place = Path(settings.MEDIA_ROOT)
    while not place.exists():
        place = place.parent
    if shutil.disk_usage(place).free < manifest.media_bytes * 1.05:
        raise PortabilityFault(f"{place} has no room for {manifest.media_bytes} bytes of files.")


class _Restore:
    """One attempt, from the row to the commit. Standing in the new schema as the owner."""

    def __init__(
        self, stream: IO[bytes], checked: Checked, wish: Wish, schema: str, replace: bool, progress: Progress
    ) -> None:
        self.stream, self.checked, self.manifest, self.wish = stream, checked, checked.manifest, wish
        self.schema, self.replace, self.progress = schema, replace, progress
        self.folder: IncomingFolder | None = None
        self.number = 0
        self.is_copy = False
        self.hosts: list[str] = []
        self.withheld = 0

    def carry_out(self) -> None:
        """All or nothing."""
        idle_connections.clear()
        with self._undoing(), transaction.atomic():
            plain_forms()
            stand(PUBLIC, SHARED)
            release, newest = self._release(), current_release()
            community = self._row(newest)
            self.progress("structure")
            tables = self._structure(release)
            self._load(tables)
            self._prove(release)
            if release != newest:
                self._roll_forward(newest)
            if self.is_copy:
                self.withheld = withhold()
            self.progress("role and rights")
            put_right(self.wish.slug)
            stand(PUBLIC, SHARED)
            self.hosts = make_hosts(self.wish, community)
            assert self.folder is not None
            self.folder.put_in_place()
        self.folder.keep()

    @contextmanager
    def _undoing(self) -> Iterator[None]:
        """The database undoes itself; the folder is put back by us."""
        try:
            yield
        except BaseException as error:
            connection.close()
            if self._was_committed():
                return  # the answer to COMMIT was lost, not the commit
            if self.folder is not None:
                self.folder.undo()
            if isinstance(error, StructureFault | DatabaseError | OSError | ValueError | TypeError):
                raise PortabilityFault(f"{self.wish.slug} was not restored: {str(error).strip()}") from error
            raise

    def _was_committed(self) -> bool:
        """Where the server cannot say it, the folders stay as they are; the next attempt finds out."""
        if not self.number:
            return False
        try:
            with transaction.atomic():
                stand(PUBLIC, SHARED)
                return Community.objects.filter(pk=self.number).exists()
        except DatabaseError as error:
            raise PortabilityFault(f"The database is gone; run the same again. {str(error).strip()}") from error

    def _release(self) -> TemplateRelease:
        """The file's release, as this installation itself knows it: no structure is ever taken from a file."""
        known = TemplateRelease.objects.filter(release=self.manifest.release).first()
        if known is None:
            raise PortabilityFault(
                f"The file was made at release {self.manifest.release} (Hamaynk {self.manifest.software}), which this "
                f"installation never had; it is at {current_release().release}. Restore it where that release runs."
            )
        return known

    def _row(self, release: TemplateRelease) -> Community:
        """The town's row. Its unique name makes a second attempt at the same time wait, and then fail."""
        rows = set(Community.objects.values_list("pk", flat=True))
        old = Community.objects.select_for_update().filter(schema_name=self.schema).first()
        if old is not None:
            self._drop(old)
        elif role_exists(role_of(self.schema)):
            raise PortabilityFault(f"The role {role_of(self.schema)} exists already in this cluster.")
        others = Community.objects.exclude(slug=self.wish.slug).exclude(state=Community.State.ARCHIVED)
        self.is_copy = self.wish.slug != self.manifest.slug and others.filter(slug=self.manifest.slug).exists()
        community = make_row(self.wish, release.release)
        self.number = community.pk
        self.folder = IncomingFolder(self.schema, community.pk)
        self.folder.begin(rows)
        return community

    def _drop(self, old: Community) -> None:
        if old.state != Community.State.ARCHIVED:
            raise PortabilityFault(
                f"There is a town called {old.slug}, and it is {old.state}. Archive it first "
                f"(`towns archive {old.slug}`), or restore under another name (--as)."
            )
        if not self.replace:
            raise PortabilityFault(
                f"There is an archived town called {old.slug}. With --replace its data go and the file's take their place."
            )
        run(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(self.schema)))
        old.delete()

    def _structure(self, release: TemplateRelease) -> dict[str, Table]:
        """Empty tables as of the file's release, replayed from our own text. Returns them with the file's columns."""
        run(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self.schema)))
        stand(self.schema, SHARED)
        with connection.cursor() as cursor:
            cursor.execute(release.ddl)
            copy_rows(self.schema)
            if read_structure(self.schema).catalogue_hash() != release.catalogue_hash:
                raise PortabilityFault(f"The structure of release {release.release} cannot be made here any more.")
            cursor.execute("DELETE FROM django_migrations")  # the text has planted them; the file's take their place
        tables, said = read_tables(self.schema), self.manifest.tables
        different = sorted(set(tables) ^ {*said, *self.manifest.without_rows})
        different += [n for n in said if n in tables and set(said[n].columns) != set(tables[n].columns)]
        different += sorted({*self.manifest.without_rows} ^ ({*tables} & {*WITHOUT_ROWS}))
        different += sorted({*self.manifest.sequences} ^ {name for name, table in tables.items() if table.identity})
        if different:
            raise FileFault(f"The file's tables are not those of its release: {', '.join(different[:5])}")
        return {name: as_in_file(tables[name], facts) for name, facts in said.items()}

    def _load(self, tables: dict[str, Table]) -> None:
        change = renumbering(self.manifest, self.schema)
        if change.is_needed:
            self.progress("content types and permissions have other numbers here: rows are renumbered")
        self.stream.seek(0)
        done, files = "", 0
        for piece in contents(self.stream, self.checked.sha256):
            if piece.path:
                assert self.folder is not None
                self.folder.add(piece.path, piece.blocks)
                files += 1
                if files % 200 == 0 or files == len(self.manifest.media):
                    self.progress(f"file {files} of {len(self.manifest.media)}")
            elif piece.table not in tables:
                raise FileFault("The file was changed while it was read.")
            elif piece.table not in REFERENCE_TABLES:
                self._load_rows(tables[piece.table], piece.blocks, change)
            if piece.table and piece.table != done:
                done = piece.table
                place = list(tables).index(done) + 1
                if place % 25 == 0 or place == len(tables):
                    self.progress(f"table {place} of {len(tables)}")
        own = {name: facts for name, facts in self.manifest.sequences.items() if name not in REFERENCE_TABLES}
        set_sequences(self.schema, own)

    def _load_rows(self, table: Table, blocks: Iterator[bytes], change: Renumbering) -> None:
        try:
            rows_in(self.schema, table, change.rows(table, blocks))
        except DatabaseError as error:
            raise FileFault(f"The rows of {table.name} do not fit: {str(error).strip()}") from error

    def _prove(self, release: TemplateRelease) -> None:
        """References resolve, and what was loaded reads as the file does."""
        self.progress("proof")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if faults := list(compare_rows(self.manifest, self.schema)):
            raise FileFault(f"What was loaded is not what the file says: {'; '.join(faults[:5])}")
        if release_stamp(applied_here()) != release.release:
            raise FileFault("The file's ledger of migrations is not that of its release.")

    def _roll_forward(self, newest: TemplateRelease) -> None:
        """From an older release to ours, by the steps of our own ledger, in the same transaction."""
        stand(PUBLIC, SHARED)
        steps = list(MigrationStep.objects.all())
        stand(self.schema, SHARED)
        have = applied_here()
        for step in (step for step in steps if (step.app, step.name) not in have):
            self.progress(f"migration {step}")
            if step.sql is None:
                copy_rows(self.schema)
                MigrationExecutor(connection).migrate([(step.app, step.name)])
                continue
            with connection.cursor() as cursor:
                if step.sql:
                    cursor.execute(step.sql)
                cursor.execute(
                    "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [step.app, step.name]
                )
        copy_rows(self.schema)
        is_right = read_structure(self.schema).catalogue_hash() == newest.catalogue_hash
        if not is_right or release_stamp(applied_here()) != newest.release:
            raise PortabilityFault(f"After all migrations the town is not at release {newest.release}.")


def _open(town: RestoredTown, state: Community.State) -> Community.State:
    """Nothing that was remembered of a former town is shown; others put right what is theirs; then the doors open."""
    idle_connections.clear()
    try:
        forget_place(town.schema)
        with in_town(town.slug):
            changed(*watched_labels())
        for handler in handlers:
            handler(town)
        with as_owner():
            set_state(town.slug, state)
    except Exception as error:
        raise PortabilityFault(
            f"{town.slug} stands, whole but archived, since one thing failed: {error}. Put that right, and run the same "
            "again with --replace."
        ) from error
    announce_change()
    return state
