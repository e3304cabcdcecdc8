"""The finance officer's way from file to publication, through the pages and through the actions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from hamaynk.audit.models import Entry
from hamaynk.events.models import OutboxMessage
from modules.budgets import actions, selectors
from modules.budgets.demo import DILIJAN
from modules.budgets.ledger import Measures, digest
from modules.budgets.models import BatchState, ImportBatch, PublishedFigure, PublishedMonth
from tenants.context import in_town
from tests.modules.budgets.office import APPROVER, OFFICER, two_people
from tests.modules.budgets.support import HEAD, publish, rows


def upload(client: Any, content: bytes, **changes: Any) -> Any:
    """Posts the import form for September 2015."""
    data = {"year": 2015, "month": 9, "unit": "thousands", "file": SimpleUploadedFile("sept.csv", content)}
    return client.post("/budget/import/", data | changes)


def test_from_file_to_public_page(staff: Callable[..., Any], visitor: Callable[..., Any]) -> None:
    """R60: import, look, confirm, hand in, approve; residents see it at the last step and not before."""
    (client, approver), resident = two_people(staff), visitor("dilijan")
    answer = upload(client, DILIJAN.read_bytes())
    assert answer.status_code == 302
    preview = client.get(answer["Location"])
    assert rows(preview)[0][1:] == ["760414.500", "519225.790", "389782.993", "75.07", "-129442.797"]
    with in_town("dilijan"):
        assert PublishedFigure.objects.count() == 0  # a preview writes no figure
    month = client.post(answer["Location"] + "confirm/")
    assert month["Location"] == "/budget/2015/9/"
    assert client.get("/budget/2015/9/").status_code == 200
    approver.post("/budget/2015/9/publish/")  # not handed in yet
    assert rows(resident.get("/budget/revenue/")) == []
    assert client.post("/budget/2015/9/submit/").status_code == 302
    assert "/budget/2015/9/?side=revenue" in approver.get("/budget/").content.decode()
    assert approver.post("/budget/2015/9/publish/").status_code == 302
    assert rows(resident.get("/budget/revenue/"))[0][3] == "389782.993"
    assert client.get("/budget/").status_code == 200
    assert client.get("/budget/2015/9/").status_code == 200
    with in_town("dilijan"):
        acts = list(Entry.objects.filter(action__startswith="budgets.").values_list("action", "actor_id"))
        published = PublishedMonth.objects.select_related("batch").get()
    assert ("budgets.month_published", approver.user.pk) in acts
    assert (published.published_by_id, published.batch.imported_by_id) == (approver.user.pk, client.user.pk)


def test_who_hands_in_does_not_approve(staff: Callable[..., Any], visitor: Callable[..., Any]) -> None:
    """Two pairs of eyes, also where one person holds both roles; with the year's switch off the same one may."""
    both = staff("dilijan", roles=[*OFFICER, *APPROVER])
    both.post(upload(both, DILIJAN.read_bytes())["Location"] + "confirm/")
    both.post("/budget/2015/9/submit/")
    page = both.get("/budget/2015/9/").content.decode()
    assert "/budget/2015/9/publish/" not in page
    refused = both.post("/budget/2015/9/publish/", follow=True)
    assert "notice-error" in refused.content.decode()
    assert rows(visitor("dilijan").get("/budget/revenue/")) == []
    both.post("/budget/2015/second-person/", {"needed": "0"})
    assert "/budget/2015/9/publish/" in both.get("/budget/2015/9/").content.decode()
    both.post("/budget/2015/9/publish/")
    assert rows(visitor("dilijan").get("/budget/revenue/"))[0][3] == "389782.993"


def test_a_month_is_given_back_with_a_word(staff: Callable[..., Any]) -> None:
    client, approver = two_people(staff)
    client.post(upload(client, DILIJAN.read_bytes())["Location"] + "confirm/")
    client.post("/budget/2015/9/submit/")
    assert approver.post("/budget/2015/9/return/", {"note": " "}).status_code == 422
    approver.post("/budget/2015/9/return/", {"note": "Տողը ստուգել"})
    page = client.get("/budget/2015/9/").content.decode()
    assert "Տողը ստուգել" in page
    assert "/budget/2015/9/submit/" in page
    assert client.post("/budget/2015/9/publish/").status_code == 403


