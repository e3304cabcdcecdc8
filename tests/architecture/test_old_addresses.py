"""What a manifest and the registry refuse of old addresses, with the accepted beside it."""

from dataclasses import replace

import pytest

from hamaynk.contract import Manifest, ManifestError, OldAddress
from hamaynk.contract.registry import Registry

ONE = Manifest(name="one", title="One", summary="One", app="one")


def at(*paths: str, name: str = "one") -> Manifest:
    """A manifest with old addresses at these paths."""
    addresses = tuple(OldAddress(path=path, url_name=f"{name}:index") for path in paths)
    return replace(ONE, name=name, old_addresses=addresses)


@pytest.mark.parametrize("path", ["", "/Pages/", "Pages/A.aspx?Year=1", "Pages/#a", "Pages/a b", "Pages\\A", "A\n"])
def test_what_is_no_path_is_refused(path):
    """Neither a leading slash nor a query; the control is the plain path."""
    assert at("Pages/A.aspx").old_addresses
    with pytest.raises(ManifestError, match="no path of an old address"):
        at(path)


def test_a_doubled_path_is_refused_whatever_its_case():
    """Letters' case does not tell two addresses apart."""
    assert at("Pages/", "Pages/A.aspx").old_addresses
    with pytest.raises(ManifestError, match=r"declared twice: pages/a\.aspx"):
        at("Pages/A.aspx", "pages/a.ASPX")


@pytest.mark.parametrize("theirs", ["Pages/Budget/A.aspx", "pages/BUDGET/", "Pages/Budget/in/", "Pages/"])
def test_two_modules_do_not_claim_one_address(theirs):
    """Nor an address in the other's folder; beside it is allowed, and inside one's own too."""
    mine = at("Pages/Budget/", "Pages/Budget/A.aspx")
    assert Registry([mine, at("Pages/BudgetPlan/", "Pages/B.aspx", name="two")]).names() == ["one", "two"]
    with pytest.raises(ManifestError, match="both claim the old address"):
        Registry([mine, at(theirs, name="two")])
