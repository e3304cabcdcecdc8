"""`Manifest`: a module on one page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from hamaynk.contract.contributions import (
    DatasetSource,
    DemoSeed,
    HomeFigure,
    HomeTask,
    Indicator,
    NavigationEntry,
    OldAddress,
    PageBlock,
    Permission,
    PersonalData,
    Role,
    ScheduledTask,
    SearchSource,
    Subscription,
    Text,
    TownSetup,
)
from hamaynk.contract.surfaces import Surface

CONTRACT_VERSION = 1
NAME_PATTERN = re.compile(r"^[a-z][a-z0-9_]{1,29}$")
OLD_PATH_PATTERN = re.compile(r"[^/?#\s\\][^?#\s\\]*")


class ManifestError(Exception):
    """A manifest that cannot be accepted; the text says which and why."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a module is and contributes.

    name: also URL namespace, permission prefix, template folder and event prefix (our own modules: app label too).
    app: dotted path of the Django app config or package.
    required: part of every town, cannot be switched off. default_on: on for new towns.
    requires: names of modules that must be on as well.
    urls: urlconf per surface, mounted under the module's namespace. api: "package.module:router", a django-ninja router
    mounted at /api/v1/<name>/ on site and office.
    """

    name: str
    title: Text
    summary: Text
    app: str
    contract: int = CONTRACT_VERSION
    required: bool = False
    default_on: bool = True
    requires: tuple[str, ...] = ()
    urls: Mapping[Surface, str] = field(default_factory=dict)
    url_prefix: str = ""
    api: str | None = None
    navigation: tuple[NavigationEntry, ...] = ()
    permissions: tuple[Permission, ...] = ()
    roles: tuple[Role, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    schedule: tuple[ScheduledTask, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    home_tasks: tuple[HomeTask, ...] = ()
    home_figures: tuple[HomeFigure, ...] = ()
    page_blocks: tuple[PageBlock, ...] = ()
    datasets: tuple[DatasetSource, ...] = ()
    search_sources: tuple[SearchSource, ...] = ()
    personal_data: tuple[PersonalData, ...] = ()
    append_only: tuple[str, ...] = ()
    old_addresses: tuple[OldAddress, ...] = ()
    setup: TownSetup | None = None
    demo: DemoSeed | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "urls", MappingProxyType(dict(self.urls)))
        if not NAME_PATTERN.match(self.name):
            raise ManifestError(f"module name {self.name!r}: two to thirty small letters, digits or underscores")
        if self.contract != CONTRACT_VERSION:
            raise ManifestError(f"module {self.name}: written for contract {self.contract}, this is {CONTRACT_VERSION}")
        if self.name in self.requires:
            raise ManifestError(f"module {self.name}: requires itself")
        for surface in self.urls:
            if not surface.belongs_to_town:
                raise ManifestError(f"module {self.name}: urls only on site and office, not on {surface}")
        self._check_codes()
        self._check_old_addresses()

    def _check_codes(self) -> None:
        for what, codes in {
            "permission": [p.code for p in self.permissions],
            "role": [r.code for r in self.roles],
            "indicator": [i.code for i in self.indicators],
            "schedule": [s.name for s in self.schedule],
            "page block": [b.code for b in self.page_blocks],
            "search source": [s.code for s in self.search_sources],
            **{f"kind of {s.code}": [code for code, _label in s.kinds] for s in self.search_sources},
        }.items():
            doubled = {code for code in codes if codes.count(code) > 1}
            if doubled:
                raise ManifestError(f"module {self.name}: {what} declared twice: {', '.join(sorted(doubled))}")
        own = {f"{self.name}.{p.code}" for p in self.permissions}
        for role in self.roles:
            foreign = [p for p in role.permissions if p not in own]
            if foreign:
                raise ManifestError(f"module {self.name}: role {role.code} names permissions not its own: {foreign}")
        for entry in self.navigation:
            if entry.permission is not None and entry.permission not in own:
                raise ManifestError(f"module {self.name}: menu entry asks for an unknown permission {entry.permission}")

    def _check_old_addresses(self) -> None:
        for address in self.old_addresses:
            if not OLD_PATH_PATTERN.fullmatch(address.path):
                raise ManifestError(f"module {self.name}: {address.path!r} is no path of an old address")
        paths = [address.path.casefold() for address in self.old_addresses]
        doubled = {path for path in paths if paths.count(path) > 1}
        if doubled:
            raise ManifestError(f"module {self.name}: old address declared twice: {', '.join(sorted(doubled))}")

    @property
    def path(self) -> str:
        """First path segment(s) of the module's pages, "budgets" where nothing else is said."""
        return self.url_prefix or self.name
