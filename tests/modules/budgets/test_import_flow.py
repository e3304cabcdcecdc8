"""Files of every kind through the office's pages, the worker and the command, to the page and back into a workbook."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from modules.budgets import background, selectors, tasks
from modules.budgets.models import (
    BatchState,
    ExecutionEntry,
    ImportBatch,
    ImportProgress,
    PublishedFigure,
    ReadingState,
)
from modules.budgets.models.imports import STUCK_AFTER
from tenants.context import in_town
from tests.modules.budgets.files import MERGED, OFFICIAL, archive, armscii, csv_text, ods, xlsx
from tests.modules.budgets.office import OFFICER, two_people
from tests.modules.budgets.support import rows

OWN = ["code", "year_plan_adjusted", "period_plan_cumulative", "period_actual_cumulative", "name_hy"]
FORMS = {"xlsx": xlsx(OFFICIAL, MERGED), "ods": ods(OFFICIAL), "csv": armscii(csv_text(OFFICIAL))}


def long_file(count: int) -> bytes:
    """A workbook of `count` rows in our own layout."""
    lines = [[f"1137ա{number}", 0.001, 0.001, 0.001, "Տեղական տող"] for number in range(count - 1)]
    return xlsx([OWN, [1000, 1, 1, 1, None], *lines])


def upload(client: Any, content: bytes, name: str = "sept.xlsx", month: int = 9) -> Any:
    data = {"year": 2015, "month": month, "unit": "thousands", "file": SimpleUploadedFile(name, content)}
    return client.post("/budget/import/", data)


@pytest.mark.parametrize("form", FORMS)
def test_a_report_as_it_is_becomes_the_public_page(
    staff: Callable[..., Any], visitor: Callable[..., Any], form: str
) -> None:
    """R54-R60: the official form as XLSX, ODS and ARMSCII-8 text: look, confirm, publish."""
    client, approver = two_people(staff)
    place = upload(client, FORMS[form], f"report.{form}")["Location"]
    assert client.get(place).status_code == 200
    with in_town("dilijan"):
        assert PublishedFigure.objects.count() == 0
    assert client.post(place + "confirm/").status_code == 302
    assert client.post("/budget/2015/9/submit/").status_code == 302
    assert approver.post("/budget/2015/9/publish/").status_code == 302
    resident = visitor("dilijan")
    assert rows(resident.get("/budget/revenue/"))[0][1:] == [
        "760414.500", "760414.500", "389782.993", "51.26", "-370631.507",
    ]  # fmt: skip
    assert rows(resident.get("/budget/revenue/?part=fund"))[0][3] == "50000.000"
    resident.get("/language/en/?next=/")
    assert "states no plan of the period" in resident.get("/budget/revenue/").content.decode()
    assert upload(client, FORMS[form], f"report.{form}")["Location"] == place  # the same file again is the same import


def test_the_preview_shows_the_cell(staff: Callable[..., Any]) -> None:
    client = staff("dilijan", roles=OFFICER)
    spoilt = [list(row) for row in OFFICIAL]
    spoilt[6][6] = "?"
    page = client.get(upload(client, xlsx(spoilt, MERGED))["Location"]).content.decode()
    assert '<td class="figure">7</td><td>G7</td>' in page
    assert "confirm/" not in page


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04broken", archive({"xl/workbook.xml": b"<a>"}), b"\xff\xfe\x00", b"%PDF-"]
)
def test_broken_files_are_answered(staff: Callable[..., Any], content: bytes) -> None:
    """Never a 500: the preview says what is wrong."""
    client = staff("dilijan", roles=OFFICER)
    answer = upload(client, content)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_a_correction_stays_a_correction(staff: Callable[..., Any]) -> None:
    """A second report of a published month is the draft of its next version, whatever kind of file it is."""
    client, approver = two_people(staff)
    for form, total in (("xlsx", 389782.993), ("ods", 389783.5)):
        changed = [list(row) for row in OFFICIAL]
        changed[6][9] = total
        content = xlsx(changed) if form == "xlsx" else ods(changed)
        client.post(upload(client, content, f"a.{form}")["Location"] + "confirm/")
        client.post("/budget/2015/9/submit/")
        approver.post("/budget/2015/9/publish/")
    with in_town("dilijan"):
        first, second = ImportBatch.objects.filter(state=BatchState.PUBLISHED).order_by("pk")
        published = [batch.publications.get() for batch in (first, second)]
        assert [one.version for one in published] == [1, 2]
        actual = [selectors.execution_table(year=2015, month=9, version=number) for number in (1, 2)]
        assert [table.total.actual for table in actual if table and table.total] == [
            Decimal("389782993.00"), Decimal("389783500.00"),
        ]  # fmt: skip


def test_a_large_file_is_read_in_the_background(staff: Callable[..., Any]) -> None:
    """Issue 3, point 3: the page shows how far it is and renews itself; one can leave and come back."""
    client = staff("dilijan", roles=OFFICER)
    content = long_file(600)
    place = upload(client, content)["Location"]
    assert place.startswith("/budget/import/reading/")
    assert upload(client, content)["Location"] == place
    page = client.get(place)
    assert page["Refresh"] == "2"
    assert "<progress" in page.content.decode()
    assert place in client.get("/budget/").content.decode()
    with in_town("dilijan"):
        waiting = ImportProgress.objects.get()
        assert ImportBatch.objects.count() == 0
        ImportProgress.objects.update(state=ReadingState.READING, rows_done=250, rows_all=600)
    assert '<progress id="reading" value="250" max="600">' in client.get(place).content.decode()
    tasks.read_import.apply(args=(waiting.pk,), headers={"hamaynk_town": "dilijan"})
    tasks.read_import.apply(args=(waiting.pk,), headers={"hamaynk_town": "dilijan"})
    preview = client.get(place, follow=True)
    assert preview.redirect_chain[-1][0].startswith("/budget/import/")
    assert "500" in preview.content.decode()
    with in_town("dilijan"):
        done = ImportProgress.objects.get()
        assert (done.state, bytes(done.content), done.batch.imported_by_id) == ("done", b"", client.user.pk)
        assert ImportBatch.objects.count() == 1


def test_without_a_queue_the_file_is_read_at_once(staff: Callable[..., Any]) -> None:
    client = staff("dilijan", roles=OFFICER)
    with patch.object(tasks.read_import, "for_town", side_effect=OSError("away")):
        place = upload(client, long_file(600))["Location"]
    assert client.get(place).status_code == 302


def test_what_got_stuck_begins_again_and_what_failed_says_so(staff: Callable[..., Any]) -> None:
    client = staff("dilijan", roles=OFFICER)
    place = upload(client, long_file(600))["Location"]
    assert "again/" not in client.get(place).content.decode()
    with in_town("dilijan"):
        ImportProgress.objects.update(changed_at=timezone.now() - 2 * STUCK_AFTER, state=ReadingState.READING)
    assert "again/" in client.get(place).content.decode()
    with patch.object(tasks.read_import, "for_town") as queued:
        assert client.post(place + "again/").status_code == 302
    assert queued.called
    with in_town("dilijan"), patch.object(background, "preview_import", side_effect=RuntimeError("no")):
        assert background.read_waiting(ImportProgress.objects.get().pk) is None
    page = client.get(place)
    assert "Refresh" not in page
    assert "notice-error" in page.content.decode()


def test_another_towns_reading_is_not_found(staff: Callable[..., Any]) -> None:
    first = staff("dilijan", roles=OFFICER)
    place = upload(first, long_file(600))["Location"]
    assert first.get(place).status_code == 200
    assert staff("sevan", roles=OFFICER).get(place).status_code == 404
    assert staff("dilijan", email="clerk2@example.am").get(place).status_code == 403


@pytest.mark.slow
def test_twenty_thousand_rows_from_upload_to_draft(staff: Callable[..., Any]) -> None:
    client = staff("dilijan", roles=OFFICER)
    place = upload(client, long_file(20_000))["Location"]
    with in_town("dilijan"):
        batch = background.read_waiting(ImportProgress.objects.get().pk)
        assert batch is not None
        assert not batch.has_errors
    preview = client.get(place)["Location"]
    assert client.get(preview).status_code == 200
    assert client.post(preview + "confirm/")["Location"] == "/budget/2015/9/"
    with in_town("dilijan"):
        assert ExecutionEntry.objects.count() == 20_000  # 19,999 lines, and what the total has beyond them
