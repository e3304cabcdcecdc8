"""`python -m tests.scale.page_cache`: what a kept page costs, against a plain Django view, in one run.

The plain view asks the database one thing and answers one line, without middleware and without towns. Both go through
Django's WSGI handler in one thread. It asserts no times: machines differ; that a kept page costs no SQL is asserted by
`tests/hamaynk/freshness/`.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.http import HttpRequest, HttpResponse
from django.urls import path

import tests.support.servers as servers

REQUESTS = int(os.environ.get("PAGE_REQUESTS", "1000"))


def plain(request: HttpRequest) -> HttpResponse:
    """One query, one line."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("", plain)]


def measure(say: Callable[[str], None]) -> None:
    """The home page of the first town with its site and its budget: drawn, kept, not changed; and the plain view."""
    from django.core.wsgi import get_wsgi_application
    from django.test.utils import override_settings

    from modules.budgets.demo import seed
    from tenants.context import in_town
    from tenants.setup import set_up_town
    from tests.support.platform import FIRST

    set_up_town(FIRST)
    with in_town(FIRST):
        seed(FIRST)
    host = {"HTTP_HOST": f"{FIRST}.localhost"}
    with override_settings(ROUTING_CHECK_SECONDS=1.0):  # as in production; the suite looks at every request
        whole = get_wsgi_application()
        with override_settings(PAGE_CACHE_SECONDS=0):
            drawn, _ = _typical(whole, host, REQUESTS // 10)
        kept, headers = _typical(whole, host, REQUESTS)
        assert headers["Server-Timing"] == "cache;desc=hit"
        unchanged, headers = _typical(whole, {**host, "HTTP_IF_NONE_MATCH": headers["ETag"]}, REQUESTS, status="304")
        assert headers["Server-Timing"] == "cache;desc=hit"
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF="tests.scale.page_cache"), in_town(FIRST):
        base, _ = _typical(get_wsgi_application(), {"HTTP_HOST": "localhost"}, REQUESTS)
    say(f"kept pages ({REQUESTS} requests each, one thread)")
    say(f"  a plain Django view with one query: {base * 1000:.2f} ms, {1 / base:.0f} requests a second")
    for name, seconds in (("drawn", drawn), ("kept", kept), ("kept, and the browser has it (304)", unchanged)):
        say(
            f"  the home page, {name}: {seconds * 1000:.2f} ms, {1 / seconds:.0f} requests a second, "
            f"ratio to the plain view {seconds / base:.2f}"
        )


def _typical(
    application: Callable[..., Any], given: dict[str, str], count: int, status: str = "200"
) -> tuple[float, dict[str, str]]:
    """Median seconds of a request, and the headers of the last answer."""
    environ: dict[str, Any] = {**given}
    setup_testing_defaults(environ)
    said: list[Any] = []
    seconds = []
    for number in range(count + 20):
        started = time.perf_counter()
        answer = application(dict(environ), lambda *answered: said.append(answered))
        b"".join(answer)
        answer.close()
        if number >= 20:
            seconds.append(time.perf_counter() - started)
        assert said[-1][0].startswith(status), said[-1]
        del said[:-1]
    return statistics.median(seconds), dict(said[-1][1])


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
