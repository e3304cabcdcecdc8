"""The container: a compressed tar that any `tar xzf` opens, and whose every byte is covered by one checksum.

A gzip stream with a tar in it, then an empty gzip member whose comment is the SHA-256 of all bytes before it. Programs
that unpack skip the empty member; we read it first and last. Written and read as a stream, a block at a time.

Python's tarfile writes it. It is not read by tarfile: that one knows links, devices, sparse files and headers as long
as somebody cares to make them. The reader here knows regular files with bounded names, and refuses the rest.
"""

import hashlib
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any

from hamaynk.portability.faults import FileFault

BLOCK = 512
CHUNK = 256 * 1024
LEVEL = 6
LONGEST_NAME = 1024  # bytes
_SEAL_HEAD = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff" + b"sha256:"
_SEAL_TAIL = b"\0" + b"\x03\0" + b"\0" * 8
SEAL = len(_SEAL_HEAD) + 64 + len(_SEAL_TAIL)
_PAX_PATH = re.compile(rb"(\d{1,5}) path=(.*)\n", re.DOTALL)


class ArchiveWriter:
    """Members one after the other into `stream`; `close` puts the seal under it."""

    def __init__(self, stream: IO[bytes], moment: int) -> None:
        self._stream, self._moment = stream, moment
        self._sum = hashlib.sha256()
        self._press = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
        form = {"fileobj": self, "mode": "w|", "format": tarfile.PAX_FORMAT}
        self._tar = tarfile.open(**form)  # type: ignore[call-overload]  # noqa: SIM115  closed in `close`
        self.written = 0
        self._is_given_up = False

    def __enter__(self) -> "ArchiveWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """After a fault nothing is written any more, not even when tarfile is cleared away and wants to end its tar."""
        self._is_given_up = kind is not None

    def write(self, block: bytes) -> int:
        """What tarfile calls."""
        self._put(self._press.compress(block))
        return len(block)

    def _put(self, pressed: bytes) -> None:
        if pressed and not self._is_given_up:
            self._sum.update(pressed)
            self._stream.write(pressed)
            self.written += len(pressed)

    def add(self, name: str, size: int, source: IO[bytes]) -> None:
        """A member of exactly `size` bytes, read from `source`. OSError where the source ends before that."""
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, self._moment, 0o600
        self._tar.addfile(info, source)

    def add_bytes(self, name: str, content: bytes) -> None:
        """A small member."""
        self.add(name, len(content), BytesIO(content))

    def close(self) -> str:
        """Ends the stream with the seal. Returns the SHA-256 of the whole that the seal holds."""
        self._tar.close()
        self._put(self._press.flush())
        digest = self._sum.hexdigest()
        self._stream.write(_SEAL_HEAD + digest.encode() + _SEAL_TAIL)
        self.written += SEAL
        return digest


@dataclass(frozen=True)
class Member:
    """One file of the archive. `chunks` gives its bytes once, before the next member is asked for."""

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]]

    def content(self, most: int) -> bytes:
        """All of it; FileFault where it is longer than `most`."""
        if self.size > most:
            raise FileFault(f"{self.name} is longer than any such part is ({self.size} bytes).")
        return b"".join(self.chunks())


class ArchiveReader:
    """Members of an open file, from its beginning. `where` is the member at hand, for whoever tells of a fault.

    After the last member the whole has been checked against its seal; `digest` is then the SHA-256.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._length = os.fstat(stream.fileno()).st_size
        self._seal = self._read_seal()
        self._left = self._length - SEAL
        self._sum = hashlib.sha256()
        self._unpress: Any = zlib.decompressobj(31)
        self._held = b""
        self.where = "the beginning"
        self.digest = ""

    def _read_seal(self) -> bytes | None:
        """The digest in the seal; None where the file does not end with one."""
        if self._length < SEAL + 18:
            raise FileFault(f"This is no town's file, or it is cut short: it has {self._length} bytes.")
        self._stream.seek(self._length - SEAL)
        end = self._stream.read(SEAL)
        self._stream.seek(0)
        if self._stream.read(3) != b"\x1f\x8b\x08":
            raise FileFault("This is no town's file: it does not begin as one.")
        self._stream.seek(0)
        whole = end.startswith(_SEAL_HEAD) and end.endswith(_SEAL_TAIL)
        return end[len(_SEAL_HEAD) : len(_SEAL_HEAD) + 64] if whole else None

    def members(self) -> Iterator[Member]:
        """One after the other; what was not read of one is skipped."""
        if self._seal is None:
            yield from self._until_the_cut()
            return
        yield from self._members()
        self.where = "the end"
        if any(any(block) for block in iter(lambda: self._some(CHUNK), b"")):
            raise FileFault("The file goes on after its end.")
        self.digest = self._sum.hexdigest()
        if self._seal != self.digest.encode():
            raise FileFault("The file is damaged: its bytes do not have the checksum that its end says.")

    def _until_the_cut(self) -> Iterator[Member]:
        """Without a seal: how far it can be read, for the sentence."""
        self._left = self._length
        yield from self._members()
        raise FileFault(f"The file is cut short or damaged: its end is missing, after {self._length} bytes.")

    def _members(self) -> Iterator[Member]:
        while (header := self._exactly(BLOCK)) != b"\0" * BLOCK:
            long_name = None
            kind, name, size = _parse(header, self.where)
            if kind == b"x":
                long_name = _long_name(self._exactly(_padded(size)) if size <= LONGEST_NAME + 64 else b"", size)
                kind, name, size = _parse(self._exactly(BLOCK), self.where)
            if kind != b"0":
                raise FileFault(f"After {self.where} stands an entry that is no plain file.")
            self.where = _text(long_name or name)
            member, unread = self._member(self.where, size)
            yield member
            for _ in unread:
                pass
            self._exactly(_padded(size) - size)

    def _member(self, name: str, size: int) -> tuple[Member, Iterator[bytes]]:
        def chunks() -> Iterator[bytes]:
            left = size
            while left:
                block = self._exactly(min(left, CHUNK))
                left -= len(block)
                yield block

        stream = chunks()
        return Member(name, size, lambda: stream), stream

    def _exactly(self, count: int) -> bytes:
        parts, have = [], 0
        while have < count:
            block = self._some(count - have)
            if not block:
                raise FileFault(f"The file is cut short in {self.where}.")
            parts.append(block)
            have += len(block)
        return b"".join(parts)

    def _some(self, most: int) -> bytes:
        """Up to `most` bytes of the tar; b"" at its end."""
        while not self._held and not self._unpress.eof:
            source = self._unpress.unconsumed_tail
            if not source:
                source = self._stream.read(min(CHUNK, self._left))
                self._left -= len(source)
                self._sum.update(source)
            try:  # without new bytes there may still be some held back by the limit
                self._held = self._unpress.decompress(source, CHUNK)
            except zlib.error as error:
                raise FileFault(f"The file is damaged in {self.where}.") from error
            if not source and not self._held and not self._unpress.eof:
                raise FileFault(f"The file is cut short in {self.where}.")
        if not self._held and (self._left or self._unpress.unused_data):
            raise FileFault("The file goes on after its end.")
        block, self._held = self._held[:most], self._held[most:]
        return block


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _parse(header: bytes, where: str) -> tuple[bytes, bytes, int]:
    """Kind, name and size of a tar header (POSIX ustar)."""
    said = header[148:156].rstrip(b" \0")
    right = sum(header[:148]) + 8 * 32 + sum(header[156:])
    if not re.fullmatch(rb"[0-7]{1,7}", said) or int(said, 8) != right or header[257:263] != b"ustar\0":
        raise FileFault(f"The file is damaged after {where}.")
    size = header[124:136].rstrip(b" \0")
    if not re.fullmatch(rb"[0-7]{1,11}", size):
        raise FileFault(f"The file is damaged after {where}.")
    name, prefix = header[:100].split(b"\0")[0], header[345:500].split(b"\0")[0]
    return header[156:157], prefix + b"/" + name if prefix else name, int(size, 8)


def _long_name(block: bytes, size: int) -> bytes:
    """The one thing that an extended header may say here: the name of the member after it."""
    found = _PAX_PATH.fullmatch(block[:size])
    if found is None or int(found[1]) != size:
        raise FileFault("The file has an extended header that says more than a name.")
    return found[2]


def _text(name: bytes) -> str:
    try:
        text = name.decode()
    except UnicodeDecodeError:
        text = ""
    if not text or len(name) > LONGEST_NAME or not text.isprintable():
        raise FileFault(f"The file has an entry with an impossible name: {name[:80]!r}")
    return text
