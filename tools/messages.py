"""Message catalogues without GNU gettext: `python -m tools.messages extract | compile | check | fill FILE.json`.

extract: bring every catalogue in line with the sources; English fills itself, what is new elsewhere is empty.
compile: write the .mo files beside the .po files. check: one line per fault, exit 1 if there is one.
fill: put translations from a file into whatever is still empty: {"msgid": {"hy": "...", "ru": "..."}}; a text with a
plural has a list of forms, a text with a context is keyed "context|msgid".
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tools import message_checks
from tools.catalogues import ROOT, Entry, Place, blank, borrowed, compile_all, editing, places, read, upstream, write
from tools.extraction import Message, extract

Key = tuple[str | None, str]


def update(place: Place, given: dict[str, Any] | None = None) -> int:
    """Bring the catalogues of one place in line with its sources, filling empty texts from `given`; how many filled."""
    found, _ = extract(place.roots)
    filled = 0
    for language in place.languages:
        old, _ = read(place.file(language), language)
        wanted = found if place.name != "borrowed" else _lacking(found, old, language)
        entries = []
        for message in wanted:
            entry = _kept(message, old.get(message.key), language)
            if entry.is_empty and given is not None:
                filled += _fill(entry, given, language)
            entries.append(entry)
        if entries or place.file(language).exists():
            origins = {message.key: _origins(place, paths) for message, paths in wanted.items()}
            write(place.file(language), language, entries, origins)
    return filled


def _lacking(found: dict[Message, list[Path]], old: dict[Key, Entry], language: str) -> dict[Message, list[Path]]:
    """What the packages' own catalogues lack, and what we say better than they do."""
    return {m: paths for m, paths in found.items() if m.key in old or m.key not in upstream(language)}


def _kept(message: Message, old: Entry | None, language: str) -> Entry:
    if old is not None and (old.message.plural is None) == (message.plural is None) and not old.is_empty:
        return Entry(message, old.text, old.fuzzy)
    return Entry(message, blank(message, language))


def _fill(entry: Entry, given: dict[str, Any], language: str) -> int:
    message = entry.message
    name = message.singular if message.context is None else f"{message.context}|{message.singular}"
    text = given.get(name, {}).get(language)
    if not text:
        return 0
    if message.plural is None:
        entry.text = text if isinstance(text, str) else text[0]
        return 1
    count = len(entry.forms)
    forms = [text] if isinstance(text, str) else list(text)
    entry.text = tuple((forms + [forms[-1]] * count)[:count])
    return 1


def _origins(place: Place, paths: list[Path]) -> list[str]:
    if place.name != "borrowed":
        return [str(path.relative_to(ROOT)) for path in paths]
    return ["/".join(path.parts[path.parts.index("site-packages") + 1 :]) for path in paths]


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description=(__doc__ or "").splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("extract", "compile", "check"):
        verbs.add_parser(verb)
    verbs.add_parser("fill").add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    everywhere = [*places(), borrowed()]
    if options.verb == "compile":
        print(f"{compile_all([*(place.folder for place in everywhere), editing()])} catalogues compiled")
        return 0
    if options.verb == "check":
        wrong = message_checks.faults()
        print("\n".join(wrong) if wrong else "catalogues are complete")
        return 1 if wrong else 0
    given: dict[str, Any] = {}
    for path in getattr(options, "files", []):
        given |= json.loads(path.read_text(encoding="utf-8"))
    filled = sum(update(place, given) for place in everywhere)
    print(f"{filled} texts filled" if given else "catalogues follow the sources")
    return 0


if __name__ == "__main__":
    sys.exit(main())