def test_errors_stand_at_their_line_and_nothing_is_taken_over(staff: Callable[..., Any]) -> None:
    """Issue 2, point 6: every problem with its line; such a file cannot be confirmed, not even by force."""
    client = staff("dilijan", roles=OFFICER)
    answer = upload(client, f"{HEAD}\n1000,10,5,4\n9999,1,1,1\n1110,x,1,1\n".encode())
    page = client.get(answer["Location"]).content.decode()
    assert "9999" in page
    assert '<td class="figure">3</td>' in page
    assert '<td class="figure">4</td><td>year_plan_adjusted</td>' in page
    assert "confirm/" not in page
    client.post(answer["Location"] + "confirm/")
    with in_town("dilijan"):
        assert PublishedFigure.objects.count() == 0
        assert ImportBatch.objects.get().state == BatchState.PREVIEWED


def test_a_wrong_form_loses_nothing(staff: Callable[..., Any]) -> None:
    client = staff("dilijan", roles=OFFICER)
    answer = upload(client, b"x", year=1200, source="Տեղական գանձապետարան")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Տեղական գանձապետարան" in page
    assert 'value="1200"' in page
    assert client.post("/budget/import/", {}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/budget/"),
        ("get", "/budget/import/"),
        ("post", "/budget/import/"),
        ("get", "/budget/import/1/"),
        ("post", "/budget/import/1/confirm/"),
        ("post", "/budget/import/1/discard/"),
        ("get", "/budget/2015/9/"),
        ("post", "/budget/2015/9/publish/"),
    ],
)
def test_pages_are_closed_to_staff_without_the_role(staff: Callable[..., Any], method: str, path: str) -> None:
    """With the control: an officer who may approve as well is not refused."""
    assert getattr(staff("dilijan"), method)(path).status_code == 403
    officer = staff("dilijan", roles=[*OFFICER, *APPROVER], email="officer@example.am")
    assert getattr(officer, method)(path).status_code != 403


def test_actions_ask_for_the_permission(staff: Callable[..., Any]) -> None:
    """Actions refuse by themselves, whoever calls them; the officer is the control."""
    clerk = staff("dilijan").user
    officer, approver = (client.user for client in two_people(staff))
    file = {"file_name": "a.csv", "content": f"{HEAD}\n1000,10,5,4\n".encode(), "year": 2015, "month": 9}
    with in_town("dilijan"):
        with pytest.raises(PermissionDenied):
            actions.preview_import(actor=clerk, **file)
        batch = actions.preview_import(actor=officer, **file)
        for action in (actions.confirm_import, actions.reject_import):
            with pytest.raises(PermissionDenied):
                action(actor=clerk, batch=batch)
        actions.confirm_import(actor=officer, batch=batch)
        with pytest.raises(PermissionDenied):
            actions.submit_month(actor=clerk, year=2015, month=9)
        actions.submit_month(actor=officer, year=2015, month=9)
        for refused in (clerk, officer):
            with pytest.raises(PermissionDenied):
                actions.publish_month(actor=refused, year=2015, month=9)
        with pytest.raises(PermissionDenied):
            actions.load_classification(actor=clerk)
        assert actions.publish_month(actor=approver, year=2015, month=9).version == 1


def test_the_same_file_twice_is_one_import(towns: Any) -> None:
    """Idempotent: the same bytes for the same month give the same batch, waiting, in draft or in force."""
    file = {"file_name": "a.csv", "content": f"{HEAD}\n1000,10,5,4\n".encode(), "year": 2015, "month": 9}
    with in_town("dilijan"):
        first = actions.preview_import(actor=None, **file)
        assert actions.preview_import(actor=None, **file).pk == first.pk
        actions.confirm_import(actor=None, batch=first)
        actions.confirm_import(actor=None, batch=first)
        assert actions.preview_import(actor=None, **file).pk == first.pk
        actions.publish_month(actor=None, year=2015, month=9)
        assert actions.publish_month(actor=None, year=2015, month=9).version == 1
        assert actions.preview_import(actor=None, **file).pk == first.pk
        assert (PublishedFigure.objects.count(), OutboxMessage.objects.filter(name__startswith="budgets").count()) == (
            1,
            1,
        )


def test_import_before_publication_replaces_the_draft(towns: Any) -> None:
    """R60: the month is posted again and again; the newest confirmed file is its draft."""
    with in_town("dilijan"):
        for actual in (3, 4):
            content = f"{HEAD}\n1000,10,5,{actual}\n".encode()
            batch = actions.preview_import(actor=None, file_name="a.csv", content=content, year=2015, month=9)
            actions.confirm_import(actor=None, batch=batch)
        assert actions.publish_month(actor=None, year=2015, month=9).version == 1
        table = selectors.execution_table(year=2015, month=9)
        assert table is not None
        assert table.total is not None
        assert table.total.actual == 4000
        assert ImportBatch.objects.filter(state=BatchState.SUPERSEDED).count() == 1


