"""Towns whose sites are set up."""

import pytest

from public_sites.cms.setup import set_up_roots
from tenants.context import in_town
from tenants.setup import set_up_town
from tests.support.remembered import remembered


@pytest.fixture
@remembered
def sites(towns):
    """The two towns, ready to be edited, without a page."""
    for slug in (towns.first, towns.second):
        with in_town(slug):
            set_up_roots()
    return towns


@pytest.fixture
@remembered
def planted(towns):
    """The two towns, the first with the starter pages of a new town."""
    set_up_town(towns.first)
    return towns


@pytest.fixture
def eager():
    """Tasks run where they are asked for: the outbox is delivered with the commit, mailings are sent at once."""
    from tasks.app import app

    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    yield
    app.conf.task_always_eager = app.conf.task_eager_propagates = False
