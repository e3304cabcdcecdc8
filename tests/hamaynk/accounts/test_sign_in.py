"""Signing in at each door, and nowhere else."""

import re

import pytest
from django.core import mail

from hamaynk.accounts.actions import create_account
from hamaynk.accounts.models import User
from tenants.context import in_town
from tests.conftest import PASSWORD, HostClient

SIGN_UP = {
    "full_name": "Նարե Մկրտչյան",
    "email": "nare@example.am",
    "password1": "kanach-dilijan-7",
    "password2": "kanach-dilijan-7",
}


def _citizen(slug: str, email: str = "citizen@example.am") -> User:
    with in_town(slug):
        return create_account(email=email, full_name="Նարե Մկրտչյան", password=PASSWORD, is_staff=False)


def _is_signed_in(client: HostClient) -> bool:
    page = client.get("/accounts/email/" if "office" not in client.host else "/")
    return page.status_code == 200


def test_a_citizen_signs_up_confirms_the_address_and_signs_in(towns, visitor):
    """R37: sign-up on the town's own site; the account exists in that town only."""
    client = visitor(towns.first)
    assert client.get("/accounts/signup/").status_code == 200
    answer = client.post("/accounts/signup/", SIGN_UP)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert len(mail.outbox) == 1
    assert "Դիլիջանի համայնքապետարան" in mail.outbox[0].subject
    assert not _is_signed_in(client)
    link = re.search(r"http://dilijan\.localhost(/accounts/confirm-email/\S+)", mail.outbox[0].body).group(1)
    assert client.post(link).status_code == 302
    assert client.sign_in("nare@example.am", "kanach-dilijan-7").status_code == 302
    assert _is_signed_in(client)
    with in_town(towns.first):
        assert User.objects.get().full_name == "Նարե Մկրտչյան"
    with in_town(towns.second):
        assert not User.objects.exists()


@pytest.mark.parametrize("host", ["dilijan.office.localhost", "console.localhost", "oversight.localhost"])
def test_nobody_signs_up_anywhere_but_on_a_site(towns, host):
    """Staff, operators and the ministry are invited."""
    client = HostClient(host)
    client.post("/accounts/signup/", SIGN_UP)
    assert not mail.outbox
    with in_town(towns.first):
        assert not User.objects.exists()


def test_a_citizen_cannot_enter_the_office(towns, visitor):
    """The same town, the same password, the wrong door."""
    _citizen(towns.first)
    office = visitor(towns.first, "office")
    assert office.sign_in("citizen@example.am").status_code == 200
    assert office.get("/").status_code == 302
    site = visitor(towns.first)
    assert site.sign_in("citizen@example.am").status_code == 302  # the control: the account itself is good


@pytest.mark.parametrize("elsewhere", ["dilijan.office.localhost", "sevan.localhost", "sevan.office.localhost"])
def test_a_session_cookie_is_worth_nothing_at_another_host(towns, visitor, elsewhere):
    """R49: neither at the office of the same town nor in another town."""
    with in_town(towns.first):
        create_account(email="both@example.am", full_name="Երկուսն էլ", password=PASSWORD, is_staff=True)
    client = visitor(towns.first)
    client.sign_in("both@example.am")
    assert _is_signed_in(client)
    thief = HostClient(elsewhere)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert not _is_signed_in(thief)
    assert _is_signed_in(client), "the control: the cookie is still good at home"


def test_cookies_are_host_only_and_closed_to_scripts(towns, visitor):
    """No Domain attribute: a browser never sends them to another town."""
    _citizen(towns.first)
    client = visitor(towns.first)
    client.get("/accounts/login/")
    client.sign_in("citizen@example.am")
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["domain"] == ""
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_the_table_of_sessions_does_not_hold_what_the_cookie_holds(towns, visitor):
    """Whoever reads the table cannot sign in with it."""
    from django.contrib.sessions.models import Session

    _citizen(towns.first)
    client = visitor(towns.first)
    client.sign_in("citizen@example.am")
    with in_town(towns.first):
        keys = set(Session.objects.values_list("session_key", flat=True))
    assert keys
    assert client.cookies["sessionid"].value not in keys


def test_the_session_changes_at_sign_in_and_dies_with_the_password(towns, visitor):
    """No fixation; a new password ends all other sessions at their next request."""
    user = _citizen(towns.first)
    client, other = visitor(towns.first), visitor(towns.first)
    client.get("/accounts/login/")
    before = client.session.session_key if "sessionid" in client.cookies else None
    client.sign_in("citizen@example.am")
    assert client.cookies["sessionid"].value != before
    other.sign_in("citizen@example.am")
    with in_town(towns.first):
        user = User.objects.get(pk=user.pk)
        user.set_password("another-good-one-9")
        user.save()
    assert not _is_signed_in(client)
    assert not _is_signed_in(other)


@pytest.mark.parametrize("password", ["short1", "12345678901", "password123", "nare@example.am"])
def test_bad_passwords_are_refused_beside_the_field(towns, visitor, password):
    """Length, digits only, common, like the address; what was typed in other fields is kept."""
    answer = visitor(towns.first).post("/accounts/signup/", {**SIGN_UP, "password1": password, "password2": password})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Նարե Մկրտչյան" in text
    assert "id_password1" in text
    assert not mail.outbox


def test_failed_sign_ins_are_limited_per_account(towns, visitor):
    """After five failures in five minutes the right password is refused too, for a while; another town does not notice."""
    _citizen(towns.first)
    _citizen(towns.second)
    client = visitor(towns.first)
    for _ in range(5):
        client.sign_in("citizen@example.am", "wrong-password-1")
    assert client.sign_in("citizen@example.am").status_code != 302
    assert visitor(towns.second).sign_in("citizen@example.am").status_code == 302


def test_sign_up_does_not_tell_who_has_an_account(towns, visitor):
    """The same answer for a known and an unknown address."""
    _citizen(towns.first, "nare@example.am")
    known = visitor(towns.first).post("/accounts/signup/", SIGN_UP)
    unknown = visitor(towns.first).post("/accounts/signup/", {**SIGN_UP, "email": "new@example.am"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_a_lost_password_is_reset_by_mail(towns, visitor):
    """The whole way, in Armenian."""
    _citizen(towns.first)
    client = visitor(towns.first)
    client.post("/accounts/password/reset/", {"email": "citizen@example.am"})
    link = re.search(r"http://dilijan\.localhost(/accounts/password/reset/key/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "nor-gaghtnabar-5", "password2": "nor-gaghtnabar-5"})
    assert visitor(towns.first).sign_in("citizen@example.am", "nor-gaghtnabar-5").status_code == 302
