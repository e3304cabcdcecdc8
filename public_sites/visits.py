"""Counts of visits that know nobody: a number a page and day. No cookie, no address, no browser's name is kept (R60).

A request adds one to a counter in the cache server; every few minutes a task adds the counters to the table. While the
cache server is away nothing is counted, and no page waits for it.
"""

import datetime as dt
import logging
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.cache import caches
from django.db import transaction
from django.db.models import Case, F, IntegerField, Sum, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from hamaynk.contract import Surface
from hamaynk.ui.charts import About, Column, Table, columns
from hamaynk.ui.formats import whole
from public_sites.models import Visits

log = logging.getLogger(__name__)
DAYS = 30
KEPT_DAYS = 730
MOST_PAGES = 25
LONGEST_PATH = 255
# Programs that say of themselves that they are none of the readers.
ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python-|java/|headless|lighthouse", re.IGNORECASE
)


class VisitsMiddleware:
    """Counts pages of public sites that were answered, kept ones included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_visit(request, response):
            count(request.path)
        return response


def is_visit(request: HttpRequest, response: HttpResponse) -> bool:
    """A page of a site, asked for by a reader."""
    return (
        getattr(request, "surface", None) == Surface.SITE
        and request.method == "GET"
        and response.status_code in (200, 304)
        and response.get("Content-Type", "text/html").startswith("text/html")
        and request.path.endswith("/")
        and len(request.path) <= LONGEST_PATH
        and not ROBOTS.search(request.headers.get("User-Agent", "") or "bot")
    )


def _counters() -> tuple[Any, str]:
    platform: Any = caches["platform"]
    return platform._cache.get_client(None, write=True), platform.make_and_validate_key("visits")


def count(path: str) -> None:
    """One more for this page today, in the present town."""
    try:
        client, key = _counters()
        client.hincrby(key, f"{timezone.localdate():%Y-%m-%d} {path}", 1)
    except RedisError as fault:
        log.info("a visit was not counted: %s", type(fault).__name__)


@transaction.atomic
def gather() -> int:
    """Add the counters of the present town to its table. Returns how many pages and days were added to."""
    client, key = _counters()
    taken = f"{key}:taken"
    if not client.exists(taken):  # what an earlier run did not bring to its end comes first
        if not client.exists(key):
            return 0
        client.renamenx(key, taken)
    found: dict[tuple[dt.date, str], int] = {}
    for name, number in client.hgetall(taken).items():
        day, _space, path = name.decode().partition(" ")
        found[dt.date.fromisoformat(day), path] = int(number)
    Visits.objects.bulk_create([Visits(day=day, path=path) for day, path in found], ignore_conflicts=True)
    for day in {day for day, _path in found}:
        numbers = {path: number for (on, path), number in found.items() if on == day}
        more = Case(
            *[When(path=path, then=Value(number)) for path, number in numbers.items()], output_field=IntegerField()
        )
        Visits.objects.filter(day=day, path__in=numbers).update(count=F("count") + more)
    Visits.objects.filter(day__lt=timezone.localdate() - dt.timedelta(days=KEPT_DAYS)).delete()
    transaction.on_commit(lambda: client.delete(taken))
    return len(found)


def summary(today: dt.date | None = None) -> dict[str, Any]:
    """Visits by day as a chart with its table, the pages asked for most, and the sum of the last thirty days."""
    today = today or timezone.localdate()
    since = today - dt.timedelta(days=DAYS - 1)
    lately = Visits.objects.filter(day__gte=since)
    by_day = dict(lately.values_list("day").annotate(n=Sum("count")).order_by("day"))
    pages = lately.values("path").annotate(n=Sum("count")).order_by("-n", "path")[:MOST_PAGES]
    days = [since + dt.timedelta(days=number) for number in range(DAYS)]
    total = sum(by_day.values())
    about = About(
        slug="visits",
        title=_("Pages asked for by day"),
        sentence=_("In the last %(days)s days pages were asked for %(total)s times.")
        % {"days": DAYS, "total": whole(total)},
    )
    items = [Column(name=f"{day:%d.%m.%Y}", short=f"{day:%d}", actual=Decimal(by_day.get(day, 0))) for day in days]
    table = Table(
        caption=_("Pages asked for by day"),
        heads=(_("Day"), _("Visits")),
        rows=[(f"{day:%d.%m.%Y}", whole(by_day.get(day, 0))) for day in reversed(days)],
    )
    return {
        "total": total,
        "pages": list(pages),
        "chart": columns(about, items, write=lambda value: whole(int(value))) if total else None,
        "table": table,
    }
