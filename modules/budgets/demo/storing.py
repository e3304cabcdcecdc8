"""Made-up budget years kept in the present town, through the actions an officer uses; again, and nothing changes.

Postings alone are written in bulk: ten thousand of them one by one would take minutes and give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Max

from modules.budgets import actions
from modules.budgets.actions.plans import PlanItem
from modules.budgets.demo.values import Decision, DemoYear, EntryItem, Explanation, Question, Texts
from modules.budgets.demo.values import PlanItem as MadeItem
from modules.budgets.ledger import Key
from modules.budgets.models import (
    KIND_OF_SIDE,
    BudgetYear,
    ExecutionEntry,
    LineQuestion,
    PlanVersion,
    PublishedMonth,
    Side,
    VersionState,
)

LANGUAGES = ("hy", "en", "ru")


def adopt(made: DemoYear) -> None:
    """The plan of the year and its amendments come into force, those that are not yet."""
    actions.open_year(actor=None, year=made.year, is_demo=True)
    decided: list[tuple[Decision, dict[str, str], tuple[MadeItem, ...]]] = [(made.decision, {}, made.adopted)]
    decided += [(one.decision, words(one.reason), one.items) for one in made.amendments]
    in_force = PlanVersion.objects.filter(budget_year__year=made.year, state=VersionState.IN_FORCE).count()
    for decision, reason, items in decided[in_force:]:
        _bring_into_force(made.year, decision, reason, items)


def draft(made: DemoYear) -> PlanVersion:
    """The draft of the year with its amounts, not in force."""
    actions.open_year(actor=None, year=made.year, is_demo=True)
    version = actions.draft_of(actor=None, year=made.year, is_demo=True)
    actions.set_amounts(actor=None, version=version, items=plan_items(made.adopted))
    return version


def post(made: DemoYear, through: int = 12) -> None:
    """What was received and spent in each month up to `through`, of the months that have nothing yet."""
    budget_year = BudgetYear.objects.get(year=made.year)
    last = ExecutionEntry.objects.filter(budget_year=budget_year).aggregate(last=Max("month"))["last"] or 0
    ExecutionEntry.objects.bulk_create(
        [_entry(budget_year, one) for one in made.execution if last < one.month <= through], batch_size=2000
    )


def publish(made: DemoYear, months: Iterable[int], sides: Sequence[str] = tuple(Side.values)) -> None:
    """These months become public; one that is public already stays as it is."""
    rows = PublishedMonth.objects.filter(budget_year__year=made.year).values_list("month", "side")
    public = set(rows.distinct().order_by())
    for month in months:
        for side in sides:
            if (month, side) not in public:
                actions.publish_month(actor=None, year=made.year, month=month, side=side)


def explain(explanations: Iterable[Explanation]) -> None:
    """The town's words about lines, for every year."""
    for one in explanations:
        kind, code = _line(one)
        actions.explain_line(actor=None, kind=kind, code=code, words=words(one.text), is_demo=True)


def answer(questions: Iterable[Question], year: int, language: str = "hy") -> None:
    """Residents' questions of a year with the answers."""
    for one in questions:
        if not _asked(one, year, language):
            question = _ask(one, year, language)
            actions.answer_question(actor=None, question=question, answer=getattr(one.answer, language))


def leave_waiting(one: Question, year: int, language: str = "hy") -> None:
    """A question that nobody has answered yet."""
    if not _asked(one, year, language):
        _ask(one, year, language)


def plan_items(items: Iterable[MadeItem]) -> list[PlanItem]:
    """Made-up amounts as the actions take them."""
    return [PlanItem(side=one.side, key=key_of(one), months=one.months) for one in items]


def key_of(item: MadeItem | EntryItem) -> Key:
    """The grain of a made-up value."""
    return Key(item.code, item.economic, item.settlement, item.account, item.part)


def words(texts: Texts) -> dict[str, str]:
    """A text by language."""
    return {language: getattr(texts, language) for language in LANGUAGES}


def _bring_into_force(year: int, decision: Decision, reason: dict[str, str], items: Iterable[MadeItem]) -> None:
    version = actions.draft_of(actor=None, year=year, is_demo=True)
    actions.set_amounts(actor=None, version=version, items=plan_items(items))
    actions.describe_version(
        actor=None, version=version, decision_number=decision.number, decision_date=decision.date,
        decision_link=decision.link, reason=reason, title=words(decision.title),
    )  # fmt: skip
    actions.submit_version(actor=None, version=version)
    actions.approve_version(actor=None, version=version)


def _entry(budget_year: BudgetYear, one: EntryItem) -> ExecutionEntry:
    return ExecutionEntry(
        budget_year=budget_year, side=one.side, first_month=one.month, month=one.month, amount=one.amount,
        **key_of(one)._asdict(),
    )  # fmt: skip


def _line(one: Explanation | Question) -> tuple[str, str]:
    """Classification and line that words are about: all of them speak of a function, whichever item they name."""
    return KIND_OF_SIDE[Side(one.side)].value, one.code


def _asked(one: Question, year: int, language: str) -> bool:
    kind, code = _line(one)
    said = getattr(one.question, language)
    return LineQuestion.objects.filter(kind=kind, code=code, year=year, words=said).exists()


def _ask(one: Question, year: int, language: str) -> LineQuestion:
    kind, code = _line(one)
    return actions.ask(
        kind=kind, code=code, year=year, author=getattr(one.author, language), words=getattr(one.question, language),
        language=language, is_demo=True,
    )  # fmt: skip
