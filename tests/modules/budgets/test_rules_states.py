"""Life of a budget year and of its plan, walked at random through the actions, held against a model (issue 3, point 2)."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from modules.budgets import actions
from modules.budgets.actions import PlanItem, plans
from modules.budgets.ledger import Key
from modules.budgets.models import BudgetYear, ExecutionEntry, PlanVersion, PublishedMonth, YearState
from tenants.context import in_town
from tests.modules.budgets.office import APPROVER, OFFICER

TAX, WAGES = Key("1111", part="administrative"), Key("2111", "4111", part="administrative")
WALK = settings(
    max_examples=14, stateful_step_count=30, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
WAYS = {
    ("draft", "hearing"), ("hearing", "draft"), ("hearing", "adopted"), ("draft", "executing"), ("adopted", "executing"),
    ("executing", "closed"), ("closed", "executing"),
}  # fmt: skip


class Walk(RuleBasedStateMachine):
    """A walk in a year of its own. people: two who both may write and approve; reached: states the walks came through.

    state: of the year. version: None, "draft" or "submitted" of the open one, by whom it was handed in."""

    people: ClassVar[list[Any]]
    reached: ClassVar[set[str]]
    years: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self.year = next(self.years)
        actions.open_year(actor=None, year=self.year)
        self.state, self.version, self.by = "draft", "", -1
        self.in_force, self.balanced, self.named, self.published = 0, False, False, 0
        self.posted = 0

    def tried(self, allowed: bool, act: Callable[[], Any]) -> bool:
        """What the model allows is done; what it forbids is refused with a word, and nothing changes."""
        if allowed:
            act()
            return True
        with pytest.raises(actions.BudgetError):
            act()
        return False

    def open_version(self) -> PlanVersion:
        return PlanVersion.objects.filter(budget_year__year=self.year).order_by("number").last() or PlanVersion()

    @rule(amount=st.integers(1, 10**6), is_even=st.sampled_from([True, True, True, False]), who=st.integers(0, 1))
    def write(self, amount: int, is_even: bool, who: int) -> None:
        allowed = self.state != "closed" and self.version != "submitted"

        def act() -> None:
            version = actions.draft_of(actor=self.people[who], year=self.year)
            flows = (*(Decimal(0),) * 11, Decimal(amount))
            spent = flows if is_even else (*(Decimal(0),) * 11, Decimal(amount + 1))
            items = [
                PlanItem(side="revenue", key=TAX, months=flows),
                PlanItem(side="expenditure", key=WAGES, months=spent),
            ]
            actions.set_amounts(actor=self.people[who], version=version, items=items)

        if self.tried(allowed, act):
            self.named = self.named if self.version == "draft" else False
            self.version, self.balanced = "draft", is_even

    @rule()
    def name(self) -> None:
        if self.version:
            day = dt.date(self.year, 1, 1)
            said = {"decision_number": "7-Ա", "decision_date": day}
            allowed = self.version == "draft" and self.state != "closed"
            if self.tried(allowed, lambda: actions.describe_version(actor=None, version=self.open_version(), **said)):
                self.named = True

    @rule(amount=st.integers(1, 10**6), who=st.integers(0, 1))
    def make_ready(self, amount: int, who: int) -> None:
        """The straight way: written, named, handed in."""
        if self.version != "submitted" and self.state != "closed":
            self.write(amount=amount, is_even=True, who=who)
            self.name()
            self.hand_in(who=who)

    @rule(who=st.integers(0, 1))
    def hand_in(self, who: int) -> None:
        if self.version == "draft":
            act = lambda: actions.submit_version(actor=self.people[who], version=self.open_version())  # noqa: E731
            if self.tried(self.balanced and self.named, act):
                self.version, self.by = "submitted", who

    @rule(who=st.integers(0, 1))
    def approve(self, who: int) -> None:
        if self.version:
            allowed = self.version == "submitted" and who != self.by
            if self.tried(
                allowed, lambda: actions.approve_version(actor=self.people[who], version=self.open_version())
            ):
                self.version, self.named = "", False
                self.in_force += 1
                if self.state in ("draft", "hearing"):
                    self.state = "adopted"

    @rule(note=st.sampled_from(["", "Ստուգել"]))
    def give_back(self, note: str) -> None:
        if self.version:
            act = lambda: actions.return_version(actor=None, version=self.open_version(), note=note)  # noqa: E731
            if self.tried(self.version == "submitted" and bool(note), act):
                self.version = "draft"

    @rule()
    def hear(self) -> None:
        days = {"hearing_from": dt.date(self.year, 1, 1), "hearing_until": dt.date(self.year, 1, 9)}
        allowed = self.state in ("draft", "hearing") and (self.version != "" or self.in_force > 0)
        if self.tried(allowed, lambda: actions.start_hearing(actor=None, year=self.year, **days)):
            self.state = "hearing"

    @rule(to=st.sampled_from(YearState.values), reason=st.sampled_from(["", "Սխալմամբ"]))
    def move(self, to: str, reason: str) -> None:
        by_hand = {("hearing", "draft"), ("adopted", "executing"), ("executing", "closed"), ("closed", "executing")}
        back = {("hearing", "draft"), ("closed", "executing")}
        way = (self.state, to)
        allowed = to == self.state or (way in by_hand and (way not in back or bool(reason)))
        if self.tried(allowed, lambda: actions.change_state(actor=None, year=self.year, state=to, reason=reason)):
            self.state = to

    @rule()
    def go_on(self) -> None:
        """The straight way."""
        if self.state in ("adopted", "executing"):
            self.move(to="executing" if self.state == "adopted" else "closed", reason="")

    @rule(amount=st.integers(1, 10**6))
    def post(self, amount: int) -> None:
        entry = {"side": "revenue", "key": TAX, "day": dt.date(self.year, 1, 5), "amount": Decimal(amount)}
        if self.tried(self.state != "closed", lambda: actions.post_entry(actor=None, **entry)):
            self.posted += amount

    @rule(second=st.integers(0, 1))
    def publish(self, second: int) -> None:
        """Handed in by the first, approved by the other; the same person may not."""
        if not self.posted or self.posted == self.published or self.state == "hearing":
            return
        actions.submit_month(actor=self.people[0], year=self.year, month=1)
        act = lambda: actions.publish_month(actor=self.people[second], year=self.year, month=1)  # noqa: E731
        if self.tried(second == 1, act):
            self.published = self.posted
            if self.state in ("draft", "adopted"):
                self.state = "executing"

    @invariant()
    def the_town_agrees(self) -> None:
        found = BudgetYear.objects.get(year=self.year)
        assert found.state == self.state
        self.reached.update((self.state, self.version))
        versions = list(PlanVersion.objects.filter(budget_year=found).order_by("number"))
        assert [one.number for one in versions] == list(range(len(versions)))
        assert [one.state for one in versions] == ["in_force"] * self.in_force + [self.version] * bool(self.version)
        moves = list(found.changes.order_by("pk").values_list("state_before", "state_after"))
        assert set(moves) <= WAYS
        assert all(one[1] == other[0] for one, other in itertools.pairwise(moves))
        entries = ExecutionEntry.objects.filter(budget_year=found)
        assert sum(entries.values_list("amount", flat=True)) == self.posted
        newest = PublishedMonth.objects.filter(budget_year=found).order_by("version").last()
        if newest is not None:
            assert sum(newest.figures.values_list("actual", flat=True)) == self.published


def machine(people: list[Any], reached: set[str]) -> Any:
    """The walk of two people in the present town; its years begin in 2020."""
    return type("WalkHere", (Walk,), {"people": people, "reached": reached, "years": itertools.count(2020)})


@pytest.fixture
def two(staff: Callable[..., Any]) -> list[Any]:
    """Two people of Sevan who both may hand in and approve."""
    return [staff("sevan", roles=[*OFFICER, *APPROVER], email=f"{name}@example.am").user for name in ("one", "other")]


def test_a_year_walks_its_states_and_no_other(towns: Any, two: list[Any]) -> None:
    """Draft, hearing, adopted, executing, closed; versions one after another; nobody approves their own."""
    reached: set[str] = set()
    with in_town("sevan"):
        actions.load_classification(actor=None)
        run_state_machine_as_test(machine(two, reached), settings=WALK)
    assert reached >= {*YearState.values, "submitted"}
    with in_town("dilijan"):
        assert BudgetYear.objects.count() == 0


def approves_its_own(walk: Any) -> None:
    walk.write(amount=5, is_even=True, who=0)
    walk.name()
    walk.hand_in(who=0)
    walk.approve(who=0)


def writes_after_the_close(walk: Any) -> None:
    walk.post(amount=5)
    walk.publish(second=1)
    walk.move(to="closed", reason="")
    walk.write(amount=5, is_even=True, who=0)


def hands_in_what_does_not_balance(walk: Any) -> None:
    walk.write(amount=5, is_even=False, who=0)
    walk.name()
    walk.hand_in(who=0)


@pytest.mark.parametrize(
    ("guard", "steps"),
    [
        ("check_second_person", approves_its_own),
        ("check_open", writes_after_the_close),
        ("_check_sums", hands_in_what_does_not_balance),
    ],
)
def test_the_walk_notices_a_guard_that_is_off(
    towns: Any, two: list[Any], monkeypatch: pytest.MonkeyPatch, guard: str, steps: Callable[[Any], None]
) -> None:
    """The control: the same steps are refused with the guard, and go through without it."""
    with in_town("sevan"):
        actions.load_classification(actor=None)
        walks = machine(two, set())
        steps(walks())
        monkeypatch.setattr(plans, guard, lambda *anything: None)
        with pytest.raises(BaseException, match="DID NOT RAISE"):
            steps(walks())


def test_every_act_asks_for_its_right(towns: Any, staff: Callable[..., Any]) -> None:
    """Actions refuse whoever has no role, whatever the state; who has it is the control (see the walk above)."""
    clerk = staff("sevan").user
    with in_town("sevan"):
        actions.load_classification(actor=None)
        version = actions.draft_of(actor=None, year=2030)
        entry = actions.post_entry(actor=None, side="revenue", key=TAX, day=dt.date(2030, 1, 5), amount=Decimal(5))
        submission = actions.submit_month(actor=None, year=2030, month=1)
        question = actions.ask(kind="revenue", code="1111", year=2030, author="Ա", words="Ինչո՞ւ", language="hy")
        acts: list[Callable[[], Any]] = [
            lambda: actions.open_year(actor=clerk, year=2031),
            lambda: actions.draft_of(actor=clerk, year=2030),
            lambda: actions.set_amounts(actor=clerk, version=version, items=[]),
            lambda: actions.replace_amounts(actor=clerk, version=version, side="revenue", items=[]),
            lambda: actions.describe_version(actor=clerk, version=version, decision_number="1", decision_date=None),
            lambda: actions.submit_version(actor=clerk, version=version),
            lambda: actions.approve_version(actor=clerk, version=version),
            lambda: actions.return_version(actor=clerk, version=version, note="a"),
            lambda: actions.start_hearing(
                actor=clerk, year=2030, hearing_from=dt.date(2030, 1, 1), hearing_until=dt.date(2030, 1, 2)
            ),
            lambda: actions.change_state(actor=clerk, year=2030, state="executing"),
            lambda: actions.set_second_person(actor=clerk, year=2030, needed=False),
            lambda: actions.post_entry(
                actor=clerk, side="revenue", key=TAX, day=dt.date(2030, 1, 5), amount=Decimal(5)
            ),
            lambda: actions.correct_entry(actor=clerk, entry=entry, note="a"),
            lambda: actions.submit_month(actor=clerk, year=2030, month=1),
            lambda: actions.publish_month(actor=clerk, year=2030, month=1),
            lambda: actions.return_month(actor=clerk, submission=submission, note="a"),
            lambda: actions.explain_line(actor=clerk, kind="revenue", code="1111", words={"hy": "ա"}),
            lambda: actions.answer_question(actor=clerk, question=question, answer="ա"),
            lambda: actions.decline_question(actor=clerk, question=question, reason="ա"),
        ]
        for act in acts:
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"key": Key("9999", part="administrative")}, "9999"),
        ({"key": Key("1111", "4111", part="administrative")}, "economic"),
        ({"side": "expenditure", "key": Key("2111", part="administrative")}, "economic"),
        ({"side": "debts"}, "side"),
        ({"key": Key("1111", part="whatever")}, "part"),
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("0.001")}, "amount"),
        ({"amount": Decimal("1e18")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"day": dt.date(1990, 12, 31)}, "1991"),
    ],
)
def test_an_entry_that_cannot_be(towns: Any, changes: dict[str, Any], word: str) -> None:
    """Refused in words, and nothing is written; the control is the entry without the fault."""
    entry: dict[str, Any] = {"side": "revenue", "key": TAX, "day": dt.date(2025, 1, 5), "amount": Decimal(5)}
    with in_town("sevan"), override("en"):
        actions.load_classification(actor=None)
        with pytest.raises(actions.BudgetError, match=word):
            actions.post_entry(actor=None, **(entry | changes))
        assert ExecutionEntry.objects.count() == 0
        actions.post_entry(actor=None, **entry)
        assert ExecutionEntry.objects.count() == 1
