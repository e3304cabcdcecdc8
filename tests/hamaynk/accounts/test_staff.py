"""Invitations, roles and units."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from hamaynk.accounts import actions
from hamaynk.accounts.models import Invitation, RoleGrant, Unit, User
from hamaynk.audit.models import Entry
from tenants.context import in_town
from tests.conftest import PASSWORD

ADMINISTRATOR, OFFICER = "accounts.administrator", "budgets.finance_officer"
FORM = {"full_name": "Արմեն Հակոբյան", "email": "armen@example.am", "role": OFFICER, "unit": ""}


def test_a_colleague_is_invited_accepts_once_and_works(towns, staff, visitor):
    """R7: the way into the office, through the browser; the link works once."""
    administrator = staff(towns.first, roles=[ADMINISTRATOR])
    assert administrator.post("/staff/invite/", FORM).status_code == 302
    link = re.search(r"http://dilijan\.office\.localhost(/invitation/\S+)", mail.outbox[0].body).group(1)
    guest = visitor(towns.first, "office")
    assert guest.get(link).status_code == 200
    passwords = {"password1": "lav-gaghtnabar-8", "password2": "lav-gaghtnabar-8"}
    assert guest.post(link, {**passwords, "password2": "other-one-4567"}).status_code == 422
    assert guest.post(link, passwords).status_code == 302
    assert guest.sign_in("armen@example.am", "lav-gaghtnabar-8").status_code == 302
    assert guest.get("/budget/").status_code == 200
    assert guest.get("/staff/").status_code == 403
    assert visitor(towns.first, "office").get(link).status_code == 404
    assert visitor(towns.second, "office").get(link).status_code == 404


def test_the_table_keeps_no_token(towns):
    """Whoever reads the table cannot accept an invitation."""
    with in_town(towns.first):
        invitation, token = actions.invite_staff(actor=None, email="a@example.am", full_name="A", role=OFFICER)
        assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())


def test_an_invitation_expires(towns, visitor):
    """After seven days."""
    with in_town(towns.first):
        _, token = actions.invite_staff(actor=None, email="a@example.am", full_name="A")
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(actions.InvitationRefused):
            actions.accept_invitation(token=token, password=PASSWORD)
        assert not User.objects.exists()
    assert visitor(towns.first, "office").get(f"/invitation/{token}/").status_code == 404


def test_only_the_administrator_invites_and_grants(towns, staff):
    """In the view and in the action; the control is the administrator in the test above."""
    clerk = staff(towns.first, roles=[OFFICER])
    assert clerk.get("/staff/").status_code == 403
    assert clerk.post("/staff/invite/", FORM).status_code == 403
    with in_town(towns.first):
        for act in (
            lambda: actions.invite_staff(actor=clerk.user, email="x@example.am", full_name="X"),
            lambda: actions.grant_role(actor=clerk.user, user=clerk.user, role=ADMINISTRATOR),
            lambda: actions.withdraw_role(actor=clerk.user, grant=RoleGrant.objects.get()),
        ):
            with pytest.raises(PermissionDenied):
                act()
        assert not Invitation.objects.exists()
        assert RoleGrant.objects.count() == 1


def test_a_withdrawn_role_is_gone_at_the_next_request(towns, staff):
    """Rights are read at each request, never kept in the session."""
    client = staff(towns.first, roles=[ADMINISTRATOR, OFFICER])
    assert client.get("/budget/").status_code == 200
    with in_town(towns.first):
        grant = RoleGrant.objects.get(role=OFFICER)
    assert client.post(f"/staff/grants/{grant.pk}/withdraw/").status_code == 302
    assert client.get("/budget/").status_code == 403
    with in_town(towns.first):
        assert Entry.objects.filter(action="accounts.role_withdrawn").exists()


def test_a_role_holds_in_its_unit_and_below(towns):
    """R7: granted per unit; the whole town hall where no unit is named."""
    with in_town(towns.first):
        hall = Unit.objects.create(code="hall", name_hy="Աշխատակազմ")
        finance = Unit.objects.create(code="finance", name_hy="Ֆինանսական բաժին", parent=hall)
        works = Unit.objects.create(code="works", name_hy="Քաղաքաշինության բաժին", parent=hall)
        user = actions.create_account(email="a@example.am", full_name="A", password=PASSWORD, is_staff=True)
        actions.grant_role(actor=None, user=user, role=OFFICER, unit=finance)
        user = User.objects.get()
        assert user.has_permission("budgets.import", finance)
        assert not user.has_permission("budgets.import", works)
        assert not user.has_permission("budgets.import", hall)
        assert user.has_permission("budgets.import")
        actions.grant_role(actor=None, user=user, role=OFFICER, unit=hall)
        assert User.objects.get().has_permission("budgets.import", works)


def test_an_inactive_person_has_no_rights_and_no_way_in(towns, staff):
    """Switching an account off is enough."""
    client = staff(towns.first, roles=[OFFICER])
    assert client.get("/budget/").status_code == 200
    with in_town(towns.first):
        User.objects.update(is_active=False)
        assert not User.objects.get().has_permission("budgets.import")
    assert client.get("/budget/").status_code == 302


def test_the_grants_of_a_page_cost_one_query(towns, django_assert_num_queries):
    """However many permissions are asked for."""
    with in_town(towns.first):
        user = actions.create_account(
            email="a@example.am", full_name="A", password=PASSWORD, is_staff=True, roles=(OFFICER, ADMINISTRATOR)
        )
        user = User.objects.get(pk=user.pk)
        with django_assert_num_queries(1):
            for permission in ("budgets.view", "budgets.publish", "accounts.manage_staff", "budgets.none"):
                user.has_permission(permission)


def test_who_looked_at_the_list_of_people_is_kept(towns, staff):
    """Reads of personal data leave an audit line; a page without personal data leaves none."""
    administrator = staff(towns.first, roles=[ADMINISTRATOR])
    administrator.get("/")
    with in_town(towns.first):
        assert not Entry.objects.filter(action="accounts.staff_listed").exists()
    administrator.get("/staff/")
    with in_town(towns.first):
        assert Entry.objects.get(action="accounts.staff_listed").actor_id == administrator.user.pk
