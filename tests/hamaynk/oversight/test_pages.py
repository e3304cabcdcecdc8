"""The ministry's pages over HTTP: towns, marzes, country, months, late publishers, downloads; both sides (R2, R41)."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hamaynk.oversight import selectors
from hamaynk.oversight.models import Figure
from tenants import activation, provisioning
from tenants.context import as_owner, in_console, in_oversight
from tenants.models import Community
from tests.conftest import HostClient
from tests.hamaynk.oversight.towns import item, publish_execution, two_marzes

SEPTEMBER = date(2026, 9, 1)


@pytest.fixture
def published(towns: Any) -> None:
    """September's expenditure of three towns in two marzes; Gavar has published nothing."""
    two_marzes()
    publish_execution("dilijan", "500.00", items=[item("2900", "100.00"), item("2100", "400.00")])
    publish_execution("ijevan", "900.00", planned="2000.00")
    publish_execution("sevan", "70.00", planned="0.00")


def rows(client: HostClient, address: str) -> list[dict[str, str]]:
    """A download, read back."""
    answer = client.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


def cells(page: str) -> list[list[str]]:
    """All table rows of a page as text."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    plain = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in plain]


def test_percent_of_a_sum_is_of_the_sums(published: None) -> None:
    """By hand: Tavush (500 + 900) of 3000 is 46.67, not the mean of 50 and 45; the country 1470 of 3000 is 49.00."""
    with in_oversight():
        lines = selectors.list_executions(SEPTEMBER, "expenditure")
    sums = {line.marz: line for line in selectors.by_marz(lines)}
    assert {line.town.slug: line.percent for line in lines} == {
        "dilijan": Decimal("50.00"), "ijevan": Decimal("45.00"), "sevan": None, "gavar": None,
    }  # fmt: skip
    assert (sums["TV"].percent, sums["TV"].published, sums["TV"].towns) == (Decimal("46.67"), 2, 2)
    assert (sums["GR"].percent, sums["GR"].executed, sums["GR"].published, sums["GR"].towns) == (None, 70, 1, 2)
    total = selectors.sum_of(lines)
    assert (total.executed, total.planned, total.percent) == (1470, 3000, Decimal("49.00"))
    assert total.population == 17712 + 20000 + 19229


def test_the_comparison_in_three_languages(published: None, ministry: HostClient) -> None:
    """Sentence, chart, sums by marz, every town; a dash where there is no plan, and the row stays."""
    for language, marz, none in (
        ("hy", "Տավուշ", "չի հրապարակվել"),
        ("en", "Tavush", "not published"),
        ("ru", "Тавуш", ""),
    ):
        ministry.get(f"/language/{language}/?next=/")
        page = ministry.get("/?side=expenditure&year=2026&month=9").content.decode()
        assert f'lang="{language}"' in page
        assert "<svg" in page
        table = cells(page)
        assert any(row[:2] == [marz, "2 / 2"] and row[-2] == "46.67" for row in table)
        assert any(row[2:6] == ["4.000", "0.000", "0.070", "–"] for row in table)
        assert none in page


def test_the_other_side_has_its_own_figures(published: None, ministry: HostClient) -> None:
    """Nothing of expenditure is shown as revenue; once published, revenue stands beside it."""
    assert "46.67" not in ministry.get("/?side=revenue").content.decode()
    publish_execution("dilijan", "123.00", side="revenue")
    page = ministry.get("/?side=revenue").content.decode()
    assert "12.30" in page
    assert "46.67" not in page


def test_a_correction_replaces_total_and_lines(published: None) -> None:
    """Version 2 stands, a line it no longer has is gone; version 1, delivered late, changes nothing."""
    publish_execution("dilijan", "600.00", version=2, items=[item("2900", "600.00")])
    publish_execution("dilijan", "500.00", version=1, items=[item("2100", "400.00")])
    with in_oversight():
        mine = Figure.objects.filter(town="dilijan", indicator="budgets.expenditure_executed", period=SEPTEMBER)
        assert {f.item: (f.value, f.version) for f in mine} == {"": (600, 2), "2900": (600, 2)}


def test_archived_and_switched_off_towns_are_out(published: None, ministry: HostClient) -> None:
    """Their figures stay in the store and in no sum; a suspended town's stand. The control: before, all three do."""
    address = "/execution.csv?side=expenditure&year=2026&month=9"
    assert {row["code"] for row in rows(ministry, address) if row["published"] == "1"} >= {"dilijan", "ijevan", "sevan"}
    with as_owner():
        provisioning.set_state("ijevan", Community.State.ARCHIVED)
        provisioning.set_state("dilijan", Community.State.SUSPENDED)
    with in_console():
        activation.disable(community=Community.objects.get(slug="sevan"), module="budgets")
    found = rows(ministry, address)
    assert [row["code"] for row in found if row["level"] == "town"] == ["dilijan", "gavar"]
    total = found[-1]
    assert (total["level"], total["executed"], total["percent"]) == ("all", "500.00", "50.00")


