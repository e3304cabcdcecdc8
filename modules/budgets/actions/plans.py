"""Use cases that write the plan: amounts of a draft, amendments, handing in, approval with the council's decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as text

from hamaynk.accounts.access import require
from hamaynk.audit import record
from hamaynk.common.money import LIMIT, PLACES
from hamaynk.events import publish
from modules.budgets import ledger
from modules.budgets.actions.classification import bring_in
from modules.budgets.actions.common import check_open, locked_year, year_subject
from modules.budgets.actions.years import has_plan_in_force, move
from modules.budgets.errors import BudgetError, ChangedMeanwhile
from modules.budgets.events import PlanAdopted
from modules.budgets.ledger import ZERO, Key
from modules.budgets.models import (
    KIND_OF_SIDE,
    BudgetYear,
    ClassificationKind,
    ClassificationLine,
    Part,
    PlanAmount,
    PlanChange,
    PlanVersion,
    Side,
    VersionState,
    YearState,
)
from modules.budgets.selectors.plans import amounts_of, versions_in_force

if TYPE_CHECKING:
    from hamaynk.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class PlanItem:
    """Twelve monthly flows of one fact, drams with two places at most."""

    side: str
    key: Key
    months: tuple[Decimal, ...]


@transaction.atomic
def draft_of(*, actor: User | None, year: int, is_demo: bool = False) -> PlanVersion:
    """The version that may be edited: the draft of the budget, or once it is adopted the draft of the next amendment.

    An open draft is given back, or the version handed in for approval; otherwise a new one begins. Needs budgets.plan.
    """
    require(actor, "budgets.plan")
    budget_year = locked_year(year)
    check_open(budget_year)
    waiting = (VersionState.DRAFT, VersionState.SUBMITTED)
    open_version = PlanVersion.objects.filter(budget_year=budget_year, state__in=waiting).first()
    if open_version is not None:
        return open_version
    last = PlanVersion.objects.filter(budget_year=budget_year).aggregate(Max("number"))["number__max"]
    version = PlanVersion.objects.create(
        budget_year=budget_year, number=0 if last is None else last + 1, created_by=actor, is_demo=is_demo
    )
    data = {"version": version.number}
    record(actor=actor, action="budgets.plan_drafted", subject=year_subject(year), data=data)
    return version


@transaction.atomic
def set_amounts(
    *, actor: User | None, version: PlanVersion, items: Sequence[PlanItem], spread: str = "", seen: int | None = None
) -> int:
    """Sets facts of a draft to the amounts given, others stay; returns how many changed. All zeros take a fact away.

    Each change is kept with what was there before. seen: number of the latest change that the writer knew of, 0 for none.
    BudgetError where the version is no draft, a line is unknown or an amount is out of bounds, ChangedMeanwhile where
    there are later changes than `seen`; nothing is written then. Needs budgets.plan.
    """
    require(actor, "budgets.plan")
    version = _draft(version)
    if seen is not None and PlanChange.objects.filter(version=version, pk__gt=seen).exists():
        raise ChangedMeanwhile(text("Somebody else has changed the plan while you were writing."))
    _check_items(items, version.budget_year.year)
    present = amounts_of([version.pk]).get(version.pk, {})
    wanted = {(item.side, item.key): item.months for item in items}
    changed = []
    for (side, key), months in wanted.items():
        before = tuple(present.get(side, {}).get(key, {}).get(month, ZERO) for month in ledger.MONTHS)
        if before != months:
            changed.append((side, key, before, months))
    _write(version, changed, actor)
    if spread and spread != version.spread:
        version.spread = spread
        version.save(update_fields=["spread"])
    if changed:
        data = {"version": version.number, "facts": len(changed)}
        record(actor=actor, action="budgets.plan_changed", subject=year_subject(version.budget_year.year), data=data)
    return len(changed)


@transaction.atomic
def replace_amounts(*, actor: User | None, version: PlanVersion, side: str, items: Sequence[PlanItem]) -> int:
    """Sets one side of a draft to exactly `items`: facts they leave out are taken away. Else as set_amounts."""
    require(actor, "budgets.plan")
    present = amounts_of([version.pk]).get(version.pk, {}).get(side, {})
    named = {item.key for item in items}
    nothing = (ZERO,) * 12
    gone = [PlanItem(side=side, key=key, months=nothing) for key in present if key not in named]
    return set_amounts(actor=actor, version=version, items=[*items, *gone])


@transaction.atomic
def describe_version(
    *,
    actor: User | None,
    version: PlanVersion,
    decision_number: str,
    decision_date: dt.date | None,
    effective_from: dt.date | None = None,
    decision_link: str = "",
    title: Mapping[str, str] | None = None,
    reason: Mapping[str, str] | None = None,
) -> PlanVersion:
    """Names the council's decision of a draft, its title and reason in up to three languages. Needs budgets.plan.

    effective_from: the day from which the amounts count, the day of the decision where it is not said.
    """
    require(actor, "budgets.plan")
    version = _draft(version)
    if decision_link:
        try:
            URLValidator(schemes=["http", "https"])(decision_link)
        except ValidationError as error:
            raise BudgetError(text("The link must be a web address that begins with https:// or http://.")) from error
    version.decision_number = decision_number.strip()[:40]
    version.decision_date = decision_date
    version.effective_from = effective_from or decision_date
    version.decision_link = decision_link.strip()
    version.title = {code: words.strip()[:300] for code, words in (title or {}).items() if words.strip()}
    version.reason = {code: words.strip()[:2000] for code, words in (reason or {}).items() if words.strip()}
    version.save()
    data = {"version": version.number, "decision": version.decision_number}
    record(actor=actor, action="budgets.plan_described", subject=year_subject(version.budget_year.year), data=data)
    return version


@transaction.atomic
def submit_version(*, actor: User | None, version: PlanVersion) -> PlanVersion:
    """Hands a draft in for approval: from now on it cannot be edited. Handing in twice changes nothing.

    BudgetError without the council's decision, without amounts, where it would take more than a line has, or where
    the budget does not balance. Needs budgets.plan.
    """
    require(actor, "budgets.plan")
    budget_year = locked_year(version.budget_year.year)
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.state == VersionState.SUBMITTED:
        return version
    if version.state != VersionState.DRAFT:
        raise BudgetError(text("This version is not a draft."))
    _check_complete(version, budget_year)
    version.state, version.submitted_at, version.submitted_by = VersionState.SUBMITTED, timezone.now(), actor
    version.return_note = ""
    version.save()
    data = {"version": version.number}
    record(actor=actor, action="budgets.plan_submitted", subject=year_subject(budget_year.year), data=data)
    return version


@transaction.atomic
def approve_version(*, actor: User | None, version: PlanVersion) -> PlanVersion:
    """Brings a version handed in into force; the first one makes the year adopted. Emits PlanAdopted.

    Approving twice changes nothing. BudgetError where it is not handed in, or by the one who handed it in while the
    year asks for a second person. Needs budgets.publish.
    """
    require(actor, "budgets.publish")
    budget_year = locked_year(version.budget_year.year)
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.state == VersionState.IN_FORCE:
        return version
    if version.state != VersionState.SUBMITTED:
        raise BudgetError(text("Only a version that was handed in can be approved."))
    check_second_person(actor, version.submitted_by_id, budget_year)
    _check_complete(version, budget_year)
    version.state, version.approved_at, version.approved_by = VersionState.IN_FORCE, timezone.now(), actor
    version.digest = ledger.plan_digest(amounts_of([version.pk]).get(version.pk, {}))
    version.save()
    if version.is_adoption:
        if budget_year.state == YearState.DRAFT:
            move(actor, budget_year, YearState.HEARING)
        if budget_year.state == YearState.HEARING:
            move(actor, budget_year, YearState.ADOPTED)
    data = {"version": version.number, "decision": version.decision_number, "sha256": version.digest}
    record(actor=actor, action="budgets.plan_approved", subject=year_subject(budget_year.year), data=data)
    publish(PlanAdopted(year=budget_year.year, number=version.number, decision_number=version.decision_number))
    return version


@transaction.atomic
def return_version(*, actor: User | None, version: PlanVersion, note: str) -> PlanVersion:
    """Gives a version handed in back to be corrected, with a word why. Needs budgets.publish."""
    require(actor, "budgets.publish")
    version = PlanVersion.objects.select_for_update().get(pk=version.pk)
    if version.state != VersionState.SUBMITTED:
        raise BudgetError(text("Only a version that was handed in can be returned."))
    if not note.strip():
        raise BudgetError(text("Say what has to be corrected."))
    version.state, version.return_note = VersionState.DRAFT, note.strip()[:300]
    version.save()
    data = {"version": version.number, "note": version.return_note}
    record(actor=actor, action="budgets.plan_returned", subject=year_subject(version.budget_year.year), data=data)
    return version


def check_second_person(actor: User | None, handed_in_by: int | None, budget_year: BudgetYear) -> None:
    """BudgetError where the one who handed in approves, and the year asks for another. The system may."""
    if actor is not None and budget_year.needs_second_person and handed_in_by == actor.pk:
        raise BudgetError(text("Somebody else than the one who handed it in has to approve it."))


def _draft(version: PlanVersion) -> PlanVersion:
    budget_year = locked_year(version.budget_year.year)
    check_open(budget_year)
    version = PlanVersion.objects.select_for_update().select_related("budget_year").get(pk=version.pk)
    if not version.can_change:
        raise BudgetError(text("This version is not a draft."))
    return version


def _check_items(items: Iterable[PlanItem], year: int) -> None:
    """Every line is one of the town's, every amount whole hundredths of a dram and within bounds."""
    kinds = {KIND_OF_SIDE[Side(item.side)] for item in items} | {ClassificationKind.ECONOMIC}
    for kind in kinds:
        bring_in(kind)
    rows = ClassificationLine.objects.filter(kind__in=kinds).values_list("kind", "code")
    known = set(rows)
    for item in items:
        if (KIND_OF_SIDE[Side(item.side)], item.key.code) not in known:
            raise BudgetError(text("The line %(code)s is not in the classification.") % {"code": item.key.code})
        if item.key.economic and (ClassificationKind.ECONOMIC, item.key.economic) not in known:
            raise BudgetError(text("The line %(code)s is not in the classification.") % {"code": item.key.economic})
        if item.key.part not in Part.values or len(item.months) != 12:
            raise BudgetError(text("The line %(code)s is not complete.") % {"code": item.key.code})
        for amount in item.months:
            if not amount.is_finite() or abs(amount) >= LIMIT / 12 or amount != amount.quantize(PLACES):
                raise BudgetError(text("An amount of the line %(code)s is not possible.") % {"code": item.key.code})


