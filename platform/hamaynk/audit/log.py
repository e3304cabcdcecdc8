"""Add to the chain, and check it."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from hamaynk.audit.models import Entry, Head


def record(*, actor: Any, action: str, subject: str, data: dict[str, Any] | None = None) -> Entry:
    """Add an entry in the present transaction. actor: a user, or None for the system itself.

    action: "<module>.<act>"; subject: what it was done to, e.g. "budgets.month:2015-09"; data: JSON-able, no secrets.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs to the transaction that it tells of.")
    Head.objects.get_or_create(pk=1)
    head = Head.objects.select_for_update().get(pk=1)
    plain = json.loads(json.dumps(data or {}, cls=DjangoJSONEncoder))
    entry = Entry(
        number=head.number + 1,
        at=timezone.now(),
        actor_id=getattr(actor, "pk", None),
        actor_name=str(actor) if actor is not None else "",
        action=action,
        subject=subject,
        data=plain,
        previous=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    head.number, head.digest = entry.number, entry.digest
    head.save()
    return entry


def digest_of(entry: Entry) -> str:
    """SHA-256 over all that an entry says and the digest before it."""
    said = [entry.number, entry.at.isoformat(), entry.actor_id, entry.actor_name, entry.action, entry.subject]
    text = json.dumps([*said, entry.data, entry.previous], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken() -> int | None:
    """Number of the first entry that was changed, removed, added or moved; None for a whole chain."""
    previous, expected = "", 1
    for entry in Entry.objects.order_by("number").iterator():
        if entry.number != expected or entry.previous != previous or entry.digest != digest_of(entry):
            return expected
        previous, expected = entry.digest, expected + 1
    head = Head.objects.filter(pk=1).first()
    if head is not None and (head.number, head.digest) != (expected - 1, previous):
        return expected
    return None
