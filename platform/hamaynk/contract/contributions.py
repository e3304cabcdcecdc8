"""The typed things a module may contribute. Everything heavy is a dotted path "package.module:name", resolved at start."""

from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from typing import Any

from hamaynk.contract.surfaces import Surface

Text = Any  # a str or a lazily translated str


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """One entry of a surface's menu. Shown to holders of `permission`, or to everybody where it is None."""

    surface: Surface
    label: Text
    url_name: str
    permission: str | None = None
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One act on one kind of thing, e.g. code "publish" of module "budgets" is asked for as "budgets.publish"."""

    code: str
    title: Text


@dataclass(frozen=True, kw_only=True)
class Role:
    """A usual bundle of permissions, granted to a person for a unit or for the whole town hall."""

    code: str
    title: Text
    permissions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """`handler(event)` runs in the town after the event's transaction committed, at least once: it must be idempotent."""

    event: str
    handler: str


@dataclass(frozen=True, kw_only=True)
class ScheduledTask:
    """A task run for each town that has the module on, every `every`, staggered over the period."""

    name: str
    task: str
    every: timedelta
    queue: str = "default"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure that may leave the town for the ministry: aggregate numbers only.

    code: without the module's name ("revenue_executed"). unit: e.g. "AMD", "%". period: "month" or "year".
    has_items: beside its total it has a value for each item of one classification, e.g. a line of the budget.
    """

    code: str
    title: Text
    unit: str
    period: str = "month"
    has_items: bool = False

    @property
    def is_summable(self) -> bool:
        """Values of several towns may be added up and averaged; percentages may not, they follow from the sums."""
        return self.unit != "%"


@dataclass(frozen=True, kw_only=True)
class HomeTask:
    """One answer to "what did you come for?" on the town's home page."""

    label: Text
    hint: Text
    url_name: str
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class HomeFigure:
    """A figure on the home page. `source()` returns a dict (title, value, note, url, bar: 0..100 or None), or None."""

    source: str
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class PageBlock:
    """Something that an editor may put into a page of the public site, drawn anew for each reader.

    `source()` gives the template's context, or None where there is nothing to show yet.
    """

    code: str
    label: Text
    source: str
    template: str


@dataclass(frozen=True, kw_only=True)
class OldParameter:
    """A whole number that an old address carries in its query, and what we call it.

    name: theirs, in any case ("Year"). becomes: ours ("year"). A value outside least..most is dropped, not passed on.
    """

    name: str
    becomes: str
    least: int
    most: int


@dataclass(frozen=True, kw_only=True)
class OldAddress:
    """An address of the town's former site, answered there by a permanent redirect to a page of the module.

    path: without leading slash, matched whole and in any case; one that ends in "/" stands for everything under it, and
    the longest that fits wins. url_name: our page, without arguments. query: what is carried over; the rest is dropped.
    """

    path: str
    url_name: str
    query: tuple[OldParameter, ...] = ()

    @property
    def is_folder(self) -> bool:
        """True where everything under the path is meant."""
        return self.path.endswith("/")


@dataclass(frozen=True, kw_only=True)
class DatasetSource:
    """Open data of the module. `source()` gives the `hamaynk.opendata.Dataset`s of the present town, newest first."""

    source: str
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class SearchText:
    """Something that the search of the public site may find, in one language.

    key: names it within its source, the same in all languages. title, summary, body: plain text, not HTML; what the
    title says weighs most. url: its path on the site ("/budget/line/revenue/1000/"). kind: "" or one of the source's.
    """

    key: str
    language: str
    title: str
    url: str
    summary: str = ""
    body: str = ""
    date: Date | None = None
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """What the search of the public site finds of a module: `source()` yields the `SearchText`s of the present town.

    Nothing that not everybody may read: whatever is given here is shown to whoever searches. It is read every hour; for
    changes to be found at once, call `hamaynk.search.refresh("<module>.<code>")` when something was published.
    kinds: (code, label) of the kinds of its texts, for readers who look for one kind only.
    """

    code: str
    label: Text
    source: str
    order: int = 100
    kinds: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Where personal data lies: the model's label ("accounts.User"), its fields, why it is kept and for how long."""

    model: str
    fields: tuple[str, ...]
    purpose: Text
    retention: Text


@dataclass(frozen=True, kw_only=True)
class TownSetup:
    """`setup()` gives a town what the module needs to begin with, inside that town; running it again changes nothing."""

    source: str


@dataclass(frozen=True, kw_only=True)
class DemoSeed:
    """`seed(town_slug)` fills a demo town, inside that town; running it again changes nothing."""

    source: str
    order: int = field(default=100)
