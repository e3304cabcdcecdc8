"""Whatever changes is on the next page; what does not change stays kept (R48, R60)."""

from datetime import date
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from hamaynk_noticeboard.models import Notice

from hamaynk.accounts.actions import create_account
from hamaynk.accounts.models import User
from hamaynk.audit import record
from hamaynk.freshness import changed, stamps
from modules.budgets.demo import seed
from modules.budgets.opendata import facts
from public_sites import selectors
from public_sites.models import NewsIndexPage, NewsPage, SectionPage, TextPage
from tenants import activation
from tenants.context import NoTown, as_owner, in_console, in_town
from tenants.models import Community
from tenants.routing import announce_change
from tests.conftest import HostClient
from tests.hamaynk.freshness.conftest import how, kept
from tests.modules.budgets.support import publish

HOME = "/"


def hy(model, slug):
    """The Armenian page."""
    return model.objects.get(slug=slug, url_path__startswith="/hy/")


def now(town):
    """The town's stamps."""
    with in_town(town):
        looked = stamps.read("nothing")
    assert looked is not None
    return looked[1]


def test_news_and_a_published_page_show_at_once(planted, visitor):
    """On the page itself, on its list and on the first page."""
    client = visitor(planted.first)
    for path in (HOME, "/community/news/", "/community/about/"):
        kept(client, path)
    with in_town(planted.first):
        hy(NewsIndexPage, "news").add_child(instance=NewsPage(title="Նոր ջուր", slug="w", date=date(2026, 5, 1)))
        page = hy(TextPage, "about")
        page.summary = "Ամփոփում"
        page.save_revision().publish()
    for path, word in ((HOME, "Նոր ջուր"), ("/community/news/", "Նոր ջուր"), ("/community/about/", "Ամփոփում")):
        assert word in client.get(path).content.decode()
        assert word in kept(client, path).content.decode()
    with in_town(planted.first):
        hy(TextPage, "about").unpublish()
    assert client.get("/community/about/").status_code == 404


def test_a_changed_menu_shows_on_every_page(planted, visitor):
    """Also on a page that reads no table of the site."""
    client = visitor(planted.first)
    kept(client, "/budget/data/dictionary/")
    with in_town(planted.first):
        page = hy(SectionPage, "community")
        page.title = "Մեր համայնքը"
        page.save_revision().publish()
    assert "Մեր համայնքը" in client.get("/budget/data/dictionary/").content.decode()


def test_a_menu_made_before_the_commit_is_not_kept(planted, visitor):
    """Another process makes it from the old pages while an editor's transaction is still open."""

    def look_elsewhere():
        assert "Մեր համայնքը" not in visitor(planted.first).get(HOME).content.decode()
        connection.close()

    with in_town(planted.first), transaction.atomic():
        page = hy(SectionPage, "community")
        page.title = "Մեր համայնքը"
        page.save_revision().publish()
        other = Thread(target=look_elsewhere)
        other.start()
        other.join()
    assert "Մեր համայնքը" in visitor(planted.first).get(HOME).content.decode()


def test_a_new_month_of_the_budget_shows_at_once(towns, visitor):
    """R60: on the module's own pages and with the figure on the first page; and the API says so too."""
    client = visitor(towns.first)
    paths = [HOME, "/budget/revenue/?year=2015&month=1", "/api/v1/budgets/years"]
    with in_town(towns.first):
        publish(1, "1000,100,10,8")
    before = {path: kept(client, path).content for path in paths}
    with in_town(towns.first):
        publish(1, "1000,100,10,9")
        publish(2, "1000,100,20,19")
    for path in paths:
        answer = client.get(path)
        assert how(answer) == "miss"
        assert answer.content != before[path]
        assert kept(client, path).content == answer.content


