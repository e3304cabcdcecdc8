"""`python -m tests.scale.budgets`: what the page of execution costs with three years of four hundred lines.

Prints milliseconds and queries of a page that is drawn and of one that is kept, against a page of the same site that
shows no figures. It asserts no times: machines differ; the queries are asserted by the tests of the module.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import tests.support.servers as servers

REQUESTS = int(os.environ.get("BUDGET_REQUESTS", "30"))
PATHS = {
    "brief": "/budget/expenditure/?year=2025&month=12",
    "all lines": "/budget/expenditure/?year=2025&month=12&detail=1",
    "all lines, single month": "/budget/expenditure/?year=2025&month=12&detail=1&view=month",
    "function by item": "/budget/expenditure/?year=2025&month=12&by=both",
    "balance": "/budget/balance/?year=2025&month=12",
    "a line": "/budget/line/expenditure/2110/",
}
PLAIN = "/budget/data/dictionary/"


def measure(say: Callable[[str], None]) -> None:
    """All pages in a row, in the first of the two towns that are always there."""
    from tenants.context import in_town
    from tests.conftest import HostClient
    from tests.modules.budgets.large import LINES, YEARS, fill
    from tests.support.platform import FIRST

    started = time.perf_counter()
    with in_town(FIRST):
        fill()
    say(f"pages of the budget ({len(YEARS)} years x {LINES} lines x 12 months, filled in {_since(started):.1f} s)")
    client = HostClient(f"{FIRST}.localhost")
    plain = _typical(client, PLAIN, kept=True)
    say(f"  a page without figures: {plain[0] * 1000:.1f} ms, {plain[1]} queries")
    for name, path in PATHS.items():
        drawn, kept = _typical(client, path, kept=False), _typical(client, path, kept=True)
        say(
            f"  {name}: drawn {drawn[0] * 1000:.1f} ms with {drawn[1]} queries (ratio {drawn[0] / plain[0]:.1f}), "
            f"kept {kept[0] * 1000:.1f} ms with {kept[1]} queries (ratio {kept[0] / plain[0]:.1f})"
        )


def _typical(client: Any, path: str, *, kept: bool) -> tuple[float, int]:
    """Median seconds of a request, and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from modules.budgets import page_cache

    before = page_cache.KEPT_SECONDS
    page_cache.KEPT_SECONDS = before if kept else 0
    try:
        assert client.get(path).status_code == 200
        seconds = []
        for _ in range(REQUESTS):
            started = time.perf_counter()
            client.get(path)
            seconds.append(_since(started))
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
    finally:
        page_cache.KEPT_SECONDS = before
    return statistics.median(seconds), len(queries)


def _since(started: float) -> float:
    return time.perf_counter() - started


def main() -> None:
    """The benchmark by itself, with a platform of its own."""
    import django

    django.setup()
    from tests.support import platform

    platform.build()
    measure(lambda text: print(text, flush=True))
    platform.drop_database()


if __name__ == "__main__":
    try:
        main()
    finally:
        servers.pytest_unconfigure(None)
        sys.stdout.flush()
