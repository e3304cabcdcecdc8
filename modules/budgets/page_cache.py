"""Public pages kept as they were drawn: one query instead of a dozen.

What is kept can never be out of date: its key holds a stamp of everything that the page is drawn from (publications,
plan versions, explanations, answers, names of lines), asked of the database at each request in one query. So a
publication shows at once, whoever made it, and nothing has to be thrown away: old entries are never asked for again and
run out. The town is part of every key of the cache (`tenants.isolation.cache_key`). Without the cache server every page
is drawn anew.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping
from functools import cache as once
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db.models import Aggregate, CharField, Count, DecimalField, Func, Max, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from modules.budgets.models import ClassificationLine, LineExplanation, LineQuestion, PlanVersion, PublishedMonth

KEPT_SECONDS = 3600
LARGEST = 1_000_000  # bytes, packed: a page beyond that is drawn each time
LINE_COLUMNS = (
    "kind", "code", "parent_code", "article", "name_hy", "name_en", "name_ru", "valid_from", "valid_to", "is_verified",
)  # fmt: skip


class HashSum(Aggregate):
    """A number that changes when any of the rows does, whatever their order: the sum of PostgreSQL's hashes."""

    function = "SUM"
    template = "SUM(hashtextextended(%(expressions)s, 0))"
    output_field = DecimalField(max_digits=40, decimal_places=0)


def stamp() -> str:
    """Changes with everything that public pages of the budget are drawn from. One query."""
    parts = [
        _part("months", PublishedMonth.objects.all(), Max("pk")),
        _part("plans", PlanVersion.objects.exclude(approved_at=None), Max("approved_at")),
        _part("explanations", LineExplanation.objects.all(), Max("pk")),
        _part("questions", LineQuestion.objects.exclude(decided_at=None), Max("decided_at")),
        _part("lines", ClassificationLine.objects.all(), HashSum(_row_text())),
    ]
    rows = sorted(parts[0].union(*parts[1:], all=True))
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def kept_or_drawn(key: Mapping[str, object], draw: Callable[[], dict[str, Any] | None]) -> dict[str, Any] | None:
    """What is kept under `key` as it stands today, else what `draw` gives (values that JSON can hold), kept from now on.

    None is not kept: a question that cannot be answered would fill the cache with whatever strangers think of.
    """
    whole = json.dumps({**key, "stamp": stamp(), "code": _code()}, sort_keys=True, default=str)
    name = f"budgets:page:{hashlib.sha256(whole.encode()).hexdigest()}"
    packed = cache.get(name)
    if packed is not None:
        found: dict[str, Any] = json.loads(zlib.decompress(packed))
        return found
    drawn = draw()
    if drawn is not None:
        content = zlib.compress(json.dumps(drawn, ensure_ascii=False).encode(), 3)
        if len(content) <= LARGEST:
            cache.set(name, content, KEPT_SECONDS)
    return drawn


def _part(name: str, rows: QuerySet[Any], latest: Any) -> QuerySet[Any, Any]:
    """One row: what it is about, how many there are, and what tells the latest."""
    named = rows.order_by().annotate(part=Value(name, output_field=CharField())).values("part")
    return named.annotate(
        many=Count("pk"), latest=Coalesce(Cast(latest, TextField()), Value(""), output_field=TextField())
    ).values_list("part", "many", "latest")


def _row_text() -> Func:
    columns = [Cast(column, TextField()) for column in LINE_COLUMNS]
    return Func(Value("\t"), *columns, function="concat_ws", output_field=TextField())


@once
def _code() -> str:
    """Of what this module is written: a page drawn by another release is not shown. Read once a process."""
    folder = Path(__file__).parent
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".py", ".html", ".mo", ".csv"):
            found.update(path.read_bytes())
    return found.hexdigest()
