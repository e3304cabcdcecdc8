"""Is every requirement pinned with a hash, from no named place? Then an index can only give what we have tried."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (
    "requirements/run.txt",
    "requirements/local.txt",
    "requirements/dev.txt",
    "tools/release/requirements.txt",
)
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?==([^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?=\s|$)")


def statements(text: str) -> Iterator[tuple[int, str]]:
    """(line number, text) of each statement: continued lines are joined, comments are left out."""
    begun = 0
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = re.sub(r"(^|\s)#.*$", "", line).strip()
        if not plain and not parts:
            continue
        begun = begun or number
        parts.append(plain.removesuffix("\\").strip())
        if not plain.endswith("\\"):
            yield begun, " ".join(part for part in parts if part)
            begun, parts = 0, []
    if parts:
        yield begun, " ".join(parts)


def faults(text: str, name: str) -> Iterator[str]:
    """One line for everything in a lock file that is no pinned requirement with a hash."""
    seen: set[str] = set()
    for number, statement in statements(text):
        place = f"{name}:{number}"
        if statement.startswith("-"):
            yield f"{place}: an option has no place in a lock file: {statement.split()[0]}"
        elif re.search(r"(^|\s|@)\s*(https?|file|git\+\w+|ssh)://", statement):
            yield f"{place}: names a place to fetch from; the index is the installer's business"
        elif not (pin := PIN.match(statement)):
            yield f"{place}: not pinned with ==: {statement.split()[0]}"
        else:
            seen.add(pin[1])
            options = re.findall(r"--hash=\S+", statement)
            if not options:
                yield f"{place}: {pin[1]} has no hash"
            elif len(HASH.findall(statement)) != len(options):
                yield f"{place}: {pin[1]} has a hash that is no SHA-256"
    if not seen:
        yield f"{name}: holds no requirement"


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(text: str) -> dict[str, set[str]]:
    """Distribution -> versions (several where they depend on the machine)."""
    found: dict[str, set[str]] = {}
    for _, statement in statements(text):
        if pin := PIN.match(statement):
            found.setdefault(normal(pin[1]), set()).add(pin[3])
    return found


def all_faults(root: Path = ROOT) -> list[str]:
    """Of all lock files: each by itself, with one another, and with what pyproject.toml asks for."""
    texts = {name: (root / name).read_text(encoding="utf-8") for name in LOCKS}
    found = [line for name, text in texts.items() for line in faults(text, name)]
    whole = pins(texts["requirements/dev.txt"])
    for name in LOCKS:
        for package, versions in pins(texts[name]).items():
            if package in whole and not versions <= whole[package]:
                found.append(f"{name}: {package} {', '.join(sorted(versions))}, but another in requirements/dev.txt")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = pins(texts["requirements/run.txt"])
    for wanted in project["dependencies"]:
        package = normal(re.split(r"[\s\[<>=!~;]", wanted, maxsplit=1)[0])
        if package not in run:
            found.append(f"requirements/run.txt: {package}, which pyproject.toml asks for, is missing")
    return found
