"""Does the source, or anything it ever held, give a secret away? detect-secrets over the tree and over all history.

Every finding is known by the SHA-1 of what was found (which tells nobody the secret) and stands in `known_secrets.toml`
with the reason why it is none; what is not there is a fault. Run by the release environment's Python.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KNOWN = Path(__file__).with_name("known_secrets.toml")
# Hashes of packages, compiled words and pictures: long random text by nature, and nobody writes it by hand.
SKIPPED = re.compile(
    r"(^|/)(requirements(/.*)?\.txt|package-lock\.json|known_secrets\.toml)$"
    r"|\.(po|mo|png|jpg|webp|woff2?|svg|ico|pdf|xlsx|csv)$"
)
LONGEST = 2000  # a longer line is made by a program
Lines = dict[str, list[str]]  # by the name of the file


@dataclass(frozen=True)
class Found:
    """Something that looks like a secret, and where."""

    sha1: str
    kind: str
    place: str
    line: str = ""


def known(path: Path = KNOWN) -> dict[str, str]:
    """SHA-1 -> why it is no secret."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    return {sha1: entry["why"] for entry in text.get("known", []) for sha1 in entry["sha1"]}


def faults(found: Iterable[Found], reasons: dict[str, str]) -> Iterator[str]:
    """What is not known, each secret once."""
    seen = set()
    for item in found:
        if item.sha1 not in reasons and item.sha1 not in seen:
            yield f"{item.place}: {item.kind}, sha1 {item.sha1}"
        seen.add(item.sha1)


def unneeded(found: Iterable[Found], reasons: dict[str, str]) -> list[str]:
    """Known ones that are found nowhere: no fault, for a line of history may belong to a branch that is not here."""
    return sorted(set(reasons) - {item.sha1 for item in found})


def scan(files: Lines, label: str) -> Iterator[Found]:
    """What looks like a secret in these lines. A file's kind tells how its lines are read. Needs the release environment."""
    from detect_secrets.core.secrets_collection import SecretsCollection  # type: ignore[import-not-found]
    from detect_secrets.settings import default_settings  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory(prefix="hamaynk-secrets-") as folder, default_settings():
        for number, (name, lines) in enumerate(files.items()):
            copy = Path(folder) / f"{number}{Path(name).suffix or '.txt'}"
            kept = [line for line in lines if len(line) <= LONGEST]
            copy.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
            secrets = SecretsCollection()
            secrets.scan_file(str(copy))
            for _, secret in secrets:
                line = kept[secret.line_number - 1].strip()
                yield Found(secret.secret_hash, secret.type, f"{label}{name}:{secret.line_number}", line)


def tree(root: Path = ROOT) -> Lines:
    """Every line of every tracked file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    return {
        name: (root / name).read_text(encoding="utf-8", errors="replace").splitlines()
        for name in filter(None, listed.split("\0"))
        if not SKIPPED.search(name) and (root / name).is_file()
    }


def history(root: Path = ROOT) -> Lines:
    """Every line that any commit ever added to a file, once."""
    words = ["git", "log", "HEAD", "--no-merges", "-p", "--unified=0", "--no-color", "--no-ext-diff", "--format="]
    found: dict[str, dict[str, None]] = {}
    with subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True, errors="replace") as log:
        assert log.stdout is not None
        name = ""
        for line in log.stdout:
            if line.startswith("+++ "):
                name = line[4:].strip().removeprefix("b/")
            elif line.startswith("+") and not SKIPPED.search(name):
                found.setdefault(name, {})[line[1:].rstrip("\n")] = None
    if log.returncode:
        raise RuntimeError("git log failed: is this a clone with its history?")
    return {name: list(lines) for name, lines in found.items()}


def gone(root: Path = ROOT) -> Lines:
    """What history holds and the tree no longer does."""
    here = {line for lines in tree(root).values() for line in lines}
    former = {name: [line for line in lines if line not in here] for name, lines in history(root).items()}
    return {name: lines for name, lines in former.items() if lines}


def is_shallow(root: Path = ROOT) -> bool:
    """True for a clone that lacks history: nothing could be said of what is missing."""
    done = subprocess.run(
        ["git", "rev-parse", "--is-shallow-repository"], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout.strip() == "true"


def main() -> int:
    """Print what is not known; 1 if there is something. With --all, everything, for whoever audits."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--all", action="store_true", help="print everything found as JSON lines, known or not")
    options = parser.parse_args()
    if is_shallow(options.root):
        print("this clone has no full history; fetch it: git fetch --unshallow")
        return 1
    present, former = tree(options.root), gone(options.root)
    found = [*scan(present, ""), *scan(former, "in history: ")]
    if options.all:
        for item in found:
            print(json.dumps(vars(item)))
        return 0
    unknown = list(faults(found, known()))
    for sha1 in unneeded(found, known()):
        print(f"note: {sha1} of known_secrets.toml is found nowhere")
    print(
        "\n".join(unknown)
        if unknown
        else f"{len(present)} files and {len(former)} former: {len(found)} findings, all known"
    )
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
