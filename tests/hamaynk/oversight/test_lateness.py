"""Who is late: terms, days, gaps, by hand."""

from datetime import date

import pytest

from hamaynk.common.periods import Month
from hamaynk.oversight.lateness import due_day, expected_month, judge
from tests.hamaynk.oversight.towns import a_town

TODAY = date(2026, 10, 20)


def _judge(*months: str, year: int = 2026, today: date = TODAY):
    return judge(a_town("t"), {Month.parse(month) for month in months}, today=today, days=10, year=year)


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        (date(2026, 10, 10), 10, "2026-08"),  # the last day of the term
        (date(2026, 10, 11), 10, "2026-09"),
        (date(2026, 1, 5), 10, "2025-11"),
        (date(2026, 10, 1), 0, "2026-09"),
        (date(2026, 9, 30), 0, "2026-08"),
        (date(2026, 10, 20), 45, "2026-08"),
    ],
)
def test_the_newest_month_that_should_be_there(today: date, days: int, expected: str) -> None:
    """The term ends so many days after the last day of the month; on its last day nobody is late yet."""
    month = expected_month(today, days)
    assert str(month) == expected
    assert due_day(month, days) < today <= due_day(month.next, days)


def test_on_time() -> None:
    """The newest expected month is there; a newer one harms nothing."""
    for months in (["2026-08", "2026-09"], ["2026-09", "2026-10"]):
        line = _judge(*months)
        assert (line.is_late, line.days_late, line.missing) == (False, 0, ())


def test_days_are_counted_from_the_oldest_month_owed() -> None:
    """July is the newest: August was due on 10 September, forty days ago; August and September are missing."""
    line = _judge("2026-06", "2026-07")
    assert (str(line.owed), line.days_late) == ("2026-08", 40)
    assert [str(month) for month in line.missing] == ["2026-08", "2026-09"]


def test_a_gap_is_seen_though_nothing_is_late() -> None:
    """Missing are months after the first published one of the year; those before it are not."""
    line = _judge("2026-03", "2026-05", "2026-09")
    assert not line.is_late
    assert [str(month) for month in line.missing] == ["2026-04", "2026-06", "2026-07", "2026-08"]


def test_an_earlier_year_is_judged_to_its_december() -> None:
    """Asked for 2025: all of it is due."""
    assert [str(month) for month in _judge("2025-10", "2026-09", year=2025).missing] == ["2025-11", "2025-12"]


def test_never_published_is_late_without_a_number() -> None:
    """There is no day to count from, and no first month."""
    line = _judge()
    assert (line.is_late, line.days_late, line.newest, line.missing) == (True, None, None, ())
