"""What may be wrong with a catalogue. Each fault is one line: where, which text, what."""

import re
from collections.abc import Iterator

from tools.catalogues import ROOT, Entry, Place, borrowed, editing, of_editing, places, read, upstream
from tools.extraction import Message, extract

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
ARMENIAN = "\u0531-\u0556\u0561-\u0587"
MIXED_WORD = re.compile(rf"\b\w*(?:[{ARMENIAN}][A-Za-z\u0400-\u04ff]|[A-Za-z\u0400-\u04ff][{ARMENIAN}])\w*")
COLON_STOP = re.compile(rf"[{ARMENIAN}»)]:(?=\s|$)")
ABBREVIATIONS = ("թ.", "դր.", "հզ.", "մլն.", "Ժ.", "փ.")
Key = tuple[str | None, str]


def faults() -> list[str]:
    """Everything that is wrong, in a fixed order; an empty list is what is wanted."""
    found: list[str] = []
    said: dict[tuple[str, Key], tuple[str, str]] = {}
    for place in places():
        wanted, wrong = extract(place.roots)
        found += [f"{f.path.relative_to(ROOT)}:{f.line}: {f.text}" for f in wrong]
        for language in place.languages:
            found += _of_catalogue(place, language, {m.key: m for m in wanted}, said)
    return found + _of_borrowed(said) + list(_of_editing())


def _of_catalogue(place: Place, language: str, wanted: dict[Key, Message], said: dict) -> Iterator[str]:
    entries, obsolete = read(place.file(language), language)
    yield from (f"{place.name} {language}: {text!r}: no longer used" for text in obsolete)
    for key in sorted(set(wanted) | set(entries), key=lambda k: (k[1], k[0] or "")):
        for fault in _of_entry(entries.get(key), wanted.get(key), language):
            yield f"{place.name} {language}: {_short(key[1])!r}: {fault}"
        if key in entries and not entries[key].is_empty:
            yield from _of_agreement(place, language, entries[key], said)


def _of_entry(entry: Entry | None, message: Message | None, language: str) -> Iterator[str]:
    if entry is None:
        yield "missing; run `python -m tools.messages extract`"
    elif message is None:
        yield "no longer used; run `python -m tools.messages extract`"
    elif (message.plural is None) != (entry.message.plural is None):
        yield "has changed its plural; run `python -m tools.messages extract`"
    elif entry.is_empty:
        yield "not translated"
    else:
        if entry.fuzzy:
            yield "fuzzy"
        yield from _of_text(entry)
        if language == "hy":
            yield from _of_armenian(entry)


def _of_text(entry: Entry) -> Iterator[str]:
    message = entry.message
    allowed = [sorted(PLACEHOLDER.findall(text)) for text in (message.singular, message.plural) if text is not None]
    for number, form in enumerate(entry.forms):
        # A singular form may say "one" in words; every other form follows the plural.
        if sorted(PLACEHOLDER.findall(form)) not in (allowed if number == 0 else allowed[-1:]):
            yield f"other placeholders than the source: {_short(form)!r}"
        if form.startswith("\n") != message.singular.startswith("\n"):
            yield "a line break at the start differs"
        if form.endswith("\n") != message.singular.endswith("\n"):
            yield "a line break at the end differs"


def _of_armenian(entry: Entry) -> Iterator[str]:
    source = entry.message.singular
    for form in entry.forms:
        bare = PLACEHOLDER.sub(" ", form)
        for word in MIXED_WORD.findall(bare):
            yield f"letters of two alphabets in {word!r}"
        if COLON_STOP.search(bare) and ":" not in source:
            yield "a colon stands for the full stop; write ։"
        is_sentence = " " in source and source.rstrip().endswith(".")
        if is_sentence and bare.rstrip().endswith((".", ":")) and not bare.rstrip().endswith(ABBREVIATIONS):
            yield "the sentence ends in another sign than ։"


def _of_agreement(place: Place, language: str, entry: Entry, said: dict) -> Iterator[str]:
    """Catalogues share one name space at run time: the same text must read the same, or have a context."""
    text = entry.forms[0]
    other, known = said.setdefault((language, entry.message.key), (place.name, text))
    if known != text:
        name = _short(entry.message.singular)
        yield f"{place.name} {language}: {name!r}: {text!r} here, {known!r} in {other}; give one of them a context"


def _of_borrowed(said: dict) -> list[str]:
    place = borrowed()
    wanted = {message.key: message for message in extract(place.roots)[0]}
    found = []
    for language in place.languages:
        entries, obsolete = read(place.file(language), language)
        needed = {key: m for key, m in wanted.items() if key in entries or key not in upstream(language)}
        found += [f"borrowed {language}: {text!r}: no longer used" for text in obsolete]
        for key in sorted(set(needed) | set(entries), key=lambda k: (k[1], k[0] or "")):
            entry = entries.get(key)
            wrong = list(_of_entry(entry, needed.get(key), language))
            found += [f"borrowed {language}: {_short(key[1])!r}: {fault}" for fault in wrong]
            if entry is not None and not wrong:
                found += _of_agreement(place, language, entry, said)
    return found


def _of_editing() -> Iterator[str]:
    """The editing screens in Armenian: every text is there, and says what the original says."""
    files = {"django": editing(), "djangojs": borrowed().folder}
    for name, folder in files.items():
        entries, _obsolete = read(folder / "hy" / "LC_MESSAGES" / f"{name}.po", "hy")
        wanted = of_editing(name)
        yield from (
            f"editing {name} hy: {_short(key[1])!r}: not translated" for key in sorted(wanted - set(entries), key=str)
        )
        for entry in entries.values():
            for fault in (*_of_text(entry), *_of_armenian(entry)):
                yield f"editing {name} hy: {_short(entry.message.singular)!r}: {fault}"


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67] + "..."