def test_a_correction_is_a_new_version_and_the_old_stays(towns: Any) -> None:
    """A published snapshot never changes: figures and digest of version 1 are what they were."""
    with in_town("dilijan"):
        first = publish(9, "1000,10,5,4")
        second = publish(9, "1000,10,5,4.5")
        assert (first.version, second.version) == (1, 2)
        assert first.digest != second.digest
        old = list(PublishedFigure.objects.filter(publication=first))
        assert [figure.actual for figure in old] == [4000]
        measures = {
            one.key: Measures(
                approved_plan=one.approved_plan, year_plan=one.year_plan, period_plan=one.period_plan, actual=one.actual
            )
            for one in old
        }
        assert digest(measures) == PublishedMonth.objects.get(version=1).digest
        table = selectors.execution_table(year=2015, month=9)
        assert table is not None
        assert table.total is not None
        assert (table.version, table.total.actual) == (2, 4500)


def test_the_database_refuses_to_change_what_was_published(towns: Any) -> None:
    """Append-only is held by the town role's rights, not by our good manners."""
    with in_town("dilijan"):
        publish(9, "1000,10,5,4")
        for rows_of, change in ((PublishedFigure.objects, {"actual": 1}), (PublishedMonth.objects, {"version": 7})):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                rows_of.update(**change)
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                rows_of.all()._raw_delete(using="default")
        assert (PublishedFigure.objects.count(), PublishedMonth.objects.count()) == (1, 1)


def test_publishing_nothing_and_discarding(towns: Any) -> None:
    file = {"file_name": "a.csv", "content": f"{HEAD}\n1000,10,5,4\n".encode(), "year": 2015, "month": 9}
    with in_town("dilijan"):
        with pytest.raises(actions.BudgetError):
            actions.publish_month(actor=None, year=2015, month=9)
        batch = actions.preview_import(actor=None, **file)
        assert actions.reject_import(actor=None, batch=batch).state == BatchState.REJECTED
        with pytest.raises(actions.BudgetError):
            actions.confirm_import(actor=None, batch=batch)
        assert actions.preview_import(actor=None, **file).pk != batch.pk


def test_publication_leads_to_the_indicators(towns: Any) -> None:
    """Planned, executed and percent of the month become observations; delivering twice changes nothing."""
    from hamaynk.statistics.models import Observation
    from modules.budgets.events import ExecutionPublished
    from modules.budgets.subscribers import observe_execution

    with in_town("dilijan"):
        publish(9, "1000,10,5,4")
        message = OutboxMessage.objects.get(name="budgets.execution_published")
        event = ExecutionPublished.of(message.name, message.payload)
        assert isinstance(event, ExecutionPublished)
        observe_execution(event)
        observe_execution(event)
        found = {o.indicator: o.value for o in Observation.objects.filter(item="")}
    assert found == {
        "budgets.revenue_year_plan": 10000,
        "budgets.revenue_planned": 5000,
        "budgets.revenue_executed": 4000,
        "budgets.revenue_percent": 80,
    }


def test_local_lines_join_the_town_and_no_other(towns: Any, visitor: Callable[..., Any]) -> None:
    """A town's own suffix stands in its classification alone."""
    head = "code,name_hy,year_plan_adjusted,period_plan_cumulative,period_actual_cumulative"
    with in_town("dilijan"):
        publish(9, "1000,,10,5,4", "1137ա,Սեփական տող,10,5,4", head=head)
    with in_town("sevan"):
        batch = actions.preview_import(
            actor=None, file_name="b.csv", content=f"{HEAD}\n1000,1,1,1\n1137ա,1,1,1\n".encode(), year=2015, month=9
        )
        assert [p.code for p in selectors.batch_problems(batch)] == ["local_name_missing"]
    assert "Սեփական տող" in visitor("dilijan").get("/budget/revenue/?detail=1").content.decode()


def test_another_towns_file_is_not_found(staff: Callable[..., Any]) -> None:
    """A number of a file means nothing in another town."""
    first = staff("dilijan", roles=OFFICER)
    place = upload(first, DILIJAN.read_bytes())["Location"]
    assert first.get(place).status_code == 200
    assert staff("sevan", roles=OFFICER).get(place).status_code == 404
