"""May what we run with be given away together with code under the EUPL 1.2 (and be run as a service under the AGPL)?

Reads the metadata of what is installed and judges it by `licences.toml`, where every licence has its reason and every
package that needs a closer look an entry of its own.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from tools.release.locks import normal

RULES = Path(__file__).with_name("licences.toml")
CLASSIFIER = "License :: "


@dataclass(frozen=True)
class Rules:
    """Compatible licences with the reason, names that mean one of them, packages looked at one by one."""

    compatible: dict[str, str]
    names: dict[str, str]
    packages: dict[str, dict[str, str]]

    @classmethod
    def read(cls, path: Path = RULES) -> "Rules":
        """From the rule file."""
        text = tomllib.loads(path.read_text(encoding="utf-8"))
        names = {name.lower(): licence for name, licence in text["names"].items()}
        return cls(text["compatible"], names, {normal(name): entry for name, entry in text["packages"].items()})


@dataclass(frozen=True)
class Line:
    """One package of the report."""

    package: str
    version: str
    licence: str
    fault: str = ""
    note: str = ""


def stated(metadata: Message, rules: Rules) -> str:
    """What a package says of itself, as an SPDX expression: its expression, else its classifiers, else its text."""
    if expression := str(metadata.get("License-Expression") or "").strip():
        return expression
    classifiers = [text for text in metadata.get_all("Classifier") or [] if text.startswith(CLASSIFIER)]
    found = sorted({_known(text.rsplit(" :: ", 1)[-1], rules) for text in classifiers} - {"OSI Approved"})
    if found:
        return " AND ".join(found)  # which of them is not said: all must do
    text = str(metadata.get("License") or "").strip()
    return _known(text.splitlines()[0].strip(), rules) if text else ""


def _known(name: str, rules: Rules) -> str:
    return rules.names.get(name.lower(), name)


def is_compatible(expression: str, rules: Rules) -> bool:
    """AND: every part must do; OR: one is enough; WITH: the whole must be listed."""
    words = re.findall(r"\(|\)|[^\s()]+", expression)
    if not words:
        return False
    if set(words).isdisjoint({"AND", "OR", "WITH", "(", ")"}):
        return expression in rules.compatible  # one licence, whatever blanks are in its name
    answer, rest = _either(words, rules)
    return answer and not rest


def _either(words: list[str], rules: Rules) -> tuple[bool, list[str]]:
    answer, words = _all(words, rules)
    while words and words[0] == "OR":
        other, words = _all(words[1:], rules)
        answer = answer or other
    return answer, words


def _all(words: list[str], rules: Rules) -> tuple[bool, list[str]]:
    answer, words = _one(words, rules)
    while words and words[0] == "AND":
        other, words = _one(words[1:], rules)
        answer = answer and other
    return answer, words


def _one(words: list[str], rules: Rules) -> tuple[bool, list[str]]:
    if words[:1] == ["("]:
        answer, rest = _either(words[1:], rules)
        return answer and rest[:1] == [")"], rest[1:]
    name = []
    while words and words[0] not in ("AND", "OR", "(", ")"):
        name.append(words[0])
        words = words[1:]
    return " ".join(name) in rules.compatible, words


def judge(packages: Iterable[tuple[str, str, Message]], rules: Rules) -> Iterator[Line]:
    """One line for each (name, version, metadata), and one for each entry of the rules that nobody needs."""
    used: set[str] = set()
    for name, version, metadata in sorted(packages, key=lambda package: normal(package[0])):
        said, entry = stated(metadata, rules), rules.packages.get(normal(name))
        if entry is not None:
            used.add(normal(name))
            moved = "" if entry["states"] == said else f"states {said!r} now; the rules know {entry['states']!r}"
            yield Line(name, version, entry["licence"], moved, entry["reason"])
        elif not said:
            yield Line(name, version, "", "states no licence")
        else:
            fault = "" if is_compatible(said, rules) else "is not among the compatible licences"
            yield Line(name, version, said, fault)
    for name in sorted(set(rules.packages) - used):
        yield Line(name, "", "", "stands in the rules and is not installed")


def installed(path: str) -> list[tuple[str, str, Message]]:
    """What stands in a site-packages folder."""
    found: list[Distribution] = list(distributions(path=[path]))
    return [(str(item.metadata["Name"]), item.version, _message(item.metadata)) for item in found]


def _message(metadata: Any) -> Message:
    assert isinstance(metadata, Message)
    return metadata


def report(lines: Iterable[Line]) -> str:
    """As a table in Markdown."""
    rows = ["| Package | Version | Licence | Note |", "|---|---|---|---|"]
    rows += [f"| {line.package} | {line.version} | {line.licence} | {line.fault or line.note} |" for line in lines]
    return "\n".join(rows) + "\n"
