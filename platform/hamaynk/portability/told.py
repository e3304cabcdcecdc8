"""Personal data leave the house, or come into it: the console's log says when, and by whom on the machine."""

import os
import pwd
from typing import Any

from django.db import transaction

from hamaynk.audit import record
from tenants.context import in_console


def tell(act: str, slug: str, **data: Any) -> None:
    """A line in the operators' log."""
    with in_console(), transaction.atomic():
        subject = f"tenants.community:{slug}"
        record(actor=None, action=f"console.{act}", subject=subject, data={**data, "by": _who()})


def _who() -> str:
    """The user of the operating system; a container's has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"
