"""Towns that have something to be found, without the cost of a whole planted site."""

import pytest

from hamaynk.contract import SearchText
from hamaynk.search import put
from tenants.context import in_town

SOURCE = "public_sites.pages"


@pytest.fixture
def told(towns):
    """told("Title", body="...") puts one text into the search of the first town, `town=` of another."""
    count = iter(range(1, 1000))

    def tell(title, *, town=towns.first, language="hy", **facts):
        key = facts.pop("key", None) or f"t{next(count)}"
        with in_town(town):
            put(SOURCE, [SearchText(key=key, language=language, title=title, url=f"/{key}/", **facts)])

    return tell


@pytest.fixture
def find(towns):
    """find("words") gives the addresses found in the first town."""
    from hamaynk.search import search

    def ask(words, language="hy", town=towns.first, **more):
        with in_town(town):
            return search(words, language, **more)

    return ask
