"""Read a town's file: prove it without touching anything, and give its contents to whoever puts them in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hamaynk.portability import manifest as names
from hamaynk.portability.archive import ArchiveReader, Member
from hamaynk.portability.faults import FileFault, PortabilityFault
from hamaynk.portability.manifest import FileFacts, Manifest, TableFacts, check_header, check_path, read_manifest
from hamaynk.portability.tables import Tally, passing

Progress = Callable[[str], None]
SMALL = 16 * 1024 * 1024


@dataclass(frozen=True)
class Checked:
    """A file that is whole, and says of itself what it holds."""

    manifest: Manifest
    sha256: str


@dataclass(frozen=True)
class Piece:
    """Whole rows of a table, or one file of media."""

    table: str
    path: str
    blocks: Iterator[bytes]


class _Walk:
    """Goes through the members in the only order that they may have, and counts."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.reader = ArchiveReader(stream)
        self.tables: dict[str, Tally] = {}
        self.parts: dict[str, int] = {}
        self.media: dict[str, FileFacts] = {}
        self.structure: Tally | None = None
        self.manifest: Manifest | None = None

    def pieces(self) -> Iterator[Piece]:
        """What the file holds. FileFault for whatever is not as it must be; at the end all of it is proved."""
        is_begun, last = False, ""
        for member in self.reader.members():
            if self.manifest is not None:
                raise FileFault(f"After its manifest the file has {member.name}.")
            if not is_begun:
                if member.name != names.HEADER:
                    raise FileFault("This is no town's file: it does not begin as one.")
                check_header(member.content(SMALL))
                is_begun = True
            elif member.name == names.MANIFEST:
                self.manifest = read_manifest(member.content(names.LARGEST))
                self._compare(self.manifest)
            else:
                yield from self._piece(member, last)
            last = member.name
        if self.manifest is None:
            raise FileFault("The file has no manifest.")

    def _piece(self, member: Member, last: str) -> Iterator[Piece]:
        kind, _, rest = member.name.partition("/")
        if member.name == names.STRUCTURE and self.structure is None:
            self.structure = Tally()
            for block in member.chunks():
                self.structure.see(block)
        elif kind == names.TABLES:
            yield from self._rows(member, rest, last)
        elif kind == names.MEDIA and rest not in self.media:
            check_path(rest)
            tally = Tally()
            yield from _whole(Piece("", rest, passing(member.chunks(), tally.see)))
            self.media[rest] = FileFacts(tally.length, tally.sha256)
        else:
            raise FileFault(f"The file has something that does not belong there, or has it twice: {member.name}")

    def _rows(self, member: Member, rest: str, last: str) -> Iterator[Piece]:
        table, _, number = rest.partition("/")
        part = self.parts.get(table, 0) + 1
        follows = part == 1 or last == f"{names.TABLES}/{table}/{part - 1:06}"
        if not names.NAME.fullmatch(table) or number != f"{part:06}" or not follows:
            raise FileFault(f"The file's rows are not in their order: {member.name}")
        self.parts[table] = part
        tally = self.tables.setdefault(table, Tally())
        end = b""

        def seen(block: bytes) -> bytes:
            nonlocal end
            end = block[-1:]
            return tally.see(block)

        yield from _whole(Piece(table, "", passing(member.chunks(), seen)))
        if end != b"\n":
            raise FileFault(f"{table}: a row is cut short.")

    def _compare(self, said: Manifest) -> None:
        """What the manifest says, and what was there: each difference by the name of its table or file."""
        faults = []
        for table in sorted({*said.tables, *self.tables}):
            if said.tables.get(table) != self._facts(table, said):
                faults.append(f"table {table}")
        for path in sorted({*said.media, *self.media}):
            if said.media.get(path) != self.media.get(path):
                faults.append(f"file {path}")
        found = FileFacts(self.structure.length, self.structure.sha256) if self.structure else None
        if said.structure != found:
            faults.append(names.STRUCTURE)
        if faults:
            more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
            raise FileFault(f"The file is damaged: checksums differ in {', '.join(faults[:5])}{more}.")

    def _facts(self, table: str, said: Manifest) -> TableFacts | None:
        tally = self.tables.get(table, Tally())
        columns = said.tables[table].columns if table in said.tables else []
        return TableFacts(columns, tally.rows, tally.length, self.parts.get(table, 0), tally.sha256)


def _whole(piece: Piece) -> Iterator[Piece]:
    """The piece; what its taker leaves of it is counted as well."""
    yield piece
    for _ in piece.blocks:
        pass


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file, for reading."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise PortabilityFault(f"{path} cannot be read: {error.strerror}") from error
    with stream:
        yield stream


def check_file(stream: IO[bytes]) -> Checked:
    """Read all of an open file. FileFault with the first thing that is wrong, by name of table or file."""
    walk = _Walk(stream)
    for _ in walk.pieces():
        pass
    assert walk.manifest is not None
    return Checked(walk.manifest, walk.reader.digest)


def contents(stream: IO[bytes], expected: str) -> Iterator[Piece]:
    """The pieces of a file that was checked, one after the other. FileFault if it is no longer the same at the end."""
    walk = _Walk(stream)
    yield from walk.pieces()
    if walk.reader.digest != expected:
        raise FileFault("The file was changed while it was read.")
