"""What holds for every page of every surface: language, headers, date, errors."""

from datetime import date
from unittest.mock import patch

import pytest

from tests.conftest import HostClient

HOSTS = ["dilijan.localhost", "dilijan.office.localhost", "console.localhost", "oversight.localhost"]
PAGES = [(host, path) for host in HOSTS for path in ("/accounts/login/", "/no-such-page/", "/accounts/password/reset/")]


@pytest.mark.parametrize(("host", "path"), [*PAGES, ("nobody.localhost", "/"), ("dilijan.localhost", "/")])
def test_security_headers_are_everywhere(towns, host, path):
    """Strict content security policy, no framing, no sniffing; on errors too."""
    answer = HostClient(host).get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    text = answer.content.decode()
    assert "<script>" not in text
    assert "style=" not in text
    assert " onclick=" not in text


@pytest.mark.parametrize(
    ("language", "long_date", "sign_in"),
    [
        ("hy", "Ուրբաթ, 18 Սեպտեմբերի 2015թ.", None),
        ("en", "Friday, 18 September 2015", "Sign in"),
        ("ru", "Пятница, 18 сентября 2015 г.", None),
    ],
)
def test_three_languages_and_the_long_date(towns, visitor, language, long_date, sign_in):
    """R50, R51: the switch is a plain link, kept in a cookie; the date has its weekday."""
    client = visitor(towns.first)
    assert client.get(f"/language/{language}/?next=/").status_code == 302
    with patch("hamaynk.ui.context.timezone.localdate", return_value=date(2015, 9, 18)):
        text = client.get("/").content.decode()
    assert f'lang="{language}"' in text
    assert long_date in text
    if sign_in:
        assert sign_in in text


def test_armenian_is_the_default_whatever_the_browser_wishes(towns):
    """R50: an Armenian town speaks Armenian first."""
    client = HostClient("dilijan.localhost")
    text = client.get("/", headers={"accept-language": "ru,en;q=0.5"}).content.decode()
    assert 'lang="hy"' in text
    assert "Դիլիջանի համայնքապետարան" in text


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_language_switch_leads_nowhere_else(towns, visitor, target):
    """No open redirect."""
    assert visitor(towns.first).get("/language/en/", {"next": target})["Location"] == "/"


def test_each_town_shows_its_own_name_and_nothing_of_the_other(towns, visitor):
    """R49, R26: heading by domain."""
    first, second = visitor(towns.first).get("/").content.decode(), visitor(towns.second).get("/").content.decode()
    assert "Դիլիջանի համայնքապետարան" in first
    assert "Դիլիջան" not in second
    assert "Սևանի համայնքապետարան" in second
    assert "Սևան" not in first


def test_a_view_without_a_rule_is_for_nobody(towns, visitor, drawn_each_time):
    """Closed by default; the control is the marked view."""
    from hamaynk.config.urls import site
    from public_sites.views import home

    assert visitor(towns.first).get("/").status_code == 200
    access = home.access
    try:
        del home.access
        assert visitor(towns.first).get("/").status_code == 403
    finally:
        home.access = access
    assert site.urlpatterns


@pytest.mark.parametrize("host", HOSTS)
def test_an_unexpected_fault_gets_a_page_in_the_same_dress(towns, host):
    """500 without a stack trace, in Armenian, needing no database."""
    client = HostClient(host, raise_request_exception=False)
    with patch("hamaynk.ui.context.language_links", side_effect=RuntimeError("secret detail")):
        answer = client.get("/accounts/login/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_a_form_without_its_token_is_refused(towns):
    """Cross-site requests write nothing."""
    client = HostClient("dilijan.localhost", enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "a@example.am", "password": "x"})
    assert answer.status_code == 403
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_health_answers_at_any_host_without_a_database(towns):
    """For the proxy and the launcher."""
    assert HostClient("whatever").get("/healthz").content == b"ok\n"
