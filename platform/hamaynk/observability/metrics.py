"""Every figure that a process counts itself, defined once. docs/operate/watch.md says what each is for.

Labels are bounded: kinds, classes and names out of our own code. Never a host, a path, a person; never a town, of which
there may be a thousand. Figures of the whole platform are gathered in one place (tasks/figures.py).
"""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

SURFACES = ("site", "office", "console", "oversight", "none")
METHODS = ("read", "write")
ROLES = ("router", "town", "console", "oversight", "collector", "owner")

requests = Counter(
    "hamaynk_requests",
    "Requests answered, by surface, kind of method and class of status.",
    ("surface", "method", "status"),
)
request_seconds = Histogram(
    "hamaynk_request_seconds",
    "Seconds until an answer began, by surface and kind of method.",
    ("surface", "method"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
pages = Counter(
    "hamaynk_page_cache", "Anonymous pages from memory, drawn and kept, or drawn and not kept.", ("result",)
)
certificate_questions = Counter(
    "hamaynk_certificate_questions", "The proxy's questions whether a host may have a certificate.", ("answer",)
)

tasks = Counter("hamaynk_tasks", "Tasks that ended, by name and outcome.", ("task", "outcome"))
task_age_seconds = Histogram(
    "hamaynk_task_age_seconds",
    "Seconds between the time a task was due and its start.",
    ("task",),
    buckets=(0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0),
)
task_seconds = Histogram(
    "hamaynk_task_seconds",
    "Seconds that a task took.",
    ("task",),
    buckets=(0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 600.0),
)

mails = Counter(
    "hamaynk_mails",
    "Letters handed to the mail server, by kind: sent, refused by it, or failed (it is away).",
    ("kind", "result"),
)

connections = Gauge(
    "hamaynk_database_connections",
    "Open database connections, by kind of role.",
    ("role",),
    multiprocess_mode="livesum",
)
parked_connections = Gauge(
    "hamaynk_database_parked_connections",
    "Of these, idle ones kept for the next request.",
    ("role",),
    multiprocess_mode="livesum",
)
parked_roles = Gauge(
    "hamaynk_database_parked_roles",
    "Different roles among the parked connections, summed over processes.",
    multiprocess_mode="livesum",
)
connects = Counter("hamaynk_database_connects", "Database connections opened, by kind of role.", ("role",))


def prime() -> None:
    """Begin at zero what a rate is taken of, so that the first failure counts as a rise. Bounded labels only."""
    for surface in SURFACES:
        for method in METHODS:
            for status in ("2xx", "4xx", "5xx"):
                requests.labels(surface, method, status)
    _begin(pages, ("hit", "miss", "drawn"))
    _begin(certificate_questions, ("yes", "no"))


def prime_mail(kinds: Iterable[str]) -> None:
    """The same for letters."""
    for kind in kinds:
        for result in ("sent", "refused", "failed"):
            mails.labels(kind, result)


def _begin(counter: Counter, values: Iterable[str]) -> None:
    for value in values:
        counter.labels(value)
