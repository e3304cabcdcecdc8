"""What a town's file says of itself: the last member of the archive, read before anything of the file is used.

Everything here was written by somebody else, perhaps with intent. It is read into values of known form, or refused.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, get_type_hints

from hamaynk.portability.faults import FileFault

FORMAT, VERSION = "hamaynk-town", 1
HEADER, MANIFEST, STRUCTURE = "header.json", "manifest.json", "structure.sql"
TABLES, MEDIA = "tables", "media"
LARGEST = 256 * 1024 * 1024  # bytes of a manifest: a million files of media
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
SUM = re.compile(r"[0-9a-f]{64}")
LONGEST_PATH = 900  # bytes, so that a member's name holds it


@dataclass(frozen=True)
class TableFacts:
    """One table's rows in the file: columns in their order, how much there is, SHA-256 over all of it."""

    columns: list[str]
    rows: int
    length: int
    parts: int
    sha256: str


@dataclass(frozen=True)
class FileFacts:
    """One file of media."""

    length: int
    sha256: str


@dataclass(frozen=True)
class SequenceFacts:
    """Where the numbers of a table's identity column stand. `called`: `last` was given out already."""

    column: str
    last: int
    called: bool


@dataclass(frozen=True)
class HostFacts:
    """A host of the town."""

    host: str
    surface: str
    is_primary: bool


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """All that is known of a file without unpacking it.

    town: the columns of its Community row. numbers: name of a content type ("app.model") or permission
    ("app.model.codename") -> the number it bears in the file. without_rows: tables that are carried empty. missing: files
    that rows speak of and that were not there; left_out: files that could not be taken.
    """

    software: str
    release: str
    catalogue_hash: str
    migrations: list[tuple[str, str]]
    taken_at: datetime
    server: str
    base_domain: str
    town: dict[str, Any]
    hosts: list[HostFacts]
    modules: dict[str, datetime]
    content_types: dict[str, int]
    permissions: dict[str, int]
    tables: dict[str, TableFacts]
    without_rows: list[str]
    sequences: dict[str, SequenceFacts]
    structure: FileFacts
    media: dict[str, FileFacts]
    missing: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """Of the town that was taken out."""
        return str(self.town["slug"])

    @property
    def rows(self) -> int:
        """In all tables."""
        return sum(facts.rows for facts in self.tables.values())

    @property
    def media_bytes(self) -> int:
        """Of all files."""
        return sum(facts.length for facts in self.media.values())

    def to_json(self) -> bytes:
        """As the archive holds it."""
        said = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(said, ensure_ascii=False, indent=1, default=lambda moment: moment.isoformat()).encode()


def header() -> bytes:
    """The archive's first member: enough to tell what the rest is."""
    return json.dumps({"format": FORMAT, "version": VERSION}).encode()


def check_header(content: bytes) -> None:
    """Raises FileFault for another kind of file, or a form of it that is newer than this software."""
    said = _json(content, HEADER)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise FileFault("This is no town's file: it does not say that it is one.")
    if said.get("version") != VERSION:
        raise FileFault(f"The file has form {said.get('version')!r}, and this software reads form {VERSION}.")


def read_manifest(content: bytes) -> Manifest:
    """Raises FileFault where anything has not the form it must have."""
    check_header(content)
    said = _json(content, MANIFEST)
    del said["format"], said["version"]
    value = _read(Manifest, said, "manifest")
    assert isinstance(value, Manifest)
    _check(value)
    return value


def _check(manifest: Manifest) -> None:
    names = [*manifest.tables, *manifest.without_rows, *manifest.sequences]
    names += [column for facts in manifest.tables.values() for column in facts.columns]
    names += [place.column for place in manifest.sequences.values()]
    for name in names:
        if not NAME.fullmatch(name):
            raise FileFault(f"The manifest names a table or column that cannot be one: {name[:80]!r}")
    sums: list[TableFacts | FileFacts] = [*manifest.tables.values(), *manifest.media.values(), manifest.structure]
    for facts in sums:
        if not SUM.fullmatch(facts.sha256) or facts.length < 0:
            raise FileFault("The manifest has a checksum or length that is none.")
    for path in manifest.media:
        check_path(path)
    if not isinstance(manifest.town.get("slug"), str):
        raise FileFault("The manifest does not name the town.")


def check_path(path: str) -> None:
    """Raises FileFault for a path that leads out of the town's folder, or that no file of a town can have."""
    parts = path.split("/")
    bad = [part for part in parts if part in ("", ".", "..") or len(part.encode(errors="replace")) > 255]
    if bad or "\\" in path or not path.isprintable() or len(path.encode(errors="replace")) > LONGEST_PATH:
        raise FileFault(f"The file names media that cannot be a town's: {path[:120]!r}")


def _json(content: bytes, name: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise FileFault(f"{name} in the file cannot be read.") from error


def _read(kind: Any, said: Any, place: str) -> Any:
    """`said`, as a value of `kind`: a dataclass of ours, list, dict, tuple, datetime, str, int, bool."""
    origin: Any = getattr(kind, "__origin__", None)
    inner: tuple[Any, ...] = getattr(kind, "__args__", ())
    if hasattr(kind, "__dataclass_fields__"):
        hints = get_type_hints(kind)
        if isinstance(said, dict) and set(said) == set(hints):
            return kind(**{key: _read(hints[key], value, f"{place}.{key}") for key, value in said.items()})
    elif origin is dict and isinstance(said, dict):
        return {str(key): _read(inner[1], value, f"{place}[{str(key)[:80]!r}]") for key, value in said.items()}
    elif origin is list and isinstance(said, list):
        return [_read(inner[0], value, f"{place}[]") for value in said]
    elif origin is tuple and isinstance(said, list) and len(said) == len(inner):
        return tuple(_read(one, value, place) for one, value in zip(inner, said, strict=True))
    elif kind is datetime and isinstance(said, str):
        return _moment(said, place)
    elif kind is Any or (type(said) is kind):
        return said
    raise FileFault(f"The file's {place} has not the form that it must have.")


def _moment(said: str, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise FileFault(f"The file's {place} is no time.") from error
    if moment.tzinfo is None:
        raise FileFault(f"The file's {place} is a time without its zone.")
    return moment
