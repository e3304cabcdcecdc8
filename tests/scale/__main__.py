"""`make scale N=50`: onboard N towns, then measure what tenancy costs a request and what a backend keeps in memory."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tests.support.servers as servers
from tests.scale import budgets, page_cache

TOWNS = int(os.environ.get("TOWNS", "50"))
REQUESTS = int(os.environ.get("REQUESTS", "2000"))


def say(text: str) -> None:
    """One line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def onboard_all() -> list[float]:
    """Seconds per town, in order."""
    from tenants.provisioning import onboard
    from tests.support.platform import profile

    seconds = []
    for number in range(TOWNS):
        started = time.perf_counter()
        onboard(profile(f"scale-{number:04d}"))
        seconds.append(time.perf_counter() - started)
        if (number + 1) % 10 == 0 or number + 1 == TOWNS:
            say(f"  {number + 1} of {TOWNS} towns, the last in {seconds[-1]:.3f} s")
    return seconds


def spread(values: list[float], unit: str, factor: float = 1.0) -> str:
    """Median, 95th percentile and maximum."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return (
        f"p50 {statistics.median(ordered) * factor:.3f}, p95 {p95 * factor:.3f}, max {ordered[-1] * factor:.3f} {unit}"
    )


def plain_view(request: object) -> object:
    """One query, so that the connection is really used."""
    from django.db import connection
    from django.http import HttpResponse

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()[0]))


def timed(call: Callable[[int], object], count: int) -> list[float]:
    """Seconds of each call."""
    seconds = []
    for number in range(count):
        started = time.perf_counter()
        call(number)
        seconds.append(time.perf_counter() - started)
    return seconds


@contextmanager
def one_town() -> Iterator[None]:
    """Stand in one town for good, as a single-town system would."""
    from tenants.context import in_town

    with in_town("scale-0000"):
        yield


def overhead() -> None:
    """The same view: without tenancy, with it in one town, with it in towns at random (few, and all)."""
    import random

    from django.test import RequestFactory

    from tenants.middleware import SurfaceMiddleware

    factory = RequestFactory()
    slugs = [f"scale-{number:04d}" for number in range(TOWNS)]
    chosen = random.Random(7)  # noqa: S311
    routed = SurfaceMiddleware(plain_view)  # type: ignore[arg-type]

    def request(slug: str) -> object:
        return factory.get("/", headers={"host": f"{slug}.localhost"})

    few, many = slugs[:10], slugs
    runs: dict[str, Callable[[int], object]] = {
        "one town, routed": lambda n: routed(request(slugs[0])),  # type: ignore[arg-type]
        f"{len(few)} towns at random (all idle connections kept)": lambda n: routed(request(chosen.choice(few))),  # type: ignore[arg-type]
        f"{len(many)} towns at random (more towns than idle connections)": lambda n: routed(
            request(chosen.choice(many))
        ),  # type: ignore[arg-type]
    }
    with one_town():
        timed(lambda n: plain_view(request(slugs[0])), 200)
        base = timed(lambda n: plain_view(request(slugs[0])), REQUESTS)
    say(f"  without tenancy: {spread(base, 'ms', 1000)}")
    for name, call in runs.items():
        timed(call, 200)
        seconds = timed(call, REQUESTS)
        extra = (statistics.median(seconds) - statistics.median(base)) * 1e6
        ratio = statistics.median(seconds) / statistics.median(base)
        say(f"  {name}: {spread(seconds, 'ms', 1000)}; {extra:.0f} µs more at p50, ratio {ratio:.2f}")


def memory() -> None:
    """Private memory of backends: one that stays in a town, and for comparison one that visits all towns' tables."""
    import psycopg
    from django.conf import settings

    from tenants.names import password_of, role_of, schema_of_slug

    place = settings.DATABASE

    def connect(user: str, password: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=place.host, port=place.port, dbname=place.name, user=user, password=password, autocommit=True
        )

    def touch(link: "psycopg.Connection[tuple[object, ...]]", schema: str, tables: list[str]) -> None:
        for table in tables:
            link.execute(f'SELECT * FROM "{schema}"."{table}" LIMIT 1')  # type: ignore[arg-type]

    schema = schema_of_slug("scale-0000")
    with connect(place.user, place.password) as owner, connect(role_of(schema), password_of(role_of(schema))) as town:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
        tables = [str(row[0]) for row in rows]
        fresh = _private_kib(town.info.backend_pid)
        touch(town, schema, tables)
        say(f"  tables in a town: {len(tables)}")
        say(f"  backend of one town: {fresh} KiB fresh, {_private_kib(town.info.backend_pid)} KiB after all its tables")
        for number in range(TOWNS):
            touch(owner, schema_of_slug(f"scale-{number:04d}"), tables)
        visited = _private_kib(owner.info.backend_pid)
        say(f"  for comparison, one backend that visited all {TOWNS} towns: {visited} KiB")


def _private_kib(pid: int) -> int | str:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1])
    except OSError:
        pass
    return "unknown"


def no_op_rollout() -> float:
    """Seconds of a rollout with nothing to do."""
    from tenants.rollout import roll_out

    started = time.perf_counter()
    roll_out()
    return time.perf_counter() - started


def main() -> None:
    """All measurements in a row."""
    import django

    django.setup()
    from django.conf import settings

    from tests.support import platform

    settings.ROUTING_CHECK_SECONDS = 1.0  # as in production; the suite looks at every request
    started = time.perf_counter()
    platform.build()
    say(f"platform from nothing, with two towns: {time.perf_counter() - started:.1f} s")
    say(f"onboarding {TOWNS} towns")
    seconds = onboard_all()
    say(f"  seconds per town: {spread(seconds, 's')}")
    say(f"rollout with nothing to do over {TOWNS} towns: {no_op_rollout():.3f} s")
    say(f"what tenancy costs a request ({REQUESTS} requests each, one query in the view)")
    overhead()
    say("memory of PostgreSQL backends (RssAnon)")
    memory()
    budgets.measure(say)
    page_cache.measure(say)
    platform.drop_database()


if __name__ == "__main__":
    try:
        main()
    finally:
        servers.pytest_unconfigure(None)
