"""Who edits a town's site, with which rights, behind which walls (R49; ADR 0018)."""

import json

import psycopg
import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from wagtail.models import GroupPagePermission, Locale, Page

from hamaynk.accounts.actions import grant_role, withdraw_role
from hamaynk.accounts.models import User
from public_sites.cms.walls import POLICY
from public_sites.models import TextPage
from tenants.context import as_owner, in_town
from tenants.ddl import StructureFault
from tenants.names import TEMPLATE
from tenants.reference_rows import copy_rows
from tenants.setup import set_up_town
from tests.support.links import owner_link, role_link

EDITOR, PUBLISHER = "public_sites.editor", "public_sites.publisher"


def numbers(schema):
    """Number -> kind of thing, and number -> permission, of one schema."""
    with owner_link() as owner:
        kinds = owner.execute(f'SELECT id, app_label, model FROM "{schema}".django_content_type ORDER BY id').fetchall()
        acts = owner.execute(f'SELECT id, codename FROM "{schema}".auth_permission ORDER BY id').fetchall()
    return kinds, acts


def test_kinds_of_things_bear_one_number_everywhere(sites):
    """Django remembers them by number for the whole process."""
    kinds, acts = numbers(TEMPLATE)
    assert ("wagtailcore", "page") in {row[1:] for row in kinds}
    assert "access_admin" in {row[1] for row in acts}
    for schema in (sites.first, sites.second, "console", "oversight"):
        assert numbers(schema) == (kinds, acts)


@pytest.mark.parametrize("table", ["django_content_type", "auth_permission"])
def test_no_town_adds_one_of_its_own(sites, table):
    """Refused to the town's role; and its own tables are open to it, so it is the table that is refused."""
    with role_link(sites.first) as door:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            door.execute(f"DELETE FROM {table}")
        door.execute("DELETE FROM wagtailcore_pagelogentry")


def test_another_number_is_noticed(sites):
    """A restore or a hand that changed one stops the rollout instead of mixing up things."""
    with owner_link() as owner:
        change = "UPDATE dilijan.django_content_type SET id = {} WHERE id = {} AND app_label = 'wagtailembeds'"
        row = owner.execute("SELECT id FROM dilijan.django_content_type WHERE app_label = 'wagtailembeds'").fetchone()
        owner.execute("ALTER TABLE dilijan.auth_permission DISABLE TRIGGER ALL")
        owner.execute("ALTER TABLE dilijan.django_content_type DISABLE TRIGGER ALL")
        try:
            owner.execute(change.format(9999, row[0]))
            with as_owner(), pytest.raises(StructureFault, match="other numbers"), transaction.atomic():
                copy_rows(sites.first)
        finally:
            owner.execute(change.format(row[0], 9999))
            owner.execute("ALTER TABLE dilijan.auth_permission ENABLE TRIGGER ALL")
            owner.execute("ALTER TABLE dilijan.django_content_type ENABLE TRIGGER ALL")
    with as_owner():
        copy_rows(sites.first)


def test_setting_up_twice_changes_nothing(sites):
    """It runs after every rollout."""

    def counted():
        with in_town(sites.first):
            return [m.objects.count() for m in (Page, Locale, Group, GroupPagePermission)]

    set_up_town(sites.first)
    before = counted()
    assert before[0] > 80
    set_up_town(sites.first)
    assert counted() == before
    with in_town(sites.first):
        assert set(Locale.objects.values_list("language_code", flat=True)) == {"hy", "en", "ru"}


def test_groups_follow_the_office(sites, staff):
    """Granted and withdrawn where all roles are; nobody is a superuser."""
    person = staff(sites.first, roles=[EDITOR]).user
    with in_town(sites.first):
        groups = person.groups.values_list("name", flat=True)
        assert list(groups.all()) == ["editors"]
        grant = grant_role(actor=None, user=person, role=PUBLISHER)
        assert set(groups.all()) == {"editors", "publishers"}
        withdraw_role(actor=None, grant=grant)
        assert list(groups.all()) == ["editors"]
        with pytest.raises(IntegrityError, match="user_nobody_is_superuser"), transaction.atomic():
            User.objects.filter(pk=person.pk).update(is_superuser=True)


def test_the_screens_are_for_editors(sites, staff, visitor):
    """Signed in, and with the role: the same gate as all pages of the office."""
    stranger = visitor(sites.first, "office").get("/cms/")
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/accounts/login/")
    assert staff(sites.first, roles=["budgets.finance_officer"], email="f@example.am").get("/cms/").status_code == 403
    editor = staff(sites.first, roles=[EDITOR], email="e@example.am")
    assert editor.get("/site/")["Location"] == "/cms/"
    page = editor.get("/cms/")
    assert page.status_code == 200
    assert visitor(sites.first).get("/cms/").status_code == 404