def test_a_row_of_somebody_elses_module_shows_at_once(towns, visitor, staff):
    """A module that knows nothing of kept pages, written through its own office page."""
    with in_console():
        activation.enable(community=Community.objects.get(slug=towns.first), module="noticeboard")
    client = visitor(towns.first)
    kept(client, "/noticeboard/")
    writer = staff(towns.first, roles=["noticeboard.writer"])
    kept(client, "/noticeboard/")
    assert writer.post("/noticeboard/", {"text": "Ջուրը կանջատվի"}).status_code == 302
    assert "Ջուրը կանջատվի" in client.get("/noticeboard/").content.decode()
    kept(client, "/noticeboard/")
    with in_town(towns.first):
        Notice.objects.update(text="Ջուր կա")
    assert "Ջուր կա" in client.get("/noticeboard/").content.decode()
    with in_town(towns.first):
        Notice.objects.all().delete()
    assert "Ջուր կա" not in client.get("/noticeboard/").content.decode()


def test_the_towns_name_and_modules_show_at_once(planted, visitor):
    """They stand in no table of the town. Its page of a module that is switched off is gone, kept or not."""
    client = visitor(planted.first)
    for path in (HOME, "/budget/data/dictionary/"):
        kept(client, path)
    with as_owner():
        Community.objects.filter(slug=planted.first).update(hall_name_hy="Դիլիջանի նոր տուն")
    announce_change()
    try:
        assert "Դիլիջանի նոր տուն" in client.get(HOME).content.decode()
    finally:
        with as_owner():
            Community.objects.filter(slug=planted.first).update(hall_name_hy="Դիլիջանի համայնքապետարան")
        announce_change()
    kept(client, HOME)
    with in_console():
        activation.disable(community=Community.objects.get(slug=planted.first), module="budgets")
    assert client.get("/budget/data/dictionary/").status_code == 404


def test_another_towns_change_leaves_this_towns_pages(towns, visitor):
    """The control: the same change here is seen."""
    client, other = visitor(towns.first), visitor(towns.second)
    kept(client, HOME)
    kept(other, HOME)
    with in_town(towns.second):
        publish(1, "1000,100,10,8")
    assert how(client.get(HOME)) == "hit"
    assert how(other.get(HOME)) == "miss"


def test_another_modules_change_leaves_a_page(towns, visitor):
    """Only pages that read the module's tables are drawn anew; the control is such a page."""
    client = visitor(towns.first)
    with in_town(towns.first):
        publish(1, "1000,100,10,8")
    kept(client, "/budget/data/dictionary/")
    kept(client, "/budget/revenue/")
    with in_town(towns.first):
        publish(2, "1000,100,20,18")
    assert how(client.get("/budget/data/dictionary/")) == "hit"
    assert how(client.get("/budget/revenue/")) == "miss"


def test_what_is_rolled_back_changes_nothing(towns, visitor):
    """Neither the stamps nor what comes after: not the whole transaction, not a savepoint in it."""
    before = now(towns.first)
    with in_town(towns.first), pytest.raises(ZeroDivisionError), transaction.atomic():
        Notice.objects.create(text="x")
        raise ZeroDivisionError
    assert now(towns.first) == before
    with in_town(towns.first), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Notice.objects.create(text="x")
            raise ZeroDivisionError
        assert now_inside() == before
    assert now(towns.first) == before
    with in_town(towns.first), transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Notice.objects.create(text="x")
            raise ZeroDivisionError
        Notice.objects.create(text="y")
        assert now_inside() == before
    after = now(towns.first)
    assert {label for label in after if after[label] != before[label]} == {"hamaynk_noticeboard"}


def now_inside():
    """The stamps of the town we stand in."""
    looked = stamps.read("nothing")
    assert looked is not None
    return looked[1]


def test_a_transaction_is_told_once(towns, monkeypatch):
    """However many statements; of all applications together, after the commit."""
    told = []
    monkeypatch.setattr("hamaynk.freshness.watch.changed", lambda *labels: told.append(set(labels)))
    with in_town(towns.first), transaction.atomic():
        for number in range(5):
            Notice.objects.create(text=str(number))
            with transaction.atomic():
                User.objects.create(email=f"{number}@example.am", full_name="Ա")
        assert told == []
    assert told == [{"hamaynk_noticeboard", "accounts"}]


