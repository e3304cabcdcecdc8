"""`/readyz`: whether this process can serve towns. Asked often and by anybody, so it is kept a second and never waits long.

Ready means: the database lets the router in, it has every migration that this code needs, and the routing table is loaded.
Migrations that this code does not know do no harm: old code runs beside a structure that was widened. The question is put
by a thread of its own over a connection of its own; a database that hangs costs whoever asks two seconds, not a worker.
"""

import json
import threading
import time
from collections.abc import Callable
from functools import cache

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse

from tenants.names import PUBLIC, password_of, role_of
from tenants.phases import CONTRACT, phase_of
from tenants.routing import table

KEPT_SECONDS = 1.0
WAIT_SECONDS = 2.0
OK = "ok"
NO_ANSWER = "no answer"


class Readiness:
    """The last answer, and the one question that may be under way."""

    def __init__(self, ask: Callable[[], dict[str, str]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: dict[str, str] = {}
        self._answered_at = float("-inf")
        self._under_way: threading.Event | None = None

    def checks(self) -> dict[str, str]:
        """Name of each check and "ok", or what is wrong in a few words."""
        with self._lock:
            if time.monotonic() - self._answered_at < KEPT_SECONDS:
                return self._answer
            done = self._under_way
            if done is None:
                done = self._under_way = threading.Event()
                threading.Thread(target=self._run, args=(done,), name="readiness", daemon=True).start()
        if done.wait(WAIT_SECONDS):
            return self._answer
        return {"database": NO_ANSWER, "migrations": NO_ANSWER, "registry": NO_ANSWER}

    def _run(self, done: threading.Event) -> None:
        try:
            answer = self._ask()
        except Exception as error:  # whatever it is, we are not ready
            answer = {"database": type(error).__name__}
        with self._lock:
            self._answer, self._answered_at, self._under_way = answer, time.monotonic(), None
        done.set()


def ask() -> dict[str, str]:
    """Put the question to the database, as the router."""
    try:
        lacking = _missing()
    except psycopg.errors.InsufficientPrivilege:
        return {"database": OK, "migrations": "the platform is not prepared by this release", "registry": _registry()}
    except psycopg.Error as error:
        return {"database": type(error).__name__, "migrations": "unknown", "registry": _registry(may_load=False)}
    migrations = OK if not lacking else f"{len(lacking)} missing, the first is {lacking[0]}"
    return {"database": OK, "migrations": migrations, "registry": _registry()}


def _missing() -> list[str]:
    place, role = settings.DATABASE, role_of(PUBLIC)
    limits = {"connect_timeout": 2, "tcp_user_timeout": 2000}
    with psycopg.connect(
        host=place.host,
        port=place.port,
        dbname=place.name,
        user=role,
        password=password_of(role),
        autocommit=True,
        **{**dict(place.options), **limits},  # type: ignore[arg-type]
    ) as link:
        there = set(link.execute("SELECT app, name FROM tenants_migrationstep").fetchall())  # the role's path: public
    return [f"{app}.{name}" for app, name in missing(there)]


def missing(there: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """What this code needs and the database has not. A squashed migration and those it stands for count for each other."""
    known = set(there)
    for _ in range(2):  # a squashed one may stand for squashed ones
        for key, replaced in needed().items():
            if replaced and key in known:
                known.update(replaced)
            elif replaced and known.issuperset(replaced):
                known.add(key)
    return [key for key in needed() if key not in known]


@cache
def needed() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Every migration on disk that this code cannot do without, with those it stands for; read once a process.

    One that only takes away what nobody uses any more (`phase = "contract"`) is not among them: it comes after us.
    """
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    return {
        key: tuple((str(app), str(name)) for app, name in migration.replaces)
        for key, migration in sorted(found.items())
        if phase_of(migration) != CONTRACT
    }


def _registry(*, may_load: bool = True) -> str:
    if not table.is_loaded and may_load:
        try:
            table.towns()
        except Exception as error:
            return type(error).__name__
        finally:
            connection.close()  # this thread's own
    return OK if table.is_loaded else "not loaded"


readiness = Readiness(ask)


def answer() -> HttpResponse:
    """200 where all is well, else 503; JSON of the checks."""
    checks = readiness.checks()
    ready = all(said == OK for said in checks.values())
    body = json.dumps({"ready": ready, "checks": checks}) + "\n"
    response = HttpResponse(body, status=200 if ready else 503, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
