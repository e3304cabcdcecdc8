"""Domain events: kept with the change that they tell of, delivered at least once to all who listen (R48; ADR 0006)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hamaynk.events import Event, NotInTransaction, UnknownEvent, outbox, publish, subscribe_platform
from hamaynk.events.models import OutboxMessage
from hamaynk.events.outbox import deliver_pending
from tenants.context import NoTown, current_schema, in_console, in_town
from tests.support.platform import Towns

heard: list[tuple[str, str, Any]] = []
broken: set[str] = set()


@dataclass(frozen=True, kw_only=True)
class Tried(Event):
    """An event with a field of each kind."""

    name = "tests.tried"
    text: str = ""
    number: int = 0
    flag: bool = False
    amount: Decimal = Decimal(0)
    perhaps: Decimal | None = None
    day: date = date(2015, 9, 1)
    moment: datetime | None = None


def _first(schema: str, event: Event) -> None:
    if "first" in broken:
        raise ConnectionError("away")
    heard.append(("first", schema, event))
    if "die" in broken:
        raise KeyboardInterrupt


def _second(schema: str, event: Event) -> None:
    if "second" in broken:
        raise ConnectionError("away")
    heard.append(("second", schema, event))


@pytest.fixture
def listening(towns: Towns) -> Iterator[None]:
    """Two subscribers of the platform."""
    heard.clear()
    broken.clear()
    for handler in (_first, _second):
        subscribe_platform(Tried.name, handler)
    yield
    outbox._platform.pop(Tried.name)


def tell(**fields: Any) -> Tried:
    """Publish in a transaction of dilijan."""
    event = Tried(**fields)
    with in_town("dilijan"), transaction.atomic():
        publish(event)
    return event


def deliver() -> int:
    """Deliver in dilijan whatever the leases say."""
    with in_town("dilijan"):
        OutboxMessage.objects.update(leased_until=None)
        return deliver_pending()


def names() -> list[str]:
    """Who heard, in order."""
    return [name for name, _, _ in heard]


def test_publishing_outside_of_a_transaction_is_refused(towns: Towns) -> None:
    """An event whose change might not be committed is no fact."""
    with in_town("dilijan"):
        with pytest.raises(NotInTransaction, match=r"tests\.tried"):
            publish(Tried())
        assert not OutboxMessage.objects.exists()


def test_publishing_outside_of_a_town_is_refused(towns: Towns) -> None:
    """Neither the console nor nobody has an outbox."""
    for place in (in_console, lambda: in_town("console")):
        with pytest.raises(NoTown), place(), transaction.atomic():
            publish(Tried())


def test_a_rollback_leaves_nothing(listening: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No message, no wake-up; a savepoint that is undone takes only its own along."""
    woken: list[str] = []
    monkeypatch.setattr(outbox, "wake_hooks", [woken.append])
    with in_town("dilijan"), pytest.raises(LookupError), transaction.atomic():
        publish(Tried())
        raise LookupError
    assert woken == []
    with in_town("dilijan"), transaction.atomic():
        publish(Tried(number=1))
        with pytest.raises(LookupError), transaction.atomic():
            publish(Tried(number=2))
            raise LookupError
        assert woken == [], "not before the commit"
    assert woken == ["dilijan"]
    assert deliver() == 1
    assert [event.number for _, _, event in heard] == [1, 1]


def test_delivered_once_to_each_in_order_and_to_this_town_only(listening: None) -> None:
    """The whole event arrives with its types; the neighbour's outbox is another table."""
    sent = [tell(number=number, amount=Decimal("0.10"), moment=timezone.now()) for number in range(3)]
    with in_town("sevan"):
        assert deliver_pending() == 0
    assert deliver() == 3
    assert deliver() == 0
    assert [event for name, _, event in heard if name == "first"] == [_rounded(event) for event in sent]
    assert {schema for _, schema, _ in heard} == {"dilijan"}
    assert names() == ["first", "second"] * 3


