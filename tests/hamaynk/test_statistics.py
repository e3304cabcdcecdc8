"""Indicators with items: what is kept in the town, what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hamaynk.events import Event
from hamaynk.events.models import OutboxMessage
from hamaynk.statistics import ObservationRecorded, UndeclaredIndicator, observe
from hamaynk.statistics.models import Observation
from tenants.context import in_town

DONE, MONTH = "budgets.expenditure_executed", date(2026, 9, 1)


def _observe(version: int, **items: str) -> bool:
    amounts = {code.lstrip("_"): Decimal(text) for code, text in items.items()}
    return observe(
        indicator=DONE, period=MONTH, value=sum(amounts.values(), Decimal(0)), version=version, items=amounts
    )


def test_items_come_and_go_with_their_version(towns: Any) -> None:
    """A newer version replaces total and items together; an older one changes nothing; the other town is empty."""
    with in_town(towns.first):
        assert _observe(2, _2100="1.50", _2900="2.50")
        assert not _observe(1, _2200="9.00")
        assert not _observe(2, _2200="9.00")
        assert _observe(3, _2900="3.00")
        assert {o.item: (o.value, o.version) for o in Observation.objects.all()} == {"": (3, 3), "2900": (3, 3)}
    with in_town(towns.second):
        assert not Observation.objects.exists()


def test_the_event_carries_exact_figures_through_json(towns: Any) -> None:
    """Written to the outbox and read back, no digit is lost; an event of an older release has no items."""
    with in_town(towns.first):
        _observe(1, _2100="12345678901234.56")
        message = OutboxMessage.objects.get()
    event = Event.of(message.name, message.payload)
    assert isinstance(event, ObservationRecorded)
    assert event.values() == {"": Decimal("12345678901234.56"), "2100": Decimal("12345678901234.56")}
    old = Event.of(message.name, {key: value for key, value in message.payload.items() if key != "items"})
    assert isinstance(old, ObservationRecorded)
    assert old.values() == {"": Decimal("12345678901234.56")}


@pytest.mark.parametrize(
    ("indicator", "item"),
    [
        ("budgets.secret", None),
        ("budgets.expenditure_percent", "2100"),
        (DONE, "Անի Գրիգորյան"),
        (DONE, "ani@example.am"),
        (DONE, ""),
        (DONE, "2" * 21),
    ],
)
def test_what_no_manifest_declares_does_not_leave(towns: Any, indicator: str, item: str | None) -> None:
    """An unknown indicator, items of one that has none, and anything that is no code. The control: a code is kept."""
    items = {} if item is None else {item: Decimal(1)}
    with in_town(towns.first):
        with pytest.raises(UndeclaredIndicator):
            observe(indicator=indicator, period=MONTH, value=Decimal(1), version=1, items=items)
        assert not OutboxMessage.objects.exists()
        assert observe(indicator=DONE, period=MONTH, value=Decimal(1), version=1, items={"1137ա": Decimal(1)})
