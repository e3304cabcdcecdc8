"""Use cases that write, for large files: have a file read in the background, read it, begin again if it got stuck."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from hamaynk.accounts.access import require
from hamaynk.common.money import Unit
from modules.budgets.actions.imports import preview_import
from modules.budgets.models import BatchState, ImportBatch, ImportProgress, Purpose, ReadingState, Side
from tenants.context import current_town_schema
from tenants.routing import table

if TYPE_CHECKING:
    from hamaynk.accounts.models import User

log = logging.getLogger(__name__)
RUNNING = (ReadingState.WAITING, ReadingState.READING)


def start_import(
    *,
    actor: User | None,
    file_name: str,
    content: bytes,
    year: int,
    month: int = 0,
    unit: Unit = Unit.THOUSANDS,
    side: str = Side.REVENUE,
    purpose: str = Purpose.EXECUTION,
    source: dict[str, str] | None = None,
) -> ImportProgress:
    """Keeps a large file and has it read by a worker; the same file on its way already is not begun a second time.

    Where the queue is away, the file is read at once. Needs budgets.import, for a plan
    budgets.plan.
    """
    require(actor, "budgets.plan" if purpose == Purpose.PLAN else "budgets.import")
    digest = hashlib.sha256(content).hexdigest()
    facts = {
        "year": year, "month": month, "unit": unit.value, "digest": digest, "side": side, "purpose": purpose,
    }  # fmt: skip
    with transaction.atomic():
        running = ImportProgress.objects.select_for_update().filter(state__in=RUNNING, **facts).first()
        if running is not None:
            return running
        started = ImportProgress.objects.create(
            file_name=file_name[-200:], content=content, source=source or {}, started_by=actor, **facts
        )
    _queue(started)
    return started


def start_again(*, actor: User | None, progress: ImportProgress) -> None:
    """Has a file read that got stuck; one that moves or has ended is left alone. Needs budgets.import."""
    require(actor, "budgets.import")
    if progress.is_stuck:
        _change(progress.pk, state=ReadingState.WAITING)
        _queue(progress)


def read_waiting(progress_id: int) -> ImportBatch | None:
    """Reads a file that waits, telling how far it is; one that is read already gives its batch back."""
    waiting = ImportProgress.objects.select_related("batch", "started_by").filter(pk=progress_id).first()
    if waiting is None or not waiting.is_running:
        return waiting.batch if waiting else None
    _change(progress_id, state=ReadingState.READING, rows_done=0)
    try:
        batch = preview_import(
            actor=waiting.started_by,
            file_name=waiting.file_name,
            content=bytes(waiting.content),
            year=waiting.year,
            month=waiting.month,
            unit=Unit(waiting.unit),
            side=waiting.side,
            purpose=waiting.purpose,
            source=waiting.source or None,
            progress=lambda done, of: _change(progress_id, rows_done=done, rows_all=of),
        )
    except Exception:
        log.exception("a file could not be read")
        _change(progress_id, state=ReadingState.FAILED, content=b"")
        return None
    rows = len(batch.rows) if batch.state == BatchState.PREVIEWED else waiting.rows_all
    _change(progress_id, state=ReadingState.DONE, batch=batch, content=b"", rows_done=rows)
    return batch


def _queue(progress: ImportProgress) -> None:
    from modules.budgets.tasks import read_import

    town = table.town(current_town_schema())
    try:
        if town is None:
            raise LookupError(current_town_schema())
        read_import.for_town(town.slug, progress.pk, queue="default")
    except Exception as error:  # the queue is away: nobody should have to wait for it
        log.warning("a file is read at once, for it cannot be queued: %s", type(error).__name__)
        read_waiting(progress.pk)


def _change(progress_id: int, **values: object) -> None:
    ImportProgress.objects.filter(pk=progress_id).update(changed_at=timezone.now(), **values)
