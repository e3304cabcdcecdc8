"""Is the wheel the same whoever builds it, and does it hold what it must and nothing else?"""

import hashlib
import os
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Folder in the source -> folder in the wheel.
PACKAGES = {
    "platform/hamaynk": "hamaynk",
    "tenants": "tenants",
    "modules": "modules",
    "public_sites": "public_sites",
    "tasks": "tasks",
}
CARRIED = {
    ".py",
    ".html",
    ".txt",
    ".xml",
    ".css",
    ".js",
    ".svg",
    ".png",
    ".webp",
    ".jpg",
    ".woff2",
    ".ico",
    ".mo",
    ".csv",
}
ELSEWHERE = ("tests", "tools", "deploy", "docs", "requirements", "helm", "hamaynk_noticeboard")


class BuildFault(Exception):
    """The wheel could not be built; the text says why."""


def present_commit(root: Path = ROOT) -> str:
    """Asked once: somebody may commit while we build."""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def export(commit: str, folder: Path, *, root: Path = ROOT) -> None:
    """The tracked files of a commit, nothing of the working folder."""
    words = ["git", "archive", "--format=tar", commit]
    archive = subprocess.run(words, cwd=root, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as source:
        source.extractall(folder, filter="data")


def commit_time(commit: str, root: Path = ROOT) -> str:
    """Seconds since 1970 of a commit: the one time that all builders agree on."""
    words = ["git", "log", "-1", "--format=%ct", commit]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def build(source: Path, python: Path, compiler: Path, out: Path, *, time: str, **surroundings: str) -> Path:
    """Compile the catalogues and build the wheel of an exported source."""
    epoch = {"SOURCE_DATE_EPOCH": time, "PYTHONPATH": ""}
    for words in (
        [str(compiler), "-m", "tools.messages", "compile"],
        [
            str(python),
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "--no-index",
            "-w",
            str(out),
            ".",
        ],
    ):
        around = {**os.environ, **epoch, **surroundings}
        # The mask of rights is part of the recipe: what the builder's own happens to be would stand in the archive.
        done = subprocess.run(words, cwd=source, env=around, capture_output=True, text=True, check=False, umask=0o022)
        if done.returncode:
            raise BuildFault(f"{' '.join(words[1:])}:\n{done.stdout}{done.stderr}")
    (wheel,) = out.glob("*.whl")
    return wheel


def digest(path: Path) -> str:
    """SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def differences(first: Path, second: Path) -> Iterator[str]:
    """Where two wheels differ, file by file."""
    with zipfile.ZipFile(first) as one, zipfile.ZipFile(second) as other:
        names = [archive.namelist() for archive in (one, other)]
        for name in sorted(set(names[0]) ^ set(names[1])):
            yield f"{name} is in one of them only"
        for name in sorted(set(names[0]) & set(names[1])):
            if one.read(name) != other.read(name):
                yield f"{name} has another content"
            elif one.getinfo(name).date_time != other.getinfo(name).date_time:
                yield f"{name} bears another time"
            elif one.getinfo(name).external_attr != other.getinfo(name).external_attr:
                yield f"{name} has other rights"
        if set(names[0]) == set(names[1]) and names[0] != names[1]:
            yield "the files stand in another order"


def wanted(source: Path) -> set[str]:
    """Names in the wheel of everything that an exported and compiled source has for it."""
    found = set()
    for folder, package in PACKAGES.items():
        for path in sorted((source / folder).rglob("*")):
            inner = path.relative_to(source / folder)
            if path.is_file() and path.suffix in CARRIED and "__pycache__" not in inner.parts:
                found.add(f"{package}/{inner.as_posix()}")
    return found


def faults(wheel: Path, source: Path) -> Iterator[str]:
    """What is missing in the wheel, and what has no business there."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    for name in sorted(wanted(source) - names):
        yield f"{name} is missing in the wheel"
    for kind in (".html", ".css", ".js", ".mo"):
        if not any(name.endswith(kind) for name in names):
            yield f"the wheel holds no file of the kind {kind}"
    for name in sorted(names):
        parts = name.split("/")
        outside = parts[0] not in PACKAGES.values() and ".dist-info" not in parts[0]
        if outside or parts[0] in ELSEWHERE or "tests" in parts or parts[-1].startswith(("test_", "conftest")):
            yield f"{name} has no business in the wheel"
        if parts[-1].endswith((".pyc", ".sqlite3", ".env", ".key", ".pem")):
            yield f"{name} has no business in the wheel"
