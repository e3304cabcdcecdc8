"""Find texts of the present town by their words. Reads only what modules that are on have contributed."""

from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    TrigramWordSimilarity,
)
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hamaynk.search import sources
from hamaynk.search.armenian import fold
from hamaynk.search.dictionary import configuration, marks, question
from hamaynk.search.models import SearchEntry

A_PAGE = 20
MOST_SIMILAR = 10
MOST_SUGGESTED = 8
LEAST_SIMILARITY = 0.3
LEAST_SUGGESTED = 0.5
MOST_ASKED = 200  # letters of a question
OPEN, CLOSE = "\ue000", "\ue001"  # private use: no text that is indexed has them


@dataclass(frozen=True, kw_only=True)
class Result:
    """One text that was found. title and snippet are escaped HTML with <mark> around the words asked for."""

    title: SafeString
    snippet: SafeString
    url: str
    language: str
    date: Any
    facet: str
    label: Any


@dataclass(frozen=True, kw_only=True)
class Facet:
    """How many texts of a source or of one of its kinds were found. code: "budgets.lines" or "public_sites.pages:news"."""

    code: str
    label: Any
    count: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was found. total: in the facet chosen; is_similar: titles that look like the words, for none has them.

    language: of the results; in_other_language: they are in Armenian, for the language asked for has none.
    """

    asked: str
    language: str
    facet: str = ""
    total: int = 0
    results: tuple[Result, ...] = ()
    facets: tuple[Facet, ...] = ()
    page: Page[Any] | None = None
    is_similar: bool = False
    in_other_language: bool = False

    @property
    def total_of_all(self) -> int:
        """In all facets together."""
        return sum(facet.count for facet in self.facets)


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A title that may be meant."""

    title: str
    url: str


def search(asked: str, language: str, facet: str = "", page: str = "1") -> Answer:
    """One page of what is found in `language`; where there is nothing, in Armenian; else what is similar.

    At most six queries, however much is found.
    """
    asked = asked.replace("\0", " ").strip()[:MOST_ASKED]
    nothing = Answer(asked=asked, language=language)
    if not fold(asked):
        return nothing
    for spoken in dict.fromkeys((language, settings.LANGUAGE_CODE)):
        found = _find(asked, spoken, facet, page)
        if found.facets:
            return replace(found, in_other_language=spoken != language)
    for spoken in dict.fromkeys((language, settings.LANGUAGE_CODE)):
        found = _find_similar(asked, spoken)
        if found.results:
            return replace(found, in_other_language=spoken != language)
    return nothing


def suggest(asked: str, language: str) -> list[Suggestion]:
    """Up to eight titles that have the words, the last of them perhaps unfinished; else titles that look like them."""
    words = fold(asked.replace("\0", " ")[:MOST_ASKED]).split()
    if not words or (len(words[-1]) < 2 and len(words) == 1):
        return []
    wanted = Q(title_folded__startswith=words[-1]) | Q(title_folded__contains=f" {words[-1]}")
    for word in words[:-1]:
        wanted &= Q(title_folded__startswith=word) | Q(title_folded__contains=f" {word}")
    known = _entries(language)
    found = list(known.filter(wanted).order_by(F("date").desc(nulls_first=True), "title", "pk")[: MOST_SUGGESTED * 2])
    if not found:
        found = list(_similar(known, " ".join(words), LEAST_SUGGESTED)[: MOST_SUGGESTED * 2])
    whole = " ".join(words)
    found.sort(key=lambda entry: not entry.title_folded.startswith(whole))
    by_address = {entry.url: Suggestion(title=entry.title, url=entry.url) for entry in reversed(found)}
    return list(by_address.values())[::-1][:MOST_SUGGESTED]


def _entries(language: str) -> QuerySet[SearchEntry]:
    return SearchEntry.objects.filter(source__in=list(sources.enabled()), language=language)


