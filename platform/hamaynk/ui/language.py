"""One text in all languages of the platform, for data that are not made for one reader."""

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import override


def in_languages(say: Callable[[], str]) -> dict[str, str]:
    """What `say()` says in each language: {"hy": ..., "en": ..., "ru": ...}."""
    said: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = say()
    return said
