"""Which tables a statement reads and writes, and whose they are."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from django.apps import apps

from tenants.names import TEMPLATE
from tenants.placement import apps_in

# Tables that no public page shows. A write to them leaves kept pages alone, for most of them are written all the time;
# a page that reads one of them all the same is not kept. Whole applications first, then single tables.
UNWATCHED = frozenset(
    {
        "account",  # confirmed addresses of people
        "sessions",  # written at every sign-in
        "audit",  # a line at every act of the office
        "events",  # the outbox: written and cleared with every event
        "wagtailadmin",  # who edits what just now
        "wagtailusers",  # preferences of editors
        "statistics_observation",  # the town's figures on their way to the ministry; pages show their source
        "public_sites_visits",  # counted all day, shown in the office alone
        "public_sites_linkfault",
        "public_sites_subscription",  # letters to residents: no page shows them
        "public_sites_mailing",
        "public_sites_delivery",
        "wagtailcore_comment",  # what editors say to each other
        "wagtailcore_commentreply",
        "wagtailcore_pagesubscription",
        "wagtailcore_pagelogentry",  # who edited what, and when
        "wagtailcore_modellogentry",
        "wagtailcore_referenceindex",  # where a picture is used: for the editors
        "wagtailcore_taskstate",  # the way of a draft to its publication
        "wagtailcore_workflowstate",
        "wagtailcore_uploadedfile",  # halfway into the collection of files
    }
)
# Nor does the time of a sign-in, though a page may show who published something: people sign in all day.
_SIGN_IN = re.compile(r'UPDATE "accounts_user" SET "last_login" = \S+ WHERE ')
# After these words stands the name of a table, or several with or without an alias: plain or quoted, with a schema or
# without. "FOR UPDATE" and "DO UPDATE" name no table.
_NAME = r'(?:ONLY[\s(]+)?(?:"?\w+"?\s*\.\s*)?"?\w+"?'
_NEXT = rf'(?:\s+(?:AS\s+)?"?\w+"?)?\s*,[\s(]*{_NAME}'
_TABLES = re.compile(
    r"\b(?:(?P<writes>INSERT\s+INTO|MERGE\s+INTO|DELETE\s+FROM|(?<!FOR\s)(?<!KEY\s)(?<!DO\s)UPDATE|TRUNCATE(?:\s+TABLE)?"
    rf'|COPY)|FROM|JOIN|USING|TABLE)(?=[\s("])[\s(]*(?P<names>{_NAME}(?:{_NEXT})*)',
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(r"^[\s(]*(?:ONLY[\s(]+)?(?:\"?\w+\"?\s*\.\s*)?", re.IGNORECASE)
KEPT_LENGTH = 8000  # longer statements (hundreds of rows) come once and are not remembered


@dataclass(frozen=True)
class Touched:
    """Tables by their bare names, also such as are none: aliases, columns."""

    read: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


def tables_of(statement: str) -> Touched:
    """The tables that a statement reads and writes. Too many do no harm: they are looked up among the known ones."""
    return _remembered(statement) if len(statement) <= KEPT_LENGTH else _find(statement)


def _find(statement: str) -> Touched:
    if _SIGN_IN.match(statement):
        return Touched()
    read: set[str] = set()
    written: set[str] = set()
    for match in _TABLES.finditer(statement):
        names = {_bare(name) for name in match["names"].split(",")}
        (written if match["writes"] else read).update(names)
    return Touched(frozenset(read), frozenset(written))


_remembered = lru_cache(maxsize=1024)(_find)


def _bare(name: str) -> str:
    return _BEFORE_NAME.sub("", name).split()[0].strip('"').lower()


@lru_cache(maxsize=4096)
def label_of(table: str) -> str | None:
    """The application that a table belongs to, None for what is no table of ours.

    A table without a model belongs to the application whose label its name begins with; the longest one, if several.
    """
    known = _owners().get(table)
    if known is not None:
        return known
    labels = [config.label for config in apps.get_app_configs() if table.startswith(f"{config.label}_")]
    return max(labels, key=len, default=None)


def is_watched(table: str, label: str) -> bool:
    """False for tables that no public page shows."""
    return label not in UNWATCHED and table not in UNWATCHED


@cache
def watched_labels() -> tuple[str, ...]:
    """Every application with a table in the towns which pages may show, in a fixed order."""
    here = apps_in(TEMPLATE)
    return tuple(sorted({label for table, label in _owners().items() if label in here and is_watched(table, label)}))


@cache
def _owners() -> dict[str, str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table.lower(): model._meta.app_label for model in models}
