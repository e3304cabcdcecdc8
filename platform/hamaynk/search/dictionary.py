"""Texts and questions as PostgreSQL's full text search takes them, in each language of the platform."""

import re
from collections.abc import Iterator

from django.contrib.postgres.search import SearchQuery

from hamaynk.search import armenian

CONFIGURATIONS = {"hy": "armenian", "en": "english", "ru": "russian"}
MOST_WORDS = 16  # of a question
MOST_LETTERS = 60  # of a word of a question
_PARTS = re.compile(r'(-?)"([^"]*)"|(\S+)')


def configuration(language: str) -> str:
    """Name of PostgreSQL's text search configuration."""
    return CONFIGURATIONS.get(language, "simple")


def indexed(text: str, language: str) -> str:
    """A text's words in their order, as they are put into the index."""
    return " ".join(_words(text, language))


def question(asked: str, language: str) -> SearchQuery | None:
    """What somebody asks for, in the usual form: "words in a row", -without, this or that. None where no word is left."""
    parts: list[str] = []
    left, positive = MOST_WORDS, False
    for minus, phrase, single in _PARTS.findall(asked.replace("\0", " ")):
        if single.casefold() == "or" and parts:
            parts.append("or")
            continue
        sign = minus or ("-" if single.startswith("-") else "")
        found = [word[:MOST_LETTERS] for word in _words(phrase or single, language)][:left]
        left -= len(found)
        if found:
            positive |= not sign
            parts.append(f'{sign}"{" ".join(found)}"' if phrase or sign else " ".join(found))
    if not positive:
        return None
    return SearchQuery(" ".join(parts), config=configuration(language), search_type="websearch")


def marks(asked: str, language: str) -> SearchQuery | None:
    """What is to be highlighted in a text as it was written: words that begin like those asked for, in every spelling."""
    wanted: list[str] = []
    for part in _PARTS.findall(asked.replace("\0", " ")):
        if not part[0] and not part[2].startswith("-"):
            wanted += _words(part[1] or part[2], language)
    spellings: list[str] = []
    for word in wanted[:MOST_WORDS]:
        for form in [word, *(armenian.forms_of(word) if language == "hy" else ())]:
            spellings += dict.fromkeys((form, form.replace("եվ", "և"), form.replace("եվ", "եւ")))
    # Letters and digits only are left of each, so that none of them can be read as a sign of the query language.
    raw = " | ".join(f"'{form[:MOST_LETTERS]}':*" for form in spellings)
    return SearchQuery(raw, config=configuration(language), search_type="raw") if raw else None


def _words(text: str, language: str) -> Iterator[str]:
    return armenian.words(text) if language == "hy" else iter(armenian.fold(text).split())
