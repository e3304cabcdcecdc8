"""The folder in which the processes of one service add up their figures (prometheus_client's multiprocess mode).

It is made before the real program starts, since prometheus_client looks for it when it is imported. A lock held through
exec and forks tells whether its processes still live; folders of dead ones are cleared away at the next start.
"""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "hamaynk-metrics-"


def make() -> Path:
    """A new folder, named in the environment of whatever this process becomes."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    os.environ[VARIABLE] = str(folder)
    return folder


def remove() -> None:
    """Clear the folder away, at the end of the service."""
    if folder := os.environ.get(VARIABLE):
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(where: Path) -> None:
    for folder in where.glob(f"{PREFIX}*"):
        try:
            lock = os.open(folder / "lock", os.O_RDWR)
        except OSError:  # somebody else's, or just being made
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass  # alive
        finally:
            os.close(lock)
