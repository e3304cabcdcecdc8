"""A third-party module from its installation to a page in one town and a 404 in the other (R21)."""

import pytest
from django.db import connection

from hamaynk.contract.registry import registry
from tenants.context import as_owner, in_town

PAGE, TASK = "/noticeboard/", "Read the notices"


@pytest.fixture
def switch(operator):
    """switch("dilijan", on=True), as the operator does it."""

    def make(slug: str, *, on: bool) -> None:
        answer = operator.post(f"/towns/{slug}/module/", {"module": "noticeboard", "on": "true" if on else ""})
        assert answer.status_code == 302

    return make


def _put_up(slug: str, text: str) -> None:
    from hamaynk_noticeboard.models import Notice

    with in_town(slug):
        Notice.objects.create(text=text)


def _in_english(client):
    client.get("/language/en/?next=/")
    return client


def test_it_is_installed_and_stands_in_every_town(towns):
    """Found by its entry point; its table is in both towns though it is on in none."""
    assert "noticeboard" in registry()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'hamaynk_noticeboard_notice'")
        assert {towns.first, towns.second} <= {schema for (schema,) in cursor.fetchall()}


def test_off_is_404_everywhere(towns, visitor, staff):
    """Off for new towns: no page, no task, and in the office no page either, whatever the role."""
    for slug in (towns.first, towns.second):
        assert visitor(slug).get(PAGE).status_code == 404
        assert TASK not in _in_english(visitor(slug)).get("/").content.decode()
    assert staff(towns.first, roles=["noticeboard.writer"]).get(PAGE).status_code == 404


def test_on_in_one_town_is_there_and_nowhere_else(towns, visitor, switch):
    """Page, task of the home page and menu in one town; the other, and the API of both, do not notice."""
    before = {slug: visitor(slug).get("/api/v1/openapi.json").json()["paths"] for slug in (towns.first, towns.second)}
    switch(towns.first, on=True)
    _put_up(towns.first, "Ջուրը կանջատվի երեքշաբթի")
    page = visitor(towns.first).get(PAGE)
    assert page.status_code == 200
    assert "Ջուրը կանջատվի երեքշաբթի" in page.content.decode()
    assert "Հայտարարությունների տախտակ" in page.content.decode()
    home = _in_english(visitor(towns.first)).get("/").content.decode()
    assert TASK in home
    assert f'href="/en{PAGE}"' in home
    assert visitor(towns.second).get(PAGE).status_code == 404
    assert TASK not in _in_english(visitor(towns.second)).get("/").content.decode()
    for slug, paths in before.items():
        answer = visitor(slug).get("/api/v1/openapi.json")
        assert answer.status_code == 200
        assert answer.json()["paths"] == paths


def test_its_old_address_goes_with_it(towns, visitor, switch):
    """A permanent redirect where the module is on, in any case of letters; elsewhere and in the office nothing."""
    assert visitor(towns.first).get("/Pages/Notices.aspx").status_code == 404
    switch(towns.first, on=True)
    answer = visitor(towns.first).get("/pages/NOTICES.aspx?id=7")
    assert (answer.status_code, answer["Location"]) == (301, PAGE)
    assert visitor(towns.first).get("/Pages/Notices.aspx/more").status_code == 404
    assert visitor(towns.second).get("/Pages/Notices.aspx").status_code == 404
    assert visitor(towns.first, "office").get("/Pages/Notices.aspx").status_code == 404


def test_the_office_asks_for_the_permission(towns, visitor, staff, switch):
    """Nobody: to the door. A colleague without the role: refused. With it: in, and what is written is public."""
    switch(towns.first, on=True)
    answer = visitor(towns.first, "office").get(PAGE)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert staff(towns.first, email="other@example.am").get(PAGE).status_code == 403
    writer = staff(towns.first, roles=["noticeboard.writer"], email="writer@example.am")
    assert writer.get(PAGE).status_code == 200
    assert writer.post(PAGE, {"text": "Ժողով ուրբաթ"}).status_code == 302
    assert "Ժողով ուրբաթ" in visitor(towns.first).get(PAGE).content.decode()


def test_switching_off_hides_and_keeps(towns, visitor, switch):
    """Off never drops: switched on again, the old notice is there."""
    switch(towns.first, on=True)
    _put_up(towns.first, "Հին հայտարարություն")
    switch(towns.first, on=False)
    assert visitor(towns.first).get(PAGE).status_code == 404
    switch(towns.first, on=True)
    assert "Հին հայտարարություն" in visitor(towns.first).get(PAGE).content.decode()