def test_what_no_page_shows_changes_nothing(towns, staff, visitor):
    """A sign-in and a line of the audit; the control is the person's name."""
    with in_town(towns.first):
        person = create_account(email="a@example.am", full_name="Ա", password="correct-horse-battery", is_staff=True)
    before = now(towns.first)
    client = visitor(towns.first, "office")
    assert client.sign_in("a@example.am").status_code == 302
    with in_town(towns.first):
        assert User.objects.get(pk=person.pk).last_login is not None
        with transaction.atomic():
            record(actor=None, action="budgets.tested", subject="nothing")
    assert now(towns.first) == before
    with in_town(towns.first):
        User.objects.filter(pk=person.pk).update(full_name="Բ")
    after = now(towns.first)
    assert {label for label in after if after[label] != before[label]} == {"accounts"}


def test_a_change_while_a_page_is_drawn_makes_it_worthless(towns, visitor, monkeypatch):
    """Stamps are those from before the first statement: an old page is never kept under a new stamp."""
    client = visitor(towns.first)
    original = selectors.home_contributions

    def publish_elsewhere():
        with in_town(towns.first):
            publish(1, "1000,100,10,8")
        connection.close()

    def slowly(*args):
        found = original(*args)
        other = Thread(target=publish_elsewhere)
        other.start()
        other.join()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(selectors, "home_contributions", slowly)
        old = client.get(HOME)
    assert how(old) == "miss"
    new = client.get(HOME)
    assert how(new) == "miss"
    assert new.content != old.content
    assert kept(client, HOME).content == new.content


def test_a_lost_stamp_makes_pages_worthless(planted, visitor):
    """The cache server may forget any key."""
    client = visitor(planted.first)
    kept(client, HOME)
    with in_town(planted.first):
        cache.delete("freshness:public_sites")
    assert how(client.get(HOME)) == "miss"
    kept(client, HOME)


def test_facts_that_stand_in_no_table_are_told(towns, visitor):
    """Sizes of files are counted by a worker into the cache."""
    client = visitor(towns.first)
    with in_town(towns.first):
        seed(towns.first)
    before = kept(client, "/data/").content
    with in_town(towns.first):
        assert facts.count_missing()
    assert client.get("/data/").content != before
    with pytest.raises(NoTown):
        changed("budgets")


def test_statements_of_every_kind_are_seen(towns):
    """Composed by psycopg, in many rows, in reading that locks, and outside of towns."""
    from psycopg import sql

    def moved(act):
        before = now(towns.first)
        with in_town(towns.first), connection.cursor() as cursor:
            act(cursor)
        after = now(towns.first)
        return {label for label in after if after[label] != before[label]}

    table = sql.Identifier("hamaynk_noticeboard_notice")
    assert moved(lambda c: c.execute(sql.SQL("DELETE FROM {}").format(table))) == {"hamaynk_noticeboard"}
    assert moved(lambda c: c.execute("UPDATE budgets_budgetyear SET year = year")) == {"budgets"}
    rows = [("a",), ("b",)]
    assert moved(lambda c: c.executemany("INSERT INTO hamaynk_noticeboard_notice (text) VALUES (%s)", rows)) == {
        "hamaynk_noticeboard"
    }
    assert moved(lambda c: c.execute("SELECT * FROM hamaynk_noticeboard_notice")) == set()
    with in_town(towns.first), transaction.atomic():
        assert list(Notice.objects.select_for_update(of=("self",)))
    assert moved(lambda c: None) == set()


def test_the_watcher_outlives_others(towns):
    """Django takes the last wrapper away when a block of its own ends; a connection opened inside is watched still."""
    connection.close()
    with connection.execute_wrapper(lambda execute, *rest: execute(*rest)), in_town(towns.first):
        Notice.objects.count()
    before = now(towns.first)
    with in_town(towns.first):
        Notice.objects.create(text="x")
    assert now(towns.first) != before
    assert HostClient(f"{towns.second}.localhost").get(HOME).status_code == 200
