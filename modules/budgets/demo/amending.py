"""Decisions of the council: the adoption, and three to five amendments that leave every part in balance."""

import datetime as dt

from modules.budgets.demo.numbers import allocate, between, pick, rounded
from modules.budgets.demo.planning import UNIT, Draft
from modules.budgets.demo.profiles import rows, texts
from modules.budgets.demo.values import ADMINISTRATIVE, EXPENDITURE, REVENUE, Decision, Key, Texts

Changes = dict[Key, list[int]]  # twelve changes in drams a key
ADOPTION = "adoption"
WEDNESDAY, FRIDAY = 2, 4


def adoption(town: str, year: int) -> Decision:
    """The decision of December before the year."""
    row = next(row for row in rows("decisions.csv") if row["kind"] == ADOPTION)
    return _decision(town, _session(town, year - 1, 12, 15), row, year)


def amendments(draft: Draft) -> list[tuple[Decision, Texts, Changes]]:
    """Decision, reason and changes, by date. Each is about what those before it have left."""
    current = {key: list(flow) for key, flow in draft.flows.items()}
    found = []
    for row in rows("decisions.csv"):
        words = (draft.town, draft.year, row["kind"])
        if row["kind"] == ADOPTION or (row["always"] != "yes" and not pick(2, *words)):
            continue
        month = between(int(row["first_month"]), int(row["last_month"]), *words, "month")
        changes = _changes(draft, current, row["kind"], month)
        for key, change in changes.items():
            current[key] = [old + new for old, new in zip(current[key], change, strict=True)]
        decision = _decision(draft.town, _session(draft.town, draft.year, month, 10), row, draft.year)
        found.append((decision, texts(row, "reason", year=draft.year), changes))
    return found


def _changes(draft: Draft, current: Changes, kind: str, month: int) -> Changes:
    """What a kind of amendment does to the months after `month`."""
    words = (draft.town, draft.year, kind)
    if kind == "subvention":
        amount = rounded(draft.revenue * between(15, 45, *words) // 1000, UNIT)
        targets = draft.having(EXPENDITURE, "subvention")
        target = targets[pick(len(targets), *words, "target")]
        return _add(draft, {}, [*draft.having(REVENUE, "subvention"), target], month, amount)
    if kind == "donation":
        amount = rounded(draft.total(REVENUE, ADMINISTRATIVE) * between(2, 6, *words) // 1000, UNIT)
        keys = draft.having(REVENUE, "donation") + draft.having(EXPENDITURE, "donation")
        return _add(draft, {}, keys, month, amount)
    from_role, to_role, least, most = {
        "street": ("reserve", "street", 40, 60),
        "shift": ("shift_from", "shift_to", 15, 30),
        "aid": ("reserve", "aid", 40, 70),
    }[kind]
    (source,) = draft.having(EXPENDITURE, from_role)
    percent = between(least, most, *words)
    taken = [
        rounded(flow * percent // 100, UNIT) if at > month else 0 for at, flow in enumerate(current[source], start=1)
    ]
    targets = draft.having(EXPENDITURE, to_role)
    if targets[0].part != source.part:  # out of the one part and into the other, and only then to the works
        targets += draft.having(EXPENDITURE, "transfer") + draft.having(REVENUE, "transfer")
    return _add(draft, {source: [-flow for flow in taken]}, targets, month, sum(taken))


def _add(draft: Draft, changes: Changes, keys: list[Key], month: int, amount: int) -> Changes:
    """`changes` and `amount` more for every one of `keys`, by their seasons, after `month`."""
    for key in keys:
        weights = [weight if at > month else 0 for at, weight in enumerate(draft.seasons[key], start=1)]
        if not any(weights):
            weights = [0] * month + [1] * (12 - month)
        changes[key] = allocate(amount, weights, UNIT)
    return changes


def _session(town: str, year: int, month: int, earliest: int) -> dt.date:
    """A day of the council's weekday, one of the eleven days from `earliest` on: none is a public holiday."""
    day = dt.date(year, month, between(earliest, earliest + 4, town, year, month))
    weekday = (WEDNESDAY, FRIDAY)[pick(2, town, "session")]
    return day + dt.timedelta(days=(weekday - day.weekday()) % 7)


def _decision(town: str, day: dt.date, row: dict[str, str], year: int) -> Decision:
    """Numbers run through the year, so they grow with the months; one decision in four has no link."""
    pace = between(6, 9, town, day.year, "pace")
    number = day.month * pace + pick(pace, town, day.year, day.month, "number")
    link = f"https://{town}.example/council/{day.year}/{number}" if pick(4, town, day.year, number) else ""
    return Decision(number=f"{number}-{row['suffix']}", date=day, link=link, title=texts(row, "title", year=year))