def test_the_walls(sites, staff):
    """The wider policy holds on the editing screens alone."""
    editor = staff(sites.first, roles=[EDITOR])
    said = editor.get("/cms/pages/")["Content-Security-Policy"]
    for directive, sources in POLICY.items():
        assert f"{directive} {' '.join(sources)}" in said
    assert "default-src 'none'" in said
    assert "unsafe-inline" not in editor.get("/")["Content-Security-Policy"]


def test_every_screen_is_behind_the_gate(sites):
    """Whatever screens a newer version brings: each carries the permission."""
    from public_sites.cms.urls import _patterns, urlpatterns

    open_to_all = {p.name for p in _patterns(urlpatterns) if p.callback.access.permission != "public_sites.edit"}
    assert open_to_all == {"wagtailadmin_login", "wagtailadmin_logout"} | {p.name for p in _patterns(urlpatterns[:2])}


def test_a_page_stays_in_its_town(sites, staff):
    """Same number, same kind, two towns: each sees its own."""
    for slug, title in ((sites.first, "Դիլիջանի էջ"), (sites.second, "Սևանի էջ")):
        with in_town(slug):
            root = Page.get_first_root_node()
            child = root.add_child(instance=Page(title=title, slug="same"))
            assert child.pk == 2
            assert child.content_type == ContentType.objects.get_for_model(Page)
    one = staff(sites.first, roles=[PUBLISHER]).get("/cms/pages/").content.decode()
    other = staff(sites.second, roles=[PUBLISHER]).get("/cms/pages/").content.decode()
    assert "Դիլիջանի էջ" in one
    assert "Սևանի էջ" not in one
    assert "Սևանի էջ" in other
    assert "Դիլիջանի էջ" not in other
    assert connection.schema_name == "public"


def form_of(page):
    """What the browser sends for a page without blocks."""
    empty = {"body-count": "0"}
    return {"title": page.title, "slug": page.slug, "summary": "Նոր խոսք", "comments-TOTAL_FORMS": "0", **empty} | {
        f"comments-{name}": value
        for name, value in (("INITIAL_FORMS", "0"), ("MIN_NUM_FORMS", "0"), ("MAX_NUM_FORMS", ""))
    }


def test_a_preview_is_what_a_visitor_sees(planted, staff):
    """In a frame of the office, as nobody in particular; and whoever edits stays signed in, in the same town."""
    publisher = staff(planted.first, roles=[PUBLISHER])
    with in_town(planted.first):
        page = TextPage.objects.get(slug="about", url_path__startswith="/hy/")
    address = f"/cms/pages/{page.pk}/edit/preview/"
    assert publisher.post(address, form_of(page)).json()["is_valid"]
    shown = publisher.get(address + "?mode=")
    text = shown.content.decode()
    assert "Նոր խոսք" in text
    assert "Մուտք" in text
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert "unsafe-inline" not in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert publisher.get("/cms/pages/").status_code == 200


def test_an_editor_drafts_and_a_publisher_publishes(planted, staff, visitor):
    """R23: what an editor saves stays a draft, whatever the form asks for."""
    with in_town(planted.first):
        page = TextPage.objects.get(slug="about", url_path__startswith="/hy/")
    address, form = f"/cms/pages/{page.pk}/edit/", None
    for role, asked, seen in ((EDITOR, "action-publish", False), (PUBLISHER, "action-publish", True)):
        form = form_of(page) | {asked: "1"}
        client = staff(planted.first, roles=[role], email=f"{role}@example.am")
        assert client.post(address, form).status_code == 302
        live = visitor(planted.first).get("/community/about/").content.decode()
        assert ("Նոր խոսք" in live) is seen


def test_the_screens_speak_armenian(planted, staff):
    """What an editor of a town sees: words of the pages and words of their scripts; Russian where somebody asks for it."""
    editor = staff(planted.first, roles=[EDITOR])
    with in_town(planted.first):
        page = TextPage.objects.get(slug="about", url_path__startswith="/hy/")
    screen = editor.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    for word in ("Պահպանել սևագիրը", "Նախադիտում", "Պատմություն"):
        assert word in screen
    for word in ("Save draft", "Save Draft", "Publish", "Submit for moderation"):
        assert f">{word}<" not in screen
    assert json.dumps("Չեղարկել") in editor.get("/cms/jsi18n/").content.decode()
