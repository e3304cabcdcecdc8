"""Which pages are missing in which language, which translations are behind their original; and making one (R50)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from hamaynk.audit import record
from public_sites.addresses import LANGUAGES, path_of


@dataclass(frozen=True)
class Translation:
    """One page in one language: "missing", "draft" (never published), "behind" (the original is newer), or "good"."""

    code: str
    state: str
    page_id: int | None = None


@dataclass
class Row:
    """A page of the first language with its translations."""

    page_id: int
    title: str
    path: str
    changed: dt.datetime | None
    translations: list[Translation] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Nothing is left to translate."""
        return all(one.state == "good" for one in self.translations)


def rows() -> list[Row]:
    """All published Armenian pages in the order of the tree. Two queries."""
    fields = ("id", "translation_key", "title", "url_path", "live", "last_published_at", "locale__language_code")
    pages = list(Page.objects.filter(depth__gt=1).order_by("path").values(*fields))
    others: dict[tuple[Any, str], dict[str, Any]] = {
        (page["translation_key"], page["locale__language_code"]): page for page in pages
    }
    found = []
    for page in pages:
        if page["locale__language_code"] != settings.LANGUAGE_CODE or not page["live"]:
            continue
        row = Row(page["id"], page["title"], path_of(page["url_path"]), page["last_published_at"])
        for code in LANGUAGES:
            if code != settings.LANGUAGE_CODE:
                other = others.get((page["translation_key"], code))
                row.translations.append(Translation(code, _state(page, other), other["id"] if other else None))
        found.append(row)
    return found


def _state(page: dict[str, Any], other: dict[str, Any] | None) -> str:
    if other is None:
        return "missing"
    if not other["live"]:
        return "draft"
    ours, theirs = page["last_published_at"], other["last_published_at"]
    if ours is not None and (theirs is None or theirs < ours - dt.timedelta(minutes=1)):
        return "behind"
    return "good"


@transaction.atomic
def begin_translation(*, actor: Any, page_id: int, code: str) -> Page:
    """A draft in the other language with the original's content, below the translation of its parent. Made once."""
    page: Page = Page.objects.get(pk=page_id, depth__gt=1).specific
    locale = Locale.objects.get(language_code=code)
    there = page.get_translation_or_none(locale)
    if there is not None:
        return there
    if page.depth < 3 or not page.get_parent().has_translation(locale):
        raise ValidationError(_("Translate the page above it first."))
    made: Page = page.copy_for_translation(locale)
    record(
        actor=actor,
        action="public_sites.begin_translation",
        subject=f"public_sites.page:{made.pk}",
        data={"original": page.pk, "language": code},
    )
    return made
