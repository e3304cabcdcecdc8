"""Use cases that write the classification: load the country pack, name a source for a line, take it back.

Part of `actions`, which gives them on: callers import from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from modules.budgets.classification import pack_columns, pack_differences
from modules.budgets.errors import BudgetError
from modules.budgets.models import ClassificationKind, ClassificationLine, LineVerification
from modules.budgets.selectors.classification import unverified_below
from modules.budgets.tables import Line

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

# What a source vouches for: where the pack changes one of these, a source named before no longer speaks for the line.
FACTS = ("code", "parent_code", "article", "name_hy", "name_en", "name_ru")
SOURCE_LENGTH = 300
LINK_LENGTH = 500
_is_web_address = URLValidator(schemes=["http", "https"])


@transaction.atomic
def load_classification(*, actor: User | None) -> int:
    """Brings the national lines of the country pack, all kinds, into the town; returns how many were added or changed.

    Local lines are left alone; running it again changes nothing. Needs budgets.import.
    """
    require(actor, "budgets.import")
    loaded = {kind: bring_in(kind) for kind in ClassificationKind.values}
    changed = sum(loaded.values())
    if changed:
        record(actor=actor, action="budgets.classification_loaded", subject="budgets", data={"lines": loaded})
    return changed


@transaction.atomic
def verify_line(*, actor: User | None, line: ClassificationLine, source: str, link: str = "") -> LineVerification:
    """Names the source that vouches for an unverified line, and so clears its mark in this town.

    source: words, e.g. "Order N 730-Ն, annex 1, page 4"; link: a web address, or "". The pack itself is not changed.
    Naming the same source again gives the entry in force back; another one becomes the next entry of the history.
    BudgetError where the line bears no mark or the source is not said. Needs budgets.verify_classification.
    """
    require(actor, "budgets.verify_classification")
    source, link = source.strip(), link.strip()
    _check_source(source, link)
    line = ClassificationLine.objects.select_for_update().get(pk=line.pk)
    if not line.unverified:
        raise BudgetError(text("This line bears no mark that could be cleared."))
    latest = line.verifications.first()
    if line.is_verified and latest is not None and (latest.source, latest.link) == (source, link):
        return latest
    entry = _enter(actor, line, source=source, link=link, is_withdrawal=False)
    _mark(line, is_verified=True)
    data = {"source": source, "link": link, "facts": entry.facts}
    record(actor=actor, action="budgets.line_verified", subject=_subject(line), data=data)
    return entry


@transaction.atomic
def verify_branch(*, actor: User | None, line: ClassificationLine, source: str, link: str = "") -> int:
    """Names one source for a line and everything below it that is unverified; returns how many marks it cleared.

    Every line gets an entry and an audit line of its own, as from `verify_line`, whose rules hold.
    """
    require(actor, "budgets.verify_classification")
    waiting = [*([line] if line.needs_source else []), *unverified_below(line)]
    for row in waiting:
        verify_line(actor=actor, line=row, source=source, link=link)
    return len(waiting)


@transaction.atomic
def withdraw_verification(*, actor: User | None, line: ClassificationLine, reason: str = "") -> ClassificationLine:
    """Takes the source of a line back: its mark is there again, the history keeps both entries.

    A line without a source stays as it is. Needs budgets.verify_classification.
    """
    require(actor, "budgets.verify_classification")
    line = ClassificationLine.objects.select_for_update().get(pk=line.pk)
    if not line.is_verified:
        return line
    reason = reason.strip()[:SOURCE_LENGTH]
    _enter(actor, line, source=reason, link="", is_withdrawal=True)
    _mark(line, is_verified=False)
    record(actor=actor, action="budgets.line_verification_withdrawn", subject=_subject(line), data={"reason": reason})
    return line


def bring_in(kind: str) -> int:
    """The pack's lines of one kind into the town, in the caller's transaction; how many were added or changed."""
    missing, changed = pack_differences(kind)
    added = [ClassificationLine(kind=kind, code=national.code, **pack_columns(national)) for national in missing]
    ClassificationLine.objects.bulk_create(added, ignore_conflicts=True)
    for found, national in changed:
        line = ClassificationLine.objects.select_for_update().get(pk=found.pk)
        before = _facts(line)
        for name, value in pack_columns(national).items():
            setattr(line, name, value)
        if line.is_verified and _facts(line) != before:
            line.is_verified = False
            _enter(None, line, source="", link="", is_withdrawal=True)
            record(
                actor=None, action="budgets.line_verification_withdrawn", subject=_subject(line),
                data={"before": before, "after": _facts(line)},
            )  # fmt: skip
        line.save()
    return len(missing) + len(changed)


def add_local_lines(kind: str, lines: Iterable[Line]) -> None:
    """A town's own lines, in the caller's transaction; those it has already are left alone."""
    ClassificationLine.objects.bulk_create(
        [
            ClassificationLine(
                kind=kind,
                code=line.code,
                parent_code=line.parent,
                name_hy=line.names.hy,
                name_en=line.names.en,
                name_ru=line.names.ru,
                is_local=True,
            )
            for line in lines
        ],
        ignore_conflicts=True,
    )


def _check_source(source: str, link: str) -> None:
    if not source:
        raise BudgetError(text("Say where the line can be read: name the source."))
    if len(source) > SOURCE_LENGTH or len(link) > LINK_LENGTH:
        raise BudgetError(text("The source is too long."))
    if link:
        try:
            _is_web_address(link)
        except ValidationError as error:
            raise BudgetError(
                text("The link must be a whole web address, beginning with http:// or https://.")
            ) from error


def _enter(
    actor: User | None, line: ClassificationLine, *, source: str, link: str, is_withdrawal: bool
) -> LineVerification:
    return LineVerification.objects.create(
        line=line, source=source, link=link, is_withdrawal=is_withdrawal, facts=_facts(line), recorded_by=actor
    )


def _mark(line: ClassificationLine, *, is_verified: bool) -> None:
    line.is_verified = is_verified
    line.save(update_fields=["is_verified"])


def _facts(line: ClassificationLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in FACTS}


def _subject(line: ClassificationLine) -> str:
    return f"budgets.line:{line.kind}:{line.code}"
