"""What modules let the search find, and which of it the present town has on."""

from collections.abc import Iterable, Iterator

from hamaynk.contract import Manifest, SearchSource
from hamaynk.contract.registry import registry
from tenants.context import current_town_schema
from tenants.routing import table


def installed() -> dict[str, SearchSource]:
    """Full code ("budgets.lines") -> source, over all installed modules."""
    return dict(_sources(registry()))


def enabled() -> dict[str, SearchSource]:
    """Those of the modules that the present town has on, in the order in which they are offered."""
    town = table.town(current_town_schema())
    found = _sources(registry().enabled(town.modules if town else ()))
    return dict(sorted(found, key=lambda pair: pair[1].order))


def _sources(manifests: Iterable[Manifest]) -> Iterator[tuple[str, SearchSource]]:
    for manifest in manifests:
        for source in manifest.search_sources:
            yield f"{manifest.name}.{source.code}", source
