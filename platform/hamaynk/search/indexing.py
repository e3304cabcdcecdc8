"""Put texts into the search of the present town, and take them out. Use cases that write."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Value
from django.db.models.expressions import CombinedExpression

from hamaynk.contract import SearchText
from hamaynk.contract.registry import resolve
from hamaynk.search import sources
from hamaynk.search.armenian import fold
from hamaynk.search.dictionary import CONFIGURATIONS, configuration, indexed
from hamaynk.search.models import SearchEntry

RECIPE = "1"  # changes with the way in which words are indexed: what is there is then written anew within an hour
MOST = {"title": 400, "summary": 1000, "body": 20_000, "url": 500, "key": 120, "kind": 40}
A_BATCH = 200
NEVER_SHOWN = dict.fromkeys((0, 0xE000, 0xE001))  # NUL, and the marks of a highlight
CHANGED = ["kind", "title", "summary", "body", "url", "date", "title_folded", "digest", "vector"]


def refresh(source: str) -> int:
    """Make the entries of one source ("budgets.lines") what it gives now. Returns how many there are.

    What did not change is not written. KeyError for a source that is not installed.
    """
    give = resolve(sources.installed()[source].source)
    with transaction.atomic():
        _keep_others_from_writing()
        seen: set[tuple[str, str]] = set()
        told = iter(give())
        while batch := list(itertools.islice(told, A_BATCH)):
            seen |= _write(source, batch)
        gone = [pk for pk, *name in SearchEntry.objects.filter(source=source).values_list("pk", "key", "language")
                if tuple(name) not in seen]  # fmt: skip
        SearchEntry.objects.filter(pk__in=gone).delete()
    return len(seen)


def refresh_all() -> int:
    """Every source of the modules that the town has on; what belongs to no installed source goes. Returns how many."""
    SearchEntry.objects.exclude(source__in=list(sources.installed())).delete()
    return sum(refresh(source) for source in sources.enabled())


def put(source: str, texts: Iterable[SearchText]) -> None:
    """Add these texts of a source, or change them; its others stay."""
    told = iter(texts)
    with transaction.atomic():
        while batch := list(itertools.islice(told, A_BATCH)):
            _write(source, batch)


def remove(source: str, *keys: str) -> None:
    """Take these texts of a source out, in all languages."""
    SearchEntry.objects.filter(source=source, key__in=keys).delete()


def _keep_others_from_writing() -> None:
    """Until the end of the transaction: what is taken out while a source is read must not come back with it."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {SearchEntry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _write(source: str, texts: list[SearchText]) -> set[tuple[str, str]]:
    entries = {(entry.key, entry.language): entry for entry in _entries(source, texts)}
    known = SearchEntry.objects.filter(source=source, key__in={key for key, _language in entries})
    same = {(key, language) for key, language, digest in known.values_list("key", "language", "digest")
            if (key, language) in entries and entries[key, language].digest == digest}  # fmt: skip
    changed = [entry for name, entry in entries.items() if name not in same]
    for entry in changed:
        entry.vector = _vector(entry)
    SearchEntry.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["source", "key", "language"], update_fields=CHANGED
    )
    return set(entries)


def _entries(source: str, texts: list[SearchText]) -> Iterator[SearchEntry]:
    for text in texts:
        if text.language not in CONFIGURATIONS or not text.title.strip():
            continue
        said = {name: _plain(getattr(text, name))[:most] for name, most in MOST.items()}
        parts = (RECIPE, text.language, str(text.date), *said.values())
        yield SearchEntry(
            source=source,
            language=text.language,
            date=text.date,
            title_folded=fold(said["title"]),
            digest=hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest(),
            **said,
        )


def _plain(text: str) -> str:
    return " ".join(str(text).translate(NEVER_SHOWN).split())


def _vector(entry: SearchEntry) -> CombinedExpression:
    config = configuration(entry.language)
    weighed = {"A": entry.title, "B": entry.summary, "C": entry.body}
    title, summary, body = (
        SearchVector(Value(indexed(text, entry.language)), weight=weight, config=config)
        for weight, text in weighed.items()
    )
    return title + summary + body
