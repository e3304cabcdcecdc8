"""Addresses of pages: which language they speak, and which first words belong to others."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from hamaynk.ui.spoken import LanguagePrefix

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


def in_language(code: str, rest: str) -> str:
    """The path of a page: "about/" -> "/about/" in the first language, "/en/about/" in another."""
    return f"/{rest}" if code == settings.LANGUAGE_CODE else f"/{code}/{rest}"


def path_of(url_path: str) -> str:
    """The path on the site of a page of the tree: "/hy/about/" -> "/about/", "/en/about/" -> "/en/about/"."""
    code, _slash, rest = url_path.lstrip("/").partition("/")
    return in_language(code, rest)


def search_address(language: str) -> str:
    """Where the site is searched in a language."""
    return in_language(language, "search/")


@cache
def reserved_words() -> frozenset[str]:
    """First words of addresses that pages may not take: those of modules, of the platform, and the languages' codes."""
    words = set(_first_words(import_module("hamaynk.config.urls.site").urlpatterns))
    return frozenset(
        {word for word in words if word.isascii() and word.isidentifier()} | {*LANGUAGES, "media", "static"}
    )


def _first_words(patterns: Any) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern.pattern, LanguagePrefix):
            yield from _first_words(pattern.url_patterns)
            continue
        word = str(pattern.pattern).lstrip("^").partition("/")[0]
        if word:
            yield word
        elif hasattr(pattern, "url_patterns"):
            yield from _first_words(pattern.url_patterns)