def _rounded(event: Tried) -> Tried:
    """JSON keeps milliseconds."""
    assert event.moment is not None
    return Tried(**{**vars(event), "moment": event.moment.replace(microsecond=event.moment.microsecond // 1000 * 1000)})


def test_who_has_had_it_does_not_get_it_again(listening: None) -> None:
    """The second subscriber fails twice: the first is called once, the message waits with its fault and its count."""
    broken.add("second")
    tell()
    assert (deliver(), deliver()) == (0, 0)
    with in_town("dilijan"):
        message = OutboxMessage.objects.get()
        assert message.attempts == 2
        assert message.fault.endswith("_second: ConnectionError: away")
        assert len(message.done) == 1
    broken.clear()
    assert deliver() == 1
    assert names() == ["first", "second"]
    with in_town("dilijan"):
        message.refresh_from_db()
        assert (message.fault, message.delivered_at is None) == ("", False)


def test_one_sick_message_does_not_hold_up_the_others(listening: None) -> None:
    """The next one is delivered in the same round; the sick one is tried less and less often."""
    with in_town("dilijan"):
        OutboxMessage.objects.create(name="gone.module_event", payload={})
    tell(number=2)
    assert deliver() == 1
    assert [event.number for _, _, event in heard] == [2, 2]
    with in_town("dilijan"):
        sick = OutboxMessage.objects.get(delivered_at=None)
        assert "UnknownEvent" in sick.fault
        waits = []
        for _ in range(3):
            OutboxMessage.objects.filter(pk=sick.pk).update(leased_until=None)
            deliver_pending()
            sick.refresh_from_db()
            assert sick.leased_until is not None
            waits.append((sick.leased_until - timezone.now()).total_seconds())
    assert waits == sorted(waits)
    assert waits[2] > waits[0] * 2


def test_a_crash_before_it_is_noted_delivers_again(listening: None) -> None:
    """At least once: the call did its work, and the process died before the row said so."""
    tell()
    broken.add("die")
    with pytest.raises(KeyboardInterrupt):
        deliver()
    assert names() == ["first"]
    broken.clear()
    assert deliver() == 1
    assert names() == ["first", "first", "second"]


def test_one_that_fails_keeps_nobody_else_from_hearing(listening: None) -> None:
    """The second subscriber has it although the first failed; later only the first is called."""
    broken.add("first")
    tell()
    assert deliver() == 0
    assert names() == ["second"]
    broken.clear()
    assert deliver() == 1
    assert names() == ["second", "first"]


def test_subscribers_of_the_platform_are_called_outside_of_a_transaction(listening: None) -> None:
    """They carry figures to another place: no lock of the town may wait for that."""
    from django.db import connection

    seen: list[tuple[str, bool]] = []
    subscribe_platform(Tried.name, lambda schema, event: seen.append((current_schema(), connection.in_atomic_block)))
    tell()
    assert deliver() == 1
    assert seen == [("dilijan", False)]


def test_an_unknown_event_is_an_error() -> None:
    """Its module was removed: the message waits, it is not dropped."""
    with pytest.raises(UnknownEvent):
        Event.of("gone.module_event", {})


amounts = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**14), max_value=10**14)


@given(
    text=st.text(),
    number=st.integers(-(2**53), 2**53),
    flag=st.booleans(),
    amount=amounts,
    perhaps=st.none() | amounts,
    day=st.dates(),
    moment=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_what_is_written_is_read_back(**fields: Any) -> None:
    """Types and values survive JSON; moments to the millisecond."""
    if fields["moment"] is not None:
        fields["moment"] = fields["moment"].replace(microsecond=fields["moment"].microsecond // 1000 * 1000)
    event = Tried(**fields)
    again = Event.of(event.name, event.payload())
    assert again == event
    assert [type(value) for value in vars(again).values()] == [type(value) for value in vars(event).values()]
