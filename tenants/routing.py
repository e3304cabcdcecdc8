"""Host -> town and surface, from memory.

The whole table (a few thousand rows for a thousand towns) is kept in each process, so an unknown host costs nothing and
a known one no SQL. A change bumps a stamp in the cache server; each process looks at the stamp at most once a second
(ROUTING_CHECK_SECONDS), and when the cache server is away reloads every 30 seconds instead.
"""

import hashlib
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.templatetags.static import static
from django.utils.translation import get_language

from hamaynk.contract import Surface
from tenants.context import nowhere
from tenants.models import (
    LANGUAGES,
    Community,
    Domain,
    Marz,
    ModuleActivation,
    normal_host,
)

log = logging.getLogger(__name__)
cache = caches["platform"]
STAMP_KEY = "platform:routing-stamp"
BLIND_RELOAD_SECONDS = 30.0
TRANSLATED = ("name", "hall_name", "address", "opening_hours")
PLAIN = ("slug", "schema_name", "marz", "population", "colour", "coat_of_arms", "phone", "email", "state", "is_demo")


@dataclass(frozen=True)
class Town:
    """What every page needs to know of its town, without SQL. Texts answer in the active language."""

    slug: str
    schema_name: str
    marz: str
    population: int | None
    colour: str
    coat_of_arms: str
    phone: str
    email: str
    state: str
    is_demo: bool
    texts: dict[str, dict[str, str]]
    modules: frozenset[str]
    site_host: str
    office_host: str

    def __getattr__(self, field: str) -> str:
        if field not in TRANSLATED:
            raise AttributeError(field)
        texts = self.texts[field]
        language = (get_language() or "hy")[:2]
        return next((texts[code] for code in (language, *LANGUAGES) if texts.get(code)), "")

    @cached_property
    def fingerprint(self) -> str:
        """Changes with anything that pages know of the town: a name, a colour, a module switched on or off."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, default=sorted).encode()).hexdigest()

    @property
    def coat_of_arms_url(self) -> str | None:
        """Address of the picture; None where the town has none, and a plain shield is drawn."""
        return static(self.coat_of_arms) if self.coat_of_arms else None

    @property
    def marz_name(self) -> str:
        """Name of the marz in the active language."""
        return str(Marz(self.marz).label)


@dataclass(frozen=True)
class Route:
    """Where a host leads. `redirect_to` is the primary host of the same surface, where this is a secondary one."""

    surface: Surface
    town: Town | None = None
    redirect_to: str | None = None


class RoutingTable:
    """All routes of this deployment, reloaded when their stamp changes. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._routes: dict[str, Route] = {}
        self._towns: dict[str, Town] = {}
        self._stamp: str | None = None
        self._loaded_at = 0.0
        self._looked_at = 0.0

    def route(self, host: str) -> Route | None:
        """The route of a host name (without port), or None: unknown."""
        self._refresh()
        return self._routes.get(normal_host(host))

    def town(self, slug_or_schema: str) -> Town | None:
        """A town by slug or schema."""
        self._refresh()
        return self._towns.get(slug_or_schema)

    def towns(self) -> list[Town]:
        """All active towns by slug."""
        self._refresh()
        return sorted({t.slug: t for t in self._towns.values() if t.state == "active"}.values(), key=lambda t: t.slug)

    def known_towns(self) -> list[Town]:
        """All towns that are not archived, by slug: a suspended one still has what it published."""
        self._refresh()
        return sorted({t.slug: t for t in self._towns.values()}.values(), key=lambda t: t.slug)

    @property
    def is_loaded(self) -> bool:
        """True once the table was read, from then on."""
        return bool(self._routes)

    def forget(self) -> None:
        """Look again at the next question, in this process."""
        self._looked_at = self._loaded_at = 0.0
        self._stamp = None

    def _refresh(self) -> None:
        now = time.monotonic()
        if self._loaded_at and (now - self._looked_at < settings.ROUTING_CHECK_SECONDS or connection.in_atomic_block):
            return  # inside a transaction the place cannot be left; the next question outside looks again
        with self._lock:
            if self._loaded_at and now - self._looked_at < settings.ROUTING_CHECK_SECONDS:
                return
            stamp = _read_stamp()
            blind = stamp is None and now - self._loaded_at > BLIND_RELOAD_SECONDS
            if not self._loaded_at or blind or (stamp is not None and stamp != self._stamp):
                self._load()
                self._stamp, self._loaded_at = stamp, now
            self._looked_at = now

    def _load(self) -> None:
        with nowhere():
            communities = list(Community.objects.exclude(state=Community.State.ARCHIVED).values(*_columns()))
            domains = list(Domain.objects.values("community_id", "host", "surface", "is_primary"))
            activations = list(ModuleActivation.objects.values_list("community_id", "module"))
        self._towns, self._routes = _build(communities, domains, activations)


def _columns() -> list[str]:
    return ["id", *PLAIN, *[f"{field}_{code}" for field in TRANSLATED for code in LANGUAGES]]


def _build(
    communities: list[dict[str, Any]], domains: Iterable[Mapping[str, Any]], activations: list[tuple[int, str]]
) -> tuple[dict[str, Town], dict[str, Route]]:
    modules: dict[int, set[str]] = defaultdict(set)
    for community_id, module in activations:
        modules[community_id].add(module)
    required = {m.name for m in settings.MODULES if m.required}
    primary = {(d["community_id"], d["surface"]): d["host"] for d in domains if d["is_primary"]}
    by_id: dict[int, Town] = {}
    for row in communities:
        key = row["id"]
        by_id[key] = Town(
            **{field: row[field] for field in PLAIN},
            texts={field: {code: row[f"{field}_{code}"] for code in LANGUAGES} for field in TRANSLATED},
            modules=frozenset(modules[key] | required),
            site_host=primary.get((key, "site"), ""),
            office_host=primary.get((key, "office"), ""),
        )
    routes = {
        f"console.{settings.BASE_DOMAIN}": Route(Surface.CONSOLE),
        f"oversight.{settings.BASE_DOMAIN}": Route(Surface.OVERSIGHT),
    }
    for domain in domains:
        town = by_id.get(domain["community_id"])
        if town is not None:
            main = primary.get((domain["community_id"], domain["surface"]))
            secondary = main if not domain["is_primary"] and main != domain["host"] else None
            routes[domain["host"]] = Route(Surface(domain["surface"]), town, secondary)
    towns = {name: town for town in by_id.values() for name in (town.slug, town.schema_name)}
    return towns, routes


def _read_stamp() -> str | None:
    """The routing stamp, "0" where none was ever set, None where the cache server does not answer."""
    try:
        return str(cache.get(STAMP_KEY, "0"))
    except Exception as error:  # the cache server is away: towns are served all the same
        log.warning("routing stamp cannot be read: %s", type(error).__name__)
        return None


def announce_change() -> None:
    """Tell every process that routes have changed; call it after the transaction has committed."""
    table.forget()
    try:
        cache.set(STAMP_KEY, f"{time.time_ns()}", timeout=None)
    except Exception as error:
        log.warning("routing stamp cannot be written, processes see the change in %ss: %s", BLIND_RELOAD_SECONDS, error)


table = RoutingTable()
