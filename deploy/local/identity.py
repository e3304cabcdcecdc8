"""Which user the PostgreSQL binaries run as: PostgreSQL refuses to run as root, demo machines often are root."""

from __future__ import annotations

import ctypes
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from .process import LocalServerError

_CLONE_NEWUSER = 0x10000000
_PROBE_SECONDS = 20

Identity = Callable[[], None]


def nobody() -> tuple[int, int]:
    """Return the user and group id of `nobody`."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalServerError(
            "PostgreSQL refuses to run as root and there is no user `nobody`; run this as an ordinary user."
        ) from None
    return entry.pw_uid, entry.pw_gid


def user_namespace() -> Identity:
    """Return a step for the child that makes root look like `nobody` to it, without touching any file's owner."""
    libc = ctypes.CDLL(None, use_errno=True)
    uid, gid = nobody()

    def enter() -> None:
        if libc.unshare(_CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        # The kernel takes a group map from an unprivileged process only after setgroups is given up.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} 0 1")
        Path("/proc/self/gid_map").write_text(f"{gid} 0 1")

    return enter


def as_user(uid: int, gid: int) -> Identity:
    """Return a step for the child that gives root up for good."""

    def drop() -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)

    return drop


def probe(identity: Identity, binary: Path, directory: Path) -> bool:
    """Tell whether `binary` can be run under `identity` with `directory` in reach."""

    def enter() -> None:
        identity()
        if not os.access(directory, os.W_OK | os.X_OK):
            raise PermissionError(str(directory))

    try:
        result = subprocess.run(
            [str(binary), "--version"], capture_output=True, preexec_fn=enter, timeout=_PROBE_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return result.returncode == 0


def choose(binary: Path, directory: Path, data: Path) -> Identity | None:
    """Return the identity to run PostgreSQL under, or None when we are an ordinary user already.

    As root: the owner of the data if that is somebody else; otherwise a user namespace, and where that is forbidden
    (some containers) `nobody`, to whom the directory is then given.
    """
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise LocalServerError(f"The data in {directory} belongs to another user; remove it or run as that user.")
        return None
    if owner is not None and owner.st_uid != 0:
        return _dropped(owner.st_uid, owner.st_gid, binary, directory)
    if sys.platform == "linux":
        namespace = user_namespace()
        if probe(namespace, binary, directory):
            return namespace
    uid, gid = nobody()
    return _dropped(uid, gid, binary, directory, give=True)


def _dropped(uid: int, gid: int, binary: Path, directory: Path, *, give: bool = False) -> Identity:
    """Return `as_user` after checking that no parent folder blocks that user."""
    blocked = blocking_parent(binary) or blocking_parent(directory)
    identity = as_user(uid, gid)
    # Nothing changes hands before it is known to help: the next run may be allowed a user namespace again.
    if give and blocked is None:
        give_away(directory, uid, gid)
    if not probe(identity, binary, directory):
        raise LocalServerError(
            f"PostgreSQL refuses to run as root, and {blocked or directory} keeps every other user out; "
            "run this as an ordinary user, or from a folder that others may enter."
        )
    return identity


def give_away(directory: Path, uid: int, gid: int) -> None:
    """Give a directory and all it holds to a user."""
    os.chown(directory, uid, gid)
    for folder, folders, files in os.walk(directory):
        for name in folders + files:
            os.chown(Path(folder) / name, uid, gid, follow_symlinks=False)


def blocking_parent(path: Path) -> Path | None:
    """Return the outermost parent folder that only its owner can enter."""
    for parent in reversed(path.resolve().parents):
        if not parent.stat().st_mode & 0o001:
            return parent
    return None
