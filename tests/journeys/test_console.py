"""Operators: see the towns, onboard one, switch modules, suspend."""

import re

from django.core import mail

from hamaynk.audit.models import Entry
from tasks.provisioning import onboard_town
from tenants.context import as_owner, in_console, in_town
from tenants.models import Community, ProvisioningRun
from tests.conftest import HostClient

FORM = {
    "slug": "gavar",
    "name_hy": "Գավառ",
    "name_en": "Gavar",
    "name_ru": "Гавар",
    "hall_name_hy": "Գավառի համայնքապետարան",
    "hall_name_en": "Gavar Town Hall",
    "hall_name_ru": "Мэрия Гавара",
    "marz": "GR",
    "population": "20765",
    "colour": "#1f5a7a",
    "site_hosts": "gavar.test Գավառ.հայ",
    "administrator_name": "Արա Գևորգյան",
    "administrator_email": "ara@gavar.example",
}


def test_from_the_form_to_the_first_sign_in(towns, operator):
    """R5, R6: an operator asks, the provisioning process builds, the administrator comes by mail and gets in."""
    answer = operator.post("/new/", FORM)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with in_console():
        run = ProvisioningRun.objects.get()
    page = operator.get(answer["Location"])
    assert page["Refresh"] == "2"
    assert HostClient("gavar.localhost").get("/").status_code == 404
    assert onboard_town(run.pk) == "done"
    page = operator.get(answer["Location"])
    assert "Refresh" not in page
    assert "gavar" in operator.get("/").content.decode()
    assert HostClient("gavar.test").get("/").status_code == 200
    moved = HostClient("gavar.localhost:8000").get("/budget/?year=2015")
    assert (moved.status_code, moved["Location"]) == (301, "http://gavar.test:8000/budget/?year=2015")
    idn = HostClient("Գավառ.հայ".encode("idna").decode()).get("/")
    assert (idn.status_code, idn["Location"]) == (301, "http://gavar.test/")
    link = re.search(r"http://gavar\.office\.localhost\S*(/invitation/\S+)", mail.outbox[0].body).group(1)
    office = HostClient("gavar.office.localhost")
    office.post(link, {"password1": "lav-gaghtnabar-8", "password2": "lav-gaghtnabar-8"})
    assert office.sign_in("ara@gavar.example", "lav-gaghtnabar-8").status_code == 302
    assert office.get("/staff/").status_code == 200


def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(towns, operator):
    """Every fault at its field, in the operator's language; what was typed stays."""
    answer = operator.post("/new/", {**FORM, "slug": "dilijan", "colour": "green", "administrator_email": "nobody"})
    assert answer.status_code == 422
    text = answer.content.decode()
    for field in ("id_colour", "id_administrator_email"):
        assert f'href="#{field}"' in text
    assert "Գավառի համայնքապետարան" in text
    answer = operator.post("/new/", {**FORM, "slug": "dilijan"})
    assert 'href="#id_slug"' in answer.content.decode()
    answer = operator.post("/new/", {**FORM, "site_hosts": "sevan.localhost"})
    assert 'href="#id_site_hosts"' in answer.content.decode()
    with in_console():
        assert not ProvisioningRun.objects.exists()


def test_a_run_asked_for_twice_fails_with_a_sentence_and_leaves_nothing(towns, operator):
    """Two operators at once: the second run says why, and the page offers to ask again."""
    operator.post("/new/", FORM)
    operator.post("/new/", {**FORM, "site_hosts": ""})
    with in_console():
        second, first = ProvisioningRun.objects.all()
    assert onboard_town(first.pk) == "done"
    assert onboard_town(second.pk) == "failed"
    page = operator.get(f"/runs/{second.pk}/").content.decode()
    assert "notice-error" in page
    with as_owner():
        assert Community.objects.filter(slug="gavar").count() == 1


def test_suspending_answers_503_and_resuming_brings_it_back(towns, operator):
    """R48: within a second in every process; the other town does not notice."""
    operator.post("/towns/dilijan/state/", {"state": "suspended"})
    suspended = HostClient("dilijan.localhost").get("/")
    assert suspended.status_code == 503
    assert suspended["Retry-After"]
    assert HostClient("dilijan.office.localhost").get("/").status_code == 503
    assert HostClient("sevan.localhost").get("/").status_code == 200
    operator.post("/towns/dilijan/state/", {"state": "active"})
    assert HostClient("dilijan.localhost").get("/").status_code == 200
    with in_console():
        assert Entry.objects.filter(action="console.state_changed").count() == 2


def test_a_module_switched_off_is_gone_and_comes_back_with_its_data(towns, operator):
    """R21: pages, menu, API and its document; off hides, never drops."""
    from modules.budgets.demo import seed

    with in_town(towns.first):
        seed(towns.first)
    site = HostClient("dilijan.localhost")
    api = "/api/v1/budgets/execution?year=2015&month=9&side=revenue&view=cumulative"
    assert site.get(api).status_code == 200
    operator.post("/towns/dilijan/module/", {"module": "budgets"})
    assert site.get("/budget/revenue/").status_code == 404
    assert site.get(api).status_code == 404
    assert "budgets" not in site.get("/api/v1/openapi.json").content.decode()
    assert "/budget/" not in site.get("/").content.decode()
    assert HostClient("sevan.localhost").get("/budget/revenue/").status_code == 200
    operator.post("/towns/dilijan/module/", {"module": "budgets", "on": "1"})
    assert "389782.993" in site.get("/budget/revenue/?year=2015&month=9").content.decode()


def test_the_console_is_for_operators(towns, ministry):
    """A stranger is asked to sign in; an account of the ministry is none of the console's."""
    stranger = HostClient("console.localhost")
    for path in ("/", "/new/", "/towns/dilijan/", "/runs/1/"):
        answer = stranger.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert stranger.post("/towns/dilijan/state/", {"state": "suspended"}).status_code == 302
    assert HostClient("dilijan.localhost").get("/").status_code == 200
    assert stranger.sign_in("ministry@example.am").status_code == 200
    assert stranger.get("/").status_code == 302
