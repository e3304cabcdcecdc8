"""The town's open data: a page for people, and the catalogue for machines (DCAT-AP)."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from hamaynk.contract import public
from hamaynk.contract.registry import registry, resolve
from hamaynk.opendata import Catalogue, Contact, Dataset, Words
from hamaynk.ui.language import in_languages
from hamaynk.ui.spoken import in_language
from tenants.addresses import site_url
from tenants.models import LANGUAGES
from tenants.routing import Town

SHOWN = 12  # datasets of a series that are shown at once: a year of months
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Licence:
    """A licence by its SPDX name: in the EU's list, and where its text is."""

    name: str
    listed: str
    url: str


LICENCES = {
    "CC-BY-4.0": Licence(name="CC BY 4.0", listed="CC_BY_4_0", url="https://creativecommons.org/licenses/by/4.0/"),
    "CC0-1.0": Licence(name="CC0 1.0", listed="CC0", url="https://creativecommons.org/publicdomain/zero/1.0/"),
}


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file to take away; byte_size None: not counted yet."""

    title: str
    path: str
    byte_size: int | None


@dataclass(frozen=True, kw_only=True)
class ShownDataset:
    """A dataset in the active language."""

    code: str
    title: str
    page: str
    documentation: str
    version: str
    modified: dt.datetime
    is_demo: bool
    files: list[ShownFile]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A series with its datasets, or those of no series, as the page shows them in the active language."""

    code: str
    title: str
    description: str
    datasets: list[ShownDataset]

    @property
    def newest(self) -> list[ShownDataset]:
        """Those that are shown at once."""
        return self.datasets[:SHOWN]

    @property
    def older(self) -> list[ShownDataset]:
        """Those that open upon a click."""
        return self.datasets[SHOWN:]


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every dataset with its files."""
    catalogue = catalogue_of(request.town)  # type: ignore[attr-defined]
    licence = LICENCES[settings.OPEN_DATA_LICENCE]
    return render(request, "public_sites/data.html", {"groups": _groups(catalogue.datasets), "licence": licence})


@public
@require_safe
def catalogue(request: HttpRequest, form: str) -> HttpResponseBase:
    """The catalogue as Turtle, JSON-LD or RDF/XML; rdflib is loaded upon the first question only."""
    from hamaynk.opendata.dcat import FORMS, serialise

    if form not in FORMS:
        raise Http404(form)
    given = catalogue_of(request.town)  # type: ignore[attr-defined]
    stamp = hashlib.sha256(f"{form}{given!r}".encode()).hexdigest()
    etag = f'"{stamp}"'
    content = b""
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is None:
        # Writing a thousand triples takes longer than all queries; what is written depends on the stamp alone.
        content = cache.get_or_set(f"opendata:{stamp}", lambda: serialise(given, form), KEPT_SECONDS) or b""
    response = unchanged or HttpResponse(content, content_type=f"{FORMS[form].media_type}; charset=utf-8")
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    return response


def catalogue_of(town: Town) -> Catalogue:
    """What the modules that are on in the present town give, as one catalogue."""
    modules = registry().enabled(town.modules)
    sources = sorted((source for module in modules for source in module.datasets), key=lambda source: source.order)
    datasets = [dataset for source in sources for dataset in resolve(source.source)()]
    return Catalogue(
        base_url=site_url(town),
        title=in_languages(lambda: gettext("Open data of %(town)s") % {"town": town.name}),
        description=in_languages(lambda: gettext("What the town hall publishes for everybody to use.")),
        publisher=Contact(name=_texts(town, "hall_name"), email=town.email, phone=town.phone),
        place=_texts(town, "name"),
        licence=LICENCES[settings.OPEN_DATA_LICENCE].listed,
        datasets=tuple(datasets),
    )


def _texts(town: Town, field: str) -> dict[str, str]:
    return {language: town.texts[field].get(language, "") for language in LANGUAGES}


def _groups(datasets: tuple[Dataset, ...]) -> list[Group]:
    groups: dict[str, Group] = {}
    for dataset in datasets:
        series = dataset.series
        code = series.code if series else ""
        if code not in groups:
            title = said(series.title) if series else gettext("Other datasets")
            description = said(series.description) if series else ""
            groups[code] = Group(code=code or "other", title=title, description=description, datasets=[])
        groups[code].datasets.append(_shown(dataset))
    return list(groups.values())


def _shown(dataset: Dataset) -> ShownDataset:
    return ShownDataset(
        code=dataset.code,
        title=said(dataset.title),
        page=_here(dataset.landing_path),
        documentation=_here(dataset.documentation_path),
        version=dataset.version,
        modified=dataset.modified,
        is_demo=dataset.is_demo,
        files=[ShownFile(title=said(d.title), path=d.path, byte_size=d.byte_size) for d in dataset.distributions],
    )


def _here(path: str) -> str:
    """The page in the active language; a dataset names it in the first one, because that is its identity."""
    return in_language((get_language() or settings.LANGUAGE_CODE)[:2], path) if path else ""


def said(words: Words) -> str:
    """The text in the active language, else in the first that has one."""
    language = (get_language() or "hy").split("-")[0]
    return words.get(language) or next((text for text in words.values() if text), "")