def _find(asked: str, language: str, facet: str, number: str) -> Answer:
    query = question(asked, language)
    if query is None:
        return Answer(asked=asked, language=language)
    found = _entries(language).filter(vector=query)
    facets = _facets(found)
    chosen = next((one for one in facets if one.code == facet), None)
    if chosen is not None:
        found = found.filter(_belongs_to(facet))
    ranked = found.annotate(rank=SearchRank(F("vector"), query)).order_by(
        "-rank", F("date").desc(nulls_last=True), "-pk"
    )
    paginator = Paginator(_highlighted(ranked, asked, language), A_PAGE)
    total = chosen.count if chosen else sum(one.count for one in facets)
    paginator.count = total  # known already
    page = paginator.get_page(number)
    return Answer(
        asked=asked,
        language=language,
        facet=chosen.code if chosen else "",
        total=total,
        results=_results(page),
        facets=facets,
        page=page,
    )


def _find_similar(asked: str, language: str) -> Answer:
    similar = _similar(_entries(language), fold(asked), LEAST_SIMILARITY)
    results = _results(_highlighted(similar, "", language)[:MOST_SIMILAR])
    return Answer(asked=asked, language=language, total=len(results), results=results, is_similar=bool(results))


def _similar(entries: QuerySet[SearchEntry], folded: str, least: float) -> QuerySet[SearchEntry]:
    return (
        entries.annotate(likeness=TrigramWordSimilarity(folded, "title_folded"))
        .filter(likeness__gte=least)
        .order_by("-likeness", F("date").desc(nulls_last=True), "-pk")
    )


def _facets(found: QuerySet[SearchEntry]) -> tuple[Facet, ...]:
    labels, counts = _labels(), dict[str, int]()
    for source, kind, count in found.order_by().values_list("source", "kind").annotate(count=Count("pk")):
        code = _facet_of(source, kind, labels)
        counts[code] = counts.get(code, 0) + count
    return tuple(Facet(code=code, label=labels[code], count=counts[code]) for code in labels if code in counts)


def _facet_of(source: str, kind: str, labels: dict[str, Any]) -> str:
    """A kind that its source does not declare is no facet of its own."""
    return f"{source}:{kind}" if f"{source}:{kind}" in labels else source


def _belongs_to(facet: str) -> Q:
    source, _colon, kind = facet.partition(":")
    if kind:
        return Q(source=source, kind=kind)
    declared = [code for code, _label in sources.installed()[source].kinds]
    return Q(source=source) & ~Q(kind__in=declared)


def _labels() -> dict[str, Any]:
    """Facet code -> label, in the order in which facets are offered."""
    labels: dict[str, Any] = {}
    for code, source in sources.enabled().items():
        labels |= {f"{code}:{kind}": label for kind, label in source.kinds} | {code: source.label}
    return labels


def _highlighted(entries: QuerySet[SearchEntry], asked: str, language: str) -> QuerySet[SearchEntry]:
    text = Concat("summary", Value(" \n"), "body", output_field=TextField())
    query = marks(asked, language) or SearchQuery("", config=configuration(language))
    shared: dict[str, Any] = {"config": configuration(language), "start_sel": OPEN, "stop_sel": CLOSE}
    return entries.annotate(
        shown_title=SearchHeadline("title", query, highlight_all=True, **shared),
        shown_text=SearchHeadline(text, query, max_words=34, min_words=16, max_fragments=2, **shared),
    ).defer("body", "vector")


def _results(entries: Any) -> tuple[Result, ...]:
    labels = _labels()
    results = []
    for entry in entries:
        code = _facet_of(entry.source, entry.kind, labels)
        results.append(
            Result(
                title=marked(entry.shown_title),
                snippet=marked(entry.shown_text.strip()),
                url=entry.url,
                language=entry.language,
                date=entry.date,
                facet=code,
                label=labels[code],
            )
        )
    return tuple(results)


def marked(text: str) -> SafeString:
    """Escaped, with <mark> where the database put its two private signs."""
    safe = escape(text).replace(OPEN, "<mark>").replace(CLOSE, "</mark>")
    return mark_safe(safe)  # noqa: S308  escaped just above
