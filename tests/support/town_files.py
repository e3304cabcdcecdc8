"""Town files changed on purpose, yet with every checksum right: what somebody could write who means harm."""

import hashlib
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hamaynk.portability.archive import ArchiveWriter

Members = dict[str, bytes]


class TownFile:
    """All of a file in memory: `members` by name in their order, `manifest` as JSON."""

    def __init__(self, path: Path) -> None:
        with tarfile.open(path) as whole:
            self.members: Members = {m.name: whole.extractfile(m).read() for m in whole}  # type: ignore[union-attr]
        self.manifest: dict[str, Any] = json.loads(self.members.pop("manifest.json"))

    def rows(self, table: str) -> list[list[bytes]]:
        """Of a table with one part."""
        return [line.split(b"\t") for line in self.members[f"tables/{table}/000001"].split(b"\n")[:-1]]

    def set_rows(self, table: str, rows: list[list[bytes]]) -> None:
        """Put rows in place of others, and say so in the manifest."""
        content = b"".join(b"\t".join(row) + b"\n" for row in rows)
        self.members[f"tables/{table}/000001"] = content
        self.manifest["tables"][table] |= {
            "rows": len(rows),
            "length": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "parts": 1,
        }

    def set_cell(self, table: str, column: str, value: bytes, row: int = 0) -> None:
        """One value as COPY writes it."""
        rows = self.rows(table)
        rows[row][self.manifest["tables"][table]["columns"].index(column)] = value
        self.set_rows(table, rows)

    def add_media(self, path: str, content: bytes = b"x") -> None:
        """A file of media, under any name."""
        self.members[f"media/{path}"] = content
        self.manifest["media"][path] = {"length": len(content), "sha256": hashlib.sha256(content).hexdigest()}

    def write(self, path: Path, *, after: Callable[[ArchiveWriter], None] = lambda writer: None) -> Path:
        """The whole, sealed."""
        with path.open("wb") as stream, ArchiveWriter(stream, 0) as writer:
            for name, content in self.members.items():
                writer.add_bytes(name, content)
            writer.add_bytes("manifest.json", json.dumps(self.manifest, ensure_ascii=False).encode())
            after(writer)
            writer.close()
        return path
