"""Every installed module keeps the contract; and the suite can fail."""

import sys
from dataclasses import replace
from types import ModuleType

import pytest

from hamaynk.contract import (
    DatasetSource,
    HomeFigure,
    Indicator,
    Manifest,
    NavigationEntry,
    OldAddress,
    PersonalData,
    Surface,
    permission_required,
    public,
    text,
)
from hamaynk.contract import testing as suite
from hamaynk.contract.registry import registry
from modules.budgets.demo import seed
from tenants import activation
from tenants.context import in_console, in_town
from tenants.models import Community
from tenants.routing import table

CHECKS = [check for manifest in registry() for check in suite.conformance_checks(manifest)]


def test_the_third_party_module_is_among_them():
    """The suite is not for our own modules only."""
    assert {"budgets", "noticeboard"} <= set(registry().names())


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_conformance(check):
    """One duty of one module."""
    check()


@pytest.mark.parametrize("name", [manifest.name for manifest in registry() if not manifest.required])
def test_switching_is_idempotent(towns, name):
    """On twice, off twice, in one town; the other does not notice."""
    with in_console():
        community = Community.objects.get(slug=towns.first)
        before = table.town(towns.second).modules
        suite.switching_is_idempotent(
            registry().get(name),
            enable=lambda: activation.enable(community=community, module=name),
            disable=lambda: activation.disable(community=community, module=name),
            is_on=lambda: community.activations.filter(module=name).exists(),
        )
        assert table.town(towns.second).modules == before


@pytest.mark.parametrize("name", registry().names())
def test_datasets_bear_the_name(towns, name):
    """In a town with something published."""
    with in_town(towns.second):
        seed(towns.second)
        suite.datasets_bear_the_name(registry().get(name))
        if name == "budgets":
            with pytest.raises(AssertionError, match="not named after the module"):
                suite.datasets_bear_the_name(sample(datasets=registry().get(name).datasets))


# --- Controls: each duty left undone is noticed ---


@pytest.fixture
def pages(monkeypatch):
    """pages(view, ...) makes a urlconf `broken_urls` with these views, and gives its name."""

    def make(*views):
        from django.urls import path

        module = ModuleType("broken_urls")
        module.urlpatterns = [path(f"{number}/", view, name=f"page{number}") for number, view in enumerate(views)]
        monkeypatch.setitem(sys.modules, "broken_urls", module)
        return "broken_urls"

    return make


def sample(**changes) -> Manifest:
    """The notice board's manifest with something changed."""
    return replace(registry().get("noticeboard"), **changes)


def view(request):
    """A page without a mark."""


def test_a_view_without_a_mark_is_named(pages):
    """The gate would refuse it; the suite says so before."""
    with pytest.raises(AssertionError, match="view carries no access mark|carries no access mark"):
        suite.views_are_marked(sample(urls={Surface.SITE: pages(view)}))


@pytest.mark.parametrize(
    ("mark", "said"),
    [(public, "open to everybody"), (permission_required("noticeboard.nothing"), "does not declare")],
)
def test_an_office_page_needs_a_permission_of_the_module(pages, mark, said):
    """Neither open nor asking for what nobody declares."""

    @mark
    def page(request):
        """A page."""

    with pytest.raises(AssertionError, match=said):
        suite.views_are_marked(sample(urls={Surface.OFFICE: pages(page)}))


@pytest.mark.parametrize(
    ("duty", "changes", "said"),
    [
        (
            "dotted_paths_resolve",
            {"home_figures": (HomeFigure(source="hamaynk_noticeboard.views:none"),)},
            "nothing at",
        ),
        ("dotted_paths_resolve", {"datasets": (DatasetSource(source="hamaynk_noticeboard.views:no"),)}, "nothing at"),
        ("dotted_paths_resolve", {"api": "hamaynk_noticeboard.views:notices"}, "no django-ninja router"),
        (
            "names_stay_in_the_namespace",
            {"navigation": (NavigationEntry(surface=Surface.SITE, label=text("Notice"), url_name="budgets:index"),)},
            "outside its namespace",
        ),
        (
            "names_stay_in_the_namespace",
            {"navigation": (NavigationEntry(surface=Surface.SITE, label=text("Notice"), url_name="noticeboard:gone"),)},
            "no page",
        ),
        (
            "names_stay_in_the_namespace",
            {"old_addresses": (OldAddress(path="Pages/Notices.aspx", url_name="budgets:index"),)},
            "outside its namespace",
        ),
        (
            "old_addresses_are_answered",
            {"old_addresses": (OldAddress(path="Pages/Gone.aspx", url_name="noticeboard:list"),)},
            "is not answered",
        ),
        (
            "old_addresses_are_answered",
            {"old_addresses": (OldAddress(path="accounts/login/", url_name="noticeboard:list"),)},
            "answered by another page, account_login",
        ),
        (
            "old_addresses_are_answered",
            {"name": "board", "navigation": (), "roles": ()},
            "does not belong to the module",
        ),
        ("files_lie_under_the_name", {"name": "board", "navigation": (), "roles": ()}, "outside templates/board"),
        ("texts_in_three_languages", {"title": "Notice board"}, "not marked"),
        ("texts_in_three_languages", {"title": text("Said nowhere else")}, "not in the catalogue hy"),
        (
            "indicators_are_aggregates",
            {"indicators": (Indicator(code="citizen_phone", title=text("Notice"), unit="1"),)},
            "like personal data",
        ),
        (
            "indicators_are_aggregates",
            {"indicators": (Indicator(code="all", title=text("Notice"), unit=" "),)},
            "no unit",
        ),
        (
            "indicators_are_aggregates",
            {"indicators": (Indicator(code="all", title=text("Notice"), unit="1", period="second"),)},
            "period",
        ),
        (
            "declared_models_exist",
            {
                "personal_data": (
                    PersonalData(model="x.Y", fields=("z",), purpose=text("Notice"), retention=text("Notice")),
                )
            },
            "no model of the module",
        ),
        ("declared_models_exist", {"append_only": ("noticeboard.Gone",)}, "no model of the module"),
    ],
)
def test_a_manifest_that_promises_wrongly_is_named(duty, changes, said):
    """One duty broken, one sentence."""
    with pytest.raises(AssertionError, match=said):
        getattr(suite, duty)(sample(**changes))


def test_a_pointer_to_a_person_without_a_purpose_is_named():
    """`budgets` keeps who imported; without the declaration the suite is red."""
    with pytest.raises(AssertionError, match="holds personal data"):
        suite.personal_data_is_declared(replace(registry().get("budgets"), personal_data=()))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from tenants.models import Community", "imports tenants.models"),
        ("import django", "imports django"),
        ("from hamaynk.contract.registry import registry\nraise RuntimeError('no')", "RuntimeError"),
    ],
)
def test_a_manifest_that_leans_on_others_is_named(tmp_path, monkeypatch, line, said):
    """It imports the contract only, and loads by itself."""
    (tmp_path / "leaning_manifest.py").write_text(line, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AssertionError, match=said):
        suite.module_loads_alone("leaning_manifest")


def test_switching_that_toggles_is_named():
    """A switch that changes its mind the second time."""
    state = {"on": False}

    def toggle() -> bool:
        state["on"] = not state["on"]
        return True

    with pytest.raises(AssertionError, match="second time"):
        suite.switching_is_idempotent(sample(), enable=toggle, disable=toggle, is_on=lambda: state["on"])
