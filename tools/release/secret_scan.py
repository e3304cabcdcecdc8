"""Does the source, or anything it ever held, give a secret away? detect-secrets over the tree and over all history.

Every finding is known by the SHA-1 of what was found (which tells nobody the secret) and stands in `known_secrets.toml`
with the reason why it is none; what is not there is a fault. Run by the release environment's Python.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KNOWN = Path(__file__).with_name("known_secrets.toml")
# Hashes of packages, compiled words and pictures: long random text by nature, and nobody writes it by hand.
SKIPPED = re.compile(
    r"(^|/)(requirements(/.*)?\.txt|known_secrets\.toml)$|\.(po|mo|png|jpg|webp|woff2?|svg|ico|pdf|xlsx|csv)$"
)
LONGEST = 2000  # a longer line is made by a program
PLUGINS = (
    "ArtifactoryDetector", "AWSKeyDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "CloudantDetector",
    "DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "IbmCloudIamDetector",
    "IbmCosHmacDetector", "JwtTokenDetector", "KeywordDetector", "MailchimpDetector", "NpmDetector", "OpenAIDetector",
    "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "SoftlayerDetector",
    "SquareOAuthDetector", "StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
ENTROPY = ({"name": "Base64HighEntropyString", "limit": 4.5}, {"name": "HexHighEntropyString", "limit": 3.0})


@dataclass(frozen=True)
class Found:
    """Something that looks like a secret, and where."""

    sha1: str
    kind: str
    place: str


def known(path: Path = KNOWN) -> dict[str, str]:
    """SHA-1 -> why it is no secret."""
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    return {sha1: entry["why"] for entry in text.get("known", []) for sha1 in entry["sha1"]}


def faults(found: Iterable[Found], reasons: dict[str, str], *, whole: bool = True) -> Iterator[str]:
    """What is not known; where everything was looked at, also what is known and no longer there."""
    seen = set()
    for item in found:
        if item.sha1 not in reasons and item.sha1 not in seen:
            yield f"{item.place}: {item.kind}, sha1 {item.sha1}"
        seen.add(item.sha1)
    if whole:
        for sha1 in sorted(set(reasons) - seen):
            yield f"known_secrets.toml: {sha1} is found nowhere"


def scan_lines(lines: Iterable[tuple[str, str]]) -> Iterator[Found]:
    """(place, line) -> what looks like a secret. Needs the release environment."""
    from detect_secrets.core.scan import scan_line  # type: ignore[import-not-found]
    from detect_secrets.settings import transient_settings  # type: ignore[import-not-found]

    settings = {"plugins_used": [*({"name": name} for name in PLUGINS), *ENTROPY]}
    with transient_settings(settings):
        for place, line in lines:
            if len(line) > LONGEST or not line.strip():
                continue
            for secret in scan_line(line):
                text = secret.secret_value or ""
                yield Found(hashlib.sha1(text.encode()).hexdigest(), secret.type, place)  # noqa: S324


def tree(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every line of every tracked file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        path = root / name
        if not name or SKIPPED.search(name) or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            yield f"{name}:{number}", line


def history(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Every line that any commit ever added, with the commit and the file."""
    words = [
        "git",
        "log",
        "--all",
        "--no-merges",
        "-p",
        "--unified=0",
        "--no-color",
        "--no-ext-diff",
        "--format=%x00%h",
    ]
    with subprocess.Popen(words, cwd=root, stdout=subprocess.PIPE, text=True, errors="replace") as log:
        assert log.stdout is not None
        commit, name = "", ""
        for line in log.stdout:
            if line.startswith("\0"):
                commit = line[1:].strip()
            elif line.startswith("+++ "):
                name = line[4:].strip().removeprefix("b/")
            elif line.startswith("+") and not SKIPPED.search(name):
                yield f"{commit} {name}", line[1:].rstrip("\n")
    if log.returncode:
        raise RuntimeError("git log failed: is this a clone with its history?")


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
    lines = {line: place for place, line in history(options.root)}
    lines |= {line: place for place, line in tree(options.root)}  # each line once: what stands here now names its place
    found = list(scan_lines((place, line) for line, place in lines.items()))
    if options.all:
        for item in found:
            print(json.dumps(vars(item)))
        return 0
    unknown = list(faults(found, known()))
    print("\n".join(unknown) if unknown else f"{len(found)} findings in {len(lines)} lines, all known")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
