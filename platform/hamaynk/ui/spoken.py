"""Addresses that say which language they speak: /budget/ in the first one, /en/budget/ and /ru/budget/ in the others (R50).

On the public sites alone: a link, a bookmark and a search engine then show everybody the same page in the same language.
"""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils.translation import get_language

from hamaynk.contract import Surface


class LanguagePrefix:
    """Puts the active language before an address and takes it off. An address without it holds too: the cookie speaks.

    Django's own LocalePrefixPattern stands at the root of a urlconf only, and refuses an address without the prefix.
    """

    converters: dict[str, Any] = {}

    def __str__(self) -> str:
        code = get_language() or settings.LANGUAGE_CODE
        return "" if code == settings.LANGUAGE_CODE else f"{code}/"

    @property
    def regex(self) -> re.Pattern[str]:
        """What `reverse` puts before the names below it."""
        return re.compile(re.escape(str(self)))

    def match(self, path: str) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """The rest of the path, never a refusal: whatever follows decides."""
        return path.removeprefix(str(self)), (), {}

    def check(self) -> list[CheckMessage]:
        """Nothing can be wrong with it."""
        return []

    def describe(self) -> str:
        """As Django's pages of faults name it."""
        return f"'{self}'"


def in_each_language(*patterns: URLPattern | URLResolver) -> URLResolver:
    """The same pages under each language's addresses; `reverse` gives those of the active one."""
    return URLResolver(LanguagePrefix(), list(patterns))  # type: ignore[arg-type]  # Django asks no more of a pattern


def language_of(path: str) -> str | None:
    """ "/en/about/" -> "en"; None for an address that says none, which is the first language's or the cookie's."""
    first = path[1:].partition("/")[0]
    return (
        first if first != settings.LANGUAGE_CODE and first in dict(settings.LANGUAGES) and path.count("/") > 1 else None
    )


def in_language(code: str, path: str) -> str:
    """The address of a page in another language: ("ru", "/en/about/") -> "/ru/about/"."""
    said = language_of(path)
    plain = path[len(said) + 1 :] if said else path
    return plain if code == settings.LANGUAGE_CODE else f"/{code}{plain}"


def home_of(request: HttpRequest) -> str:
    """The first page of the surface, on a public site that of the present language."""
    if getattr(request, "surface", None) != Surface.SITE:
        return "/"
    return in_language(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE), "/")
