"""What the office sees of subscribers: numbers."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from hamaynk.common.periods import Month
from hamaynk.ui.charts import About, Column, Table, columns
from hamaynk.ui.formats import month_name, month_short
from public_sites.alerts.models import Delivery, Mailing, Subscription, Topic

MONTHS = 12
A_LEAF = 30


def overview(leaf: str) -> dict[str, Any]:
    """Everything the page shows, in six queries."""
    rows, totals = _by_topic()
    languages = [str(name) for _code, name in settings.LANGUAGES]
    return {"rows": rows, "languages": languages, "totals": totals, "growth": growth(), **_mailings(leaf)}


def _active() -> Any:
    return Subscription.objects.exclude(confirmed_at=None).filter(ended_at=None)


def _by_topic() -> tuple[list[dict[str, Any]], list[int]]:
    """Rows: a topic with its counts by language and in all. One query; somebody may have chosen several topics."""
    counts = {f"topic_{topic}": Count("pk", filter=Q(topics__contains=[topic])) for topic in Topic.values}
    found = {row["language"]: row for row in _active().values("language").annotate(people=Count("pk"), **counts)}
    codes = [code for code, _name in settings.LANGUAGES]

    def line(key: str) -> list[int]:
        numbers = [int(found.get(code, {}).get(key, 0)) for code in codes]
        return [*numbers, sum(numbers)]

    return [{"label": topic.label, "counts": line(f"topic_{topic.value}")} for topic in Topic], line("people")


def _per_month(field: str) -> dict[date, int]:
    rows = Subscription.objects.exclude(confirmed_at=None).exclude(**{field: None})
    counted = rows.annotate(month=TruncMonth(field)).values("month").annotate(people=Count("pk")).order_by("month")
    return {row["month"].date(): row["people"] for row in counted}


def growth() -> dict[str, Any] | None:
    """Subscribers at the end of each of the last twelve months, drawn and as a table. None while nobody has confirmed."""
    came, left = _per_month("confirmed_at"), _per_month("ended_at")
    if not came:
        return None
    today = timezone.localdate()
    months = [_back(Month(today.year, today.month), back) for back in reversed(range(MONTHS))]
    first = months[0].first_day
    people = sum(count for day, count in came.items() if day < first)
    people -= sum(count for day, count in left.items() if day < first)
    items, rows = [], []
    for month in months:
        new, gone = came.get(month.first_day, 0), left.get(month.first_day, 0)
        people += new - gone
        name = f"{month_name(month.month)} {month.year}"
        items.append(Column(name=name, short=month_short(month.month), actual=Decimal(people)))
        rows.append([name, str(new), str(gone), str(people)])
    title = gettext("Subscribers at the end of the month")
    said = ngettext("%(people)s person gets letters now.", "%(people)s people get letters now.", people)
    about = About(slug="subscribers", title=title, sentence=said % {"people": people})
    heads = [gettext("Month"), gettext("New"), gettext("Ended"), gettext("Subscribers")]
    return {"chart": columns(about, items, write=_write, write_tick=_write_tick), "table": Table(title, heads, rows)}


def _back(month: Month, many: int) -> Month:
    count = month.year * 12 + month.month - 1 - many
    return Month(count // 12, count % 12 + 1)


def _write(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _write_tick(value: Decimal, _step: Decimal) -> str:
    return _write(value)


def _mailings(leaf: str) -> dict[str, Any]:
    state = Delivery.State
    counted = Mailing.objects.annotate(
        sent=Count("deliveries", filter=Q(deliveries__state=state.SENT)),
        failed=Count("deliveries", filter=Q(deliveries__state=state.FAILED)),
    )
    return {"page_obj": Paginator(counted.order_by("-created_at", "-pk"), A_LEAF).get_page(leaf)}
