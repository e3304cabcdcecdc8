"""At the end: everything stops when asked, in order, and nobody has complained."""

import pytest

from tests.server.stack import PROCESSES, Stack

pytestmark = pytest.mark.server
PROVOKED = ("pg_hba.conf rejects connection", "no pg_hba.conf entry for replication")  # by test_keeping
ORDER = ("proxy", *PROCESSES, "pooler", "queue", "postgres")


def test_all_stop_in_order_and_without_an_error(stack: Stack) -> None:
    """Each ends with success at the signal that its supervisor sends; no log tells of a fault. Runs last."""
    running = set(stack.machine.started)
    assert running == set(ORDER)
    for name in ORDER:
        assert stack.machine.alive(name)
    for name in ORDER:
        assert stack.machine.stop(name) == 0, stack.machine.log(name)[-3000:]
    complaints = [line for name in ORDER for line in stack.machine.complaints(name)]
    assert not [line for line in complaints if not any(words in line for words in PROVOKED)]


def test_positive_control_a_complaint_is_seen(stack: Stack) -> None:
    """The lines that each program writes when something is wrong."""
    for line in (
        '{"at": "2026-01-01", "level": "ERROR", "logger": "django.request", "text": "Internal Server Error: /"}',
        "[2026-01-01 00:00:00,000: ERROR/ForkPoolWorker-2] Task tasks.relay.sweep raised unexpected",
        '{"level":"error","ts":1.5,"logger":"http.log.error","msg":"dial tcp"}',
        "2026-01-01 00:00:00 UTC [1] pooler@hamaynk ERROR:  permission denied for table pg_authid",
        "2026-01-01 00:00:00 UTC [1] FATAL nowhere to listen on",
    ):
        (stack.machine.logs / "control").write_text(f"fine\n{line}\n")
        assert stack.machine.complaints("control"), line
