"""What a catalogue holds: datasets, the files of each, the series they belong to. All texts by language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

Words = Mapping[str, str]  # language ("hy", "en", "ru") -> text; one without a text is left out

CODE = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """One file of a dataset.

    code: "csv", unique within the dataset. path: from the root of the town's site ("/budget/data/..."). media_type: of
    IANA ("text/csv"). file_type: of the EU's list of file types ("CSV"). byte_size and sha256 (hex): of the very bytes
    served under `path`, None where they are not known yet. conforms_to: addresses of standards.
    """

    code: str
    title: Words
    path: str
    media_type: str
    file_type: str
    byte_size: int | None = None
    sha256: str | None = None
    conforms_to: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _require(bool(CODE.fullmatch(self.code)), f"a distribution's code is small letters and digits: {self.code!r}")
        _require(self.path.startswith("/"), f"a path begins at the root of the site: {self.path!r}")
        _require(self.byte_size is None or self.byte_size >= 0, "a file has no negative size")


@dataclass(frozen=True, kw_only=True)
class Series:
    """Datasets that follow one another: the months of one table. frequency: of the EU's list ("MONTHLY")."""

    code: str
    title: Words
    description: Words
    frequency: str = ""

    def __post_init__(self) -> None:
        _require(bool(CODE.fullmatch(self.code)), f"a series' code is small letters and digits: {self.code!r}")


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One set of data that the town publishes.

    code: unique in the town, begins with the module's name ("budgets-revenue-2015-09"). issued: first publication;
    modified: of this version. covers: first and last day the data speak of. themes: of the EU's data themes ("GOVE").
    landing_path: the page that shows it; documentation_path: the page that explains its columns. is_demo: made up.
    """

    code: str
    title: Words
    description: Words
    issued: dt.datetime
    modified: dt.datetime
    distributions: tuple[Distribution, ...]
    version: str = ""
    covers: tuple[dt.date, dt.date] | None = None
    series: Series | None = None
    themes: tuple[str, ...] = ("GOVE",)
    keywords: tuple[Words, ...] = ()
    landing_path: str = ""
    documentation_path: str = ""
    is_demo: bool = False

    def __post_init__(self) -> None:
        _require(bool(CODE.fullmatch(self.code)), f"a dataset's code is small letters and digits: {self.code!r}")
        _require(self.modified >= self.issued, f"{self.code}: changed before it was published")
        codes = [distribution.code for distribution in self.distributions]
        _require(len(codes) == len(set(codes)), f"{self.code}: two files with one code")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who publishes, and whom to ask. email and phone may be ""."""

    name: Words
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All datasets of one town.

    base_url: of the town's site, without a slash at its end. place: name of the town. licence: of the EU's list of
    licences ("CC_BY_4_0"). ValueError where two datasets bear one code.
    """

    base_url: str
    title: Words
    description: Words
    publisher: Contact
    place: Words
    licence: str
    datasets: tuple[Dataset, ...]

    def __post_init__(self) -> None:
        codes = [dataset.code for dataset in self.datasets]
        _require(len(codes) == len(set(codes)), "two datasets with one code")
        _require(not self.base_url.endswith("/"), f"no slash at the end: {self.base_url!r}")

    @property
    def series(self) -> tuple[Series, ...]:
        """The series of the datasets, in their order, each once."""
        found = {dataset.series.code: dataset.series for dataset in self.datasets if dataset.series}
        return tuple(found.values())


def _require(condition: bool, fault: str) -> None:
    if not condition:
        raise ValueError(fault)