def _write(
    version: PlanVersion,
    changed: Sequence[tuple[str, Key, tuple[Decimal, ...], tuple[Decimal, ...]]],
    actor: User | None,
) -> None:
    """Few statements however many facts: the months that differ are put in their place."""
    grains = {(side, key) for side, key, _, _ in changed}
    if not grains:
        return
    rows = PlanAmount.objects.filter(version=version, code__in={key.code for _, key in grains})
    gone = [row.pk for row in rows if (row.side, row.key) in grains]
    PlanAmount.objects.filter(pk__in=gone).delete()
    PlanAmount.objects.bulk_create(
        [
            PlanAmount(version=version, side=side, month=month, amount=amount, **key._asdict())
            for side, key, _, months in changed
            for month, amount in enumerate(months, start=1)
            if amount
        ],
        batch_size=2000,
    )
    PlanChange.objects.bulk_create(
        [
            PlanChange(
                version=version, side=side, changed_by=actor, **key._asdict(),
                before=[str(amount) for amount in before], after=[str(amount) for amount in months],
            )
            for side, key, before, months in changed
        ],
        batch_size=2000,
    )  # fmt: skip


def _check_complete(version: PlanVersion, budget_year: BudgetYear) -> None:
    """A version may come into force: decision, amounts, first version before amendments, no line below nothing, balance."""
    if not (version.decision_number and version.decision_date and version.effective_from):
        raise BudgetError(text("Name the council's decision: its number and its day."))
    own = amounts_of([version.pk]).get(version.pk, {})
    if not any(own.values()):
        raise BudgetError(text("There are no amounts in this version."))
    if not version.is_adoption and not has_plan_in_force(budget_year):
        raise BudgetError(text("The budget itself has to be in force before it can be amended."))
    later = PlanVersion.objects.filter(
        budget_year=budget_year, state=VersionState.IN_FORCE, effective_from__gt=version.effective_from
    )
    if not version.is_adoption and version.effective_from is not None and later.filter(number=0).exists():
        raise BudgetError(text("An amendment cannot count from a day before the budget itself."))
    _check_sums(version, budget_year, own)


def _check_sums(version: PlanVersion, budget_year: BudgetYear, own: Mapping[str, ledger.Plan]) -> None:
    totals: dict[str, Decimal] = {}
    for side in Side.values:
        plan: dict[Key, Decimal] = {}
        for other in versions_in_force(budget_year.year, side):
            for key, months in other.amounts.items():
                plan[key] = plan.get(key, ZERO) + ledger.year_sum(months)
        deltas = {key: ledger.year_sum(months) for key, months in own.get(side, {}).items()}
        below = sorted({key.code for key, delta in deltas.items() if 0 <= plan.get(key, ZERO) < -delta})
        if below and not version.is_adoption:
            words = {"codes": ", ".join(below[:5])}
            raise BudgetError(text("More is taken away than these lines have: %(codes)s.") % words)
        totals[side] = sum(plan.values(), ZERO) + sum(deltas.values(), ZERO)
    rest = totals[Side.REVENUE] + totals[Side.FINANCING] - totals[Side.EXPENDITURE]
    if rest:
        words = {"amount": f"{rest:,.2f}"}
        raise BudgetError(
            text("The budget does not balance: revenue and financing less expenditure leave %(amount)s drams.") % words
        )
