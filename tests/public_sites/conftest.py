"""Towns whose sites are set up."""

import pytest

from tenants.setup import set_up_town


@pytest.fixture
def sites(towns):
    """The two towns, with what a new town's site begins with."""
    for slug in (towns.first, towns.second):
        set_up_town(slug)
    return towns
