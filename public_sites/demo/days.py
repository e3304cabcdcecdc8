"""Days of the demo, counted from today, so that it is always fresh."""

import datetime as dt
from typing import Any

from django.utils import timezone

SATURDAY = 6  # ISO
AHEAD = ("valid_until", "deadline")


def days_of(item: dict[str, Any], today: dt.date) -> dict[str, dt.date]:
    """The days that an item names: `date` lies back, the others ahead; an office signs and closes on working days."""
    named = {"date": _working_day(today - dt.timedelta(days=item["days"]), back=True)} if "days" in item else {}
    for name in AHEAD:
        if name in item:
            named[name] = _working_day(today + dt.timedelta(days=item[name]))
    return named


def _working_day(day: dt.date, *, back: bool = False) -> dt.date:
    while day.isoweekday() >= SATURDAY:
        day += dt.timedelta(days=-1 if back else 1)
    return day


def hours_of(event: dict[str, Any], today: dt.date) -> dict[str, dt.datetime]:
    """Begin and end: the first such weekday at least `in_days` ahead, `at` the clock, for `hours`."""
    day = today + dt.timedelta(days=event["in_days"])
    day += dt.timedelta(days=(event["weekday"] - day.isoweekday()) % 7)
    starts = timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(event["at"])))
    return {"starts_at": starts, "ends_at": starts + dt.timedelta(hours=event["hours"])}
