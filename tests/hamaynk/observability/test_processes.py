"""Real processes, started as a deployment starts them: what they count, whether they live, what they log."""

import os
import signal
import time

import pytest

from hamaynk.statistics import observe
from tasks.figures import note_backup
from tenants.context import in_town
from tests.conftest import PASSWORD
from tests.support.links import wait_for
from tests.support.processes import Running, hamaynk
from tests.support.workers import empty_queues

pytestmark = [pytest.mark.usefixtures("towns"), pytest.mark.slow]


def test_web_counts_what_it_answers_and_what_it_keeps_open():
    """Over two processes, which add up; the figures outlive a process that is killed, its connections do not."""
    with hamaynk("web", WEB_WORKERS="2", WEB_THREADS="2") as web:
        for _ in range(3):
            assert web.get("/", host="dilijan.localhost")[0] == 200
        assert web.get("/no/such/page/", host="dilijan.localhost")[0] == 404
        assert web.get("/", host="nobody.example")[0] == 404
        assert web.get("/tls/ask?domain=dilijan.localhost")[0] == 200
        assert web.get("/tls/ask?domain=nobody.example")[0] == 404
        assert web.get("/readyz")[0] == 200
        assert web.figure("hamaynk_requests_total", surface="site", method="read", status="2xx") == 3
        assert web.figure("hamaynk_requests_total", surface="site", method="read", status="4xx") == 1
        assert web.figure("hamaynk_requests_total", surface="none", status="4xx") == 2
        assert web.figure("hamaynk_requests_total", status="5xx") == 0
        assert web.figure("hamaynk_request_seconds_count", surface="site") == 4
        kept = {result: web.figure("hamaynk_page_cache_total", result=result) for result in ("hit", "miss", "drawn")}
        assert sum(kept.values()) == 4
        assert kept["hit"] >= 1
        assert web.figure("hamaynk_certificate_questions_total", answer="no") == 1
        assert web.figure("hamaynk_database_connections", role="town") >= 1
        assert web.figure("hamaynk_database_parked_connections", role="town") >= 1
        assert web.figure("hamaynk_database_parked_roles") >= 2
        assert web.figure("hamaynk_info", process="web") == 1
        assert no_label_is_a_town_or_host(web)
        for pid in children(web.child.pid):
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: web.figure("hamaynk_database_connections") == 0, what="the killed processes' connections")
        assert web.figure("hamaynk_requests_total", surface="site", method="read", status="2xx") == 3
        wait_for(lambda: web.get("/", host="sevan.localhost")[0] == 200, what="new processes")
        assert web.watched("/livez") == (200, "ok\n")
        assert web.stop() == 0
        assert list(web.folder.glob("hamaynk-metrics-*")) == []


def test_without_a_port_nothing_listens_and_nothing_is_written(tmp_path):
    """The switch."""
    import subprocess
    import sys

    from tests.support.links import plain_environment

    script = "from hamaynk.config import processes as p; p._prepare_metrics(p.Environment()); import os;"
    script += "print('PROMETHEUS_MULTIPROC_DIR' in os.environ)"
    for port, there in (("0", "False"), ("39464", "True")):
        given = plain_environment(METRICS_PORT=port, METRICS_BIND="127.0.0.1", TMPDIR=str(tmp_path))
        done = subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == there
    assert len(list(tmp_path.glob("hamaynk-metrics-*"))) == 1


def test_worker_and_beat_tell_of_tasks_queues_and_the_outbox():
    """An event published in a town is delivered by a real worker; beat has it gathered and tells it."""
    empty_queues()
    note_backup("cluster")
    with in_town("dilijan"):
        publish_figure()
    with hamaynk("worker", WORKER_CONCURRENCY="2", OUTBOX_SWEEP_SECONDS="2") as worker:
        with hamaynk("beat", OUTBOX_SWEEP_SECONDS="2") as beat:
            wait_for(
                lambda: worker.figure("hamaynk_tasks_total", task="tasks.relay.deliver", outcome="success") >= 2,
                seconds=120,
            )
            wait_for(lambda: worker.figure("hamaynk_tasks_total", task="tasks.figures.gather") >= 1, seconds=120)
            wait_for(lambda: beat.figures().get("hamaynk_towns"), what="gathered figures", seconds=120)
            told = beat.figures()
            assert value(told, "hamaynk_towns") == 2
            assert value(told, "hamaynk_towns_behind") == 0
            assert value(told, "hamaynk_outbox_waiting") == 0
            assert value(told, "hamaynk_cache_up") == 1
            assert value(told, "hamaynk_database_connection_limit") > 1
            assert {sample.labels["state"] for sample in told["hamaynk_provisioning_runs"]} == {
                "waiting",
                "running",
                "done",
                "failed",
            }
            assert {sample.labels["queue"] for sample in told["hamaynk_queue_length"]} >= {
                "default",
                "oversight",
                "provisioning",
            }
            assert 0 <= time.time() - value(told, "hamaynk_backup_timestamp_seconds") < 300
            assert worker.figure("hamaynk_task_age_seconds_count", task="tasks.relay.deliver") >= 2
            assert worker.figure("hamaynk_task_seconds_count", task="tasks.relay.deliver") >= 2
            assert no_label_is_a_town_or_host(worker)
            assert no_label_is_a_town_or_host(beat)
            assert beat.watched("/livez") == (200, "ok\n")
            assert beat.watched("/nothing")[0] == 404
            said = [line for line in worker.lines() if line.get("task") == "tasks.relay.deliver"]
            assert {line["town"] for line in said} == {"dilijan", "sevan"}
            assert all(line["request"] != "-" for line in said)
            beat.stop()
            assert beat.lines() == [line for line in beat.lines() if line["level"] != "ERROR"]
        assert worker.watched("/livez") == (200, "ok\n")
        assert worker.stop() == 0
        assert list(worker.folder.glob("hamaynk-metrics-*")) == []


def publish_figure() -> None:
    """An event in the present town's outbox."""
    from datetime import date
    from decimal import Decimal

    observe(indicator="budgets.revenue_executed", period=date(2015, 9, 1), value=Decimal(5), version=1)


def value(figures: dict[str, list[object]], name: str) -> float:
    """Of the only sample."""
    (sample,) = figures[name]
    return float(sample.value)  # type: ignore[attr-defined]


def children(pid: int) -> list[int]:
    """Processes that a process has started."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


def no_label_is_a_town_or_host(running: Running) -> bool:
    """Labels stay few, however many towns there are. The control: the towns are there to be named."""
    assert PASSWORD
    words = {value for samples in running.figures().values() for sample in samples for value in sample.labels.values()}
    assert len(words) > 3
    return not any("dilijan" in word or "sevan" in word or "localhost" in word for word in words)
