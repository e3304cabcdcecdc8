"""Towns with a site, and a reader of the header that says whether an answer came from memory."""

import pytest

from tenants.setup import set_up_town
from tests.support.remembered import remembered


@pytest.fixture
@remembered
def planted(towns):
    """The two towns, the first with the starter pages of a new town."""
    set_up_town(towns.first)
    return towns


def how(answer):
    """hit for what came from memory, miss for what was drawn and kept, nothing for the rest."""
    return answer.get("Server-Timing", "").removeprefix("cache;desc=")


def kept(client, path, **headers):
    """The page, from memory: asked for as often as it takes (a picture may be made at first), three times at most."""
    for _ in range(3):
        answer = client.get(path, headers=headers or None)
        if how(answer) == "hit":
            return answer
    raise AssertionError(f"{path} is not kept: {answer.status_code} {answer.headers}")
