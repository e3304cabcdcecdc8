"""Demo figures: the printed page of Dilijan, digit for digit; years and months of both sides that are made up.

Everything goes through the same actions a finance officer uses, and running it again changes nothing.
"""

import csv
import datetime as dt
import hashlib
import io
from decimal import Decimal
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext, override

from modules.budgets.actions import (
    change_state,
    confirm_import,
    load_classification,
    open_year,
    preview_import,
    publish_month,
    start_hearing,
)
from modules.budgets.demo import storing
from modules.budgets.demo.generator import year_of, years_for
from modules.budgets.demo.values import DemoYear
from modules.budgets.models import YearState
from modules.budgets.opendata.source import present_town

DILIJAN = Path(__file__).parent / "dilijan-2015-09-revenue.csv"
YEAR = 2015
MONTHS = range(1, 10)
SMALLEST = 1000  # inhabitants that a made-up budget has at least
LATE = {"goris": 2}  # months that a demo town is behind, so that the ministry has somebody to remind
FIRST_HEARING = 9  # from this month on next year's draft is before the residents
# Lines with their share of the year's revenue in thousandths, by part of the budget; parents are their sums.
SHARES = {
    "administrative": {
        "1111": 45, "1112": 62, "1121": 84, "1132": 6, "1137": 9, "1138": 4, "1142": 8, "1152": 5, "1153": 3,
        "1251": 480, "1255": 60, "1331": 26, "1334": 12, "1343": 58, "1351": 38, "1361": 4, "1393": 6,
    },
    "fund": {"1260": 75, "1380": 15},
}  # fmt: skip
PARENTS = {
    "1110": ("1111", "1112"), "1120": ("1121",), "1131": ("1132", "1137", "1138", "1142"), "1130": ("1131",),
    "1151": ("1152", "1153"), "1150": ("1151",), "1100": ("1110", "1120", "1130", "1150"), "1250": ("1251", "1255"),
    "1200": ("1250", "1260"), "1330": ("1331", "1334"), "1340": ("1343",), "1350": ("1351",), "1360": ("1361",),
    "1390": ("1393",), "1300": ("1330", "1340", "1350", "1360", "1380", "1390"), "1000": ("1100", "1200", "1300"),
}  # fmt: skip


def seed_demo(town_slug: str, *, today: dt.date | None = None, full: int = 3) -> None:
    """Fills a town of the demo: `full` whole years of both sides, the running one, next year's draft at its hearing.

    Dilijan has its real page of September 2015 besides. Run later, it adds the months that have gone by.
    """
    today = today or timezone.localdate()
    load_classification(actor=None)
    if town_slug == "dilijan":
        _import(DILIJAN.name, DILIJAN.read_bytes(), 9, source=None, is_demo=False)
    inhabitants = max(present_town().population or 0, SMALLEST)
    spans = years_for(today, full=full)
    for span in spans:
        behind = LATE.get(town_slug, 0) if span.year == today.year else 0
        seed_year(year_of(town_slug, inhabitants, span.year, through=max(span.through - behind, 1)))
        if span.year < today.year:
            change_state(actor=None, year=span.year, state=YearState.CLOSED)
    running = year_of(town_slug, inhabitants, spans[-1].year)
    storing.explain(running.explanations)
    storing.leave_waiting(running.questions[0], today.year, language="ru")
    if today.month >= FIRST_HEARING:
        hearing(year_of(town_slug, inhabitants, today.year + 1), today)


def seed_year(made: DemoYear) -> None:
    """A made-up year in the present town: plan, amendments, execution, publication, questions. Twice is once."""
    storing.adopt(made)
    storing.post(made)
    storing.publish(made, range(1, made.through + 1))
    storing.answer(made.questions, made.year)


def hearing(made: DemoYear, today: dt.date) -> None:
    """Next year's budget is before the residents for three weeks; one that has gone further stays as it is."""
    year = open_year(actor=None, year=made.year, is_demo=True)
    if year.state != YearState.DRAFT:
        return
    storing.draft(made)
    first, last = today - dt.timedelta(days=7), today + dt.timedelta(days=14)
    start_hearing(actor=None, year=made.year, hearing_from=first, hearing_until=last)


def seed(town_slug: str) -> None:
    """A small filling: Dilijan's real page of September 2015, for any other town nine made-up months of revenue."""
    load_classification(actor=None)
    if town_slug == "dilijan":
        _import(DILIJAN.name, DILIJAN.read_bytes(), 9, source=None, is_demo=False)
        return
    source = {language: _source(language) for language in ("hy", "en", "ru")}
    for month in MONTHS:
        content = made_up_month(town_slug, month)
        _import(f"demo-{town_slug}-{YEAR}-{month:02d}.csv", content, month, source=source, is_demo=True)


def made_up_month(town_slug: str, month: int) -> bytes:
    """A CSV file of cumulative thousand drams for a month of 2015; the same town and month give the same bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["code", "part", "year_plan_adjusted", "period_plan_cumulative", "period_actual_cumulative"])
    for part in SHARES:
        lines = _lines(town_slug, month, part)
        writer.writerows([code, part, *(f"{amount:.3f}" for amount in lines[code])] for code in sorted(lines))
    return out.getvalue().encode()


def _lines(town_slug: str, month: int, part: str) -> dict[str, tuple[Decimal, ...]]:
    """Year plan, period plan and actual of every line of a part, thousand drams, cumulative."""
    size = 300_000 + _number(town_slug, 400_000)  # revenue of the year in thousand drams
    lines: dict[str, tuple[Decimal, ...]] = {}
    for code, share in SHARES[part].items():
        year_plan = Decimal(size * share // 1000)
        plan = [_of_month(year_plan, number) for number in range(1, month + 1)]
        actual = [_received(amount, f"{town_slug}{code}{number}") for number, amount in enumerate(plan, start=1)]
        lines[code] = (year_plan, sum(plan, Decimal(0)), sum(actual, Decimal(0)))
    for code, children in PARENTS.items():
        present = [lines[child] for child in children if child in lines]
        if present:
            lines[code] = tuple(sum(column, Decimal(0)) for column in zip(*present, strict=True))
    return lines


def _import(file_name: str, content: bytes, month: int, *, source: dict[str, str] | None, is_demo: bool) -> None:
    batch = preview_import(
        actor=None, file_name=file_name, content=content, year=YEAR, month=month, source=source, is_demo=is_demo
    )
    confirm_import(actor=None, batch=batch)
    publish_month(actor=None, year=YEAR, month=month)


def _source(language: str) -> str:
    with override(language):
        return gettext("Demonstration data, not real figures.")


def _of_month(year_plan: Decimal, month: int) -> Decimal:
    """Plan of one month: a twelfth, with land and vehicle tax coming late in the year; rounded to hundred drams."""
    weight = (70, 70, 85, 90, 95, 100, 95, 95, 105, 115, 130, 150)[month - 1]
    return (year_plan * weight / 1200).quantize(Decimal("0.1"))


def _received(plan: Decimal, seed_text: str) -> Decimal:
    """Between 78 and 118 percent of a month's plan, to the dram."""
    return (plan * (7800 + _number(seed_text, 4000)) / 10_000).quantize(Decimal("0.001"))


def _number(seed_text: str, below: int) -> int:
    """A number from 0 to below - 1 that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:6]) % below