def test_sorted_and_filtered_by_marz(published: None, ministry: HostClient) -> None:
    """Any column either way; those without figures last; a marz alone."""

    def order(query: str) -> list[str]:
        found = rows(ministry, f"/execution.csv?side=expenditure&{query}")
        return [row["code"] for row in found if row["level"] == "town"]

    assert order("") == ["dilijan", "ijevan", "sevan", "gavar"]
    assert order("sort=percent") == ["ijevan", "dilijan", "sevan", "gavar"]
    assert order("sort=-executed") == ["ijevan", "dilijan", "sevan", "gavar"]
    assert order("sort=executed") == ["sevan", "dilijan", "ijevan", "gavar"]
    assert order("marz=GR") == ["sevan", "gavar"]
    assert order("sort=no_such;&marz=XX") == order("")


def test_twelve_months_of_a_town_a_marz_and_the_country(published: None, ministry: HostClient) -> None:
    """Months without figures are gaps; the country's month is the sum of those that published it."""
    publish_execution("dilijan", "400.00", month=8)
    town = rows(ministry, "/months.csv?side=expenditure&year=2026&town=dilijan")
    assert [row["executed"] for row in town] == ["", "", "", "", "", "", "", "400.00", "500.00", "", "", ""]
    country = rows(ministry, "/months.csv?side=expenditure&year=2026")
    assert [(row["executed"], row["published"]) for row in country[7:9]] == [("400.00", "1"), ("1470.00", "3")]
    marz = rows(ministry, "/months.csv?side=expenditure&year=2026&marz=TV")
    assert (marz[8]["executed"], marz[8]["percent"]) == ("1400.00", "46.67")
    for query in ("town=dilijan", "marz=TV", ""):
        page = ministry.get(f"/months/?side=expenditure&year=2026&{query}").content.decode()
        assert page.count('scope="row"') == 12
        assert "<svg" in page


def test_late_publishers_come_first(published: None, ministry: HostClient, settings: Any) -> None:
    """Gavar never published, Sevan owes October since 10 November; the others have published it."""
    for slug in ("dilijan", "ijevan"):
        publish_execution(slug, "1.00", month=10)
    with patch("hamaynk.oversight.views.timezone.localdate", return_value=date(2026, 11, 25)):
        found = rows(ministry, "/late.csv?side=expenditure")
        assert [(row["code"], row["days_late"]) for row in found] == [
            ("gavar", ""), ("sevan", "15"), ("dilijan", "0"), ("ijevan", "0"),
        ]  # fmt: skip
        assert found[1]["missing_months"] == "2026-10"
        page = ministry.get("/late/?side=expenditure").content.decode()
        assert page.count("tag-overdue") == 2
        assert page.index("Նմուշ") < page.index("tag-success")
        settings.PUBLICATION_DAYS = 26
        assert [row["days_late"] for row in rows(ministry, "/late.csv?side=expenditure")] == ["", "0", "0", "0"]


def test_pages_cost_the_same_for_every_number_of_towns(published: None) -> None:
    """No query in a loop: one for a comparison, one for a year, one for the late."""
    from hamaynk.oversight.lateness import list_publishers

    with in_oversight():
        for call in (
            lambda: selectors.list_executions(SEPTEMBER, "expenditure"),
            lambda: selectors.list_year(2026, "expenditure"),
            lambda: list_publishers("expenditure", today=date(2026, 11, 25), days=10, year=2026),
        ):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                call()
            assert len(queries) == 1


@pytest.mark.parametrize("path", ["/", "/months/", "/late/", "/execution.csv", "/months.csv", "/late.csv"])
def test_with_nothing_published_and_with_nonsense(towns: Any, ministry: HostClient, path: str) -> None:
    """Never a 500; and strangers are asked to sign in."""
    nonsense = "side=x&year=y&month=13'--&marz=%3Cb%3E&sort=-&town=../dilijan"
    for query in ("", nonsense, "year=99999&month=1", "month=²&year=2026"):
        answer = ministry.get(f"{path}?{query}")
        assert answer.status_code == 200
        assert "<b>" not in answer.content.decode()
    assert HostClient("oversight.localhost").get(path).status_code == 302
