"""Files of a town: which its rows speak of, what lies in its folder, and putting a folder in its place.

A file is written once under a name of its own and never changed, so what a snapshot's rows speak of is right whenever it
is read; it may only have been deleted since, and is then named as missing.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import FileField
from psycopg import sql

from hamaynk.portability.archive import CHUNK
from hamaynk.portability.faults import FileFault
from hamaynk.portability.manifest import check_path
from tenants.placement import apps_in

# No schema's name has a dot, so none of these folders is another town's.
COMING, GOING = ".restoring", ".before-"
LARGEST = 8 * 1024**3 - 1  # what a plain tar header can say


def folder_of(schema: str) -> Path:
    """Where the files of a town lie."""
    return Path(settings.MEDIA_ROOT) / schema


def referenced(schema: str) -> set[str]:
    """Paths of files that the rows of a schema speak of, in the present snapshot."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for label in sorted(apps_in(schema)):
            for model in apps.get_app_config(label).get_models(include_auto_created=True):
                for field in model._meta.local_fields:
                    if isinstance(field, FileField) and field.column:
                        question = sql.SQL("SELECT DISTINCT {0} FROM {1} WHERE {0} <> ''").format(
                            sql.Identifier(field.column), sql.Identifier(schema, model._meta.db_table)
                        )
                        cursor.execute(question.as_string(None))
                        found |= {path for (path,) in cursor.fetchall()}
    return found


def lying_in(folder: Path) -> Iterator[str]:
    """Paths of everything in a folder that is no folder, in order. Links are not followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(place, name))]
        for name in sorted([*files, *links]):
            yield os.path.relpath(os.path.join(place, name), folder)


def refusal(path: str) -> str:
    """Why a path cannot be taken along; "" where it can."""
    try:
        path.encode()
        check_path(path)
    except (UnicodeEncodeError, FileFault):
        return f"{path!r}: a name that cannot be carried"
    return ""


def open_plain(folder: Path, path: str) -> tuple[IO[bytes], int]:
    """An open file and its length. OSError for what is not there or is no plain file."""
    descriptor = os.open(folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > LARGEST:
        os.close(descriptor)
        raise OSError("no plain file, or too large a one")
    return os.fdopen(descriptor, "rb"), facts.st_size


def sum_of(folder: Path, path: str) -> tuple[int, str]:
    """Length and SHA-256 of a file. OSError where it cannot be read."""
    digest, length = hashlib.sha256(), 0
    stream, _ = open_plain(folder, path)
    with stream:
        while block := stream.read(CHUNK):
            digest.update(block)
            length += len(block)
    return length, digest.hexdigest()


class IncomingFolder:
    """Files of a town that is being restored: beside the town's folder, until everything is right.

    Used inside the transaction that makes the town's row, so that there is never a second one for the same town. `number`
    is the new row's: a folder put aside under it tells, after a crash, whether the transaction was committed.
    """

    def __init__(self, schema: str, number: int) -> None:
        self.place = folder_of(schema)
        self.coming = self.place.with_name(f"{schema}{COMING}")
        self.before = self.place.with_name(f"{schema}{GOING}{number}")
        self.is_in_place = False

    def begin(self, committed: set[int]) -> None:
        """Clear away what an earlier attempt left. committed: numbers of rows that are there."""
        for left in self.place.parent.glob(f"{self.place.name}{GOING}*"):
            number = left.name.rpartition("-")[2]
            if number.isdigit() and int(number) not in committed:
                shutil.rmtree(self.place, ignore_errors=True)
                left.rename(self.place)
            else:
                shutil.rmtree(left)
        shutil.rmtree(self.coming, ignore_errors=True)
        self.coming.mkdir(parents=True)

    def add(self, path: str, blocks: Iterator[bytes]) -> None:
        """Write one file."""
        check_path(path)
        target = self.coming / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644), "wb") as stream:
            for block in blocks:
                stream.write(block)
            stream.flush()
            os.fsync(stream.fileno())

    def put_in_place(self) -> None:
        """Where the town looks for its files. What lay there is put aside."""
        if self.place.exists():
            self.place.rename(self.before)
        self.is_in_place = True
        self.coming.rename(self.place)

    def keep(self) -> None:
        """The town stands: what was put aside goes."""
        shutil.rmtree(self.before, ignore_errors=True)

    def undo(self) -> None:
        """As it was before."""
        shutil.rmtree(self.coming, ignore_errors=True)
        if self.is_in_place:
            shutil.rmtree(self.place, ignore_errors=True)
            with suppress(FileNotFoundError):
                self.before.rename(self.place)
            self.is_in_place = False
