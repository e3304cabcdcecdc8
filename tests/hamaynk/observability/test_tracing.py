"""Traces, sent by real processes to a receiver of the test's own; and what they never tell."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from hamaynk.config.starting import faults
from tenants.setup import set_up_town
from tests.support.links import plain_environment, wait_for
from tests.support.processes import hamaynk
from tests.support.site import ask_for_letters
from tests.support.workers import empty_queues

pytestmark = pytest.mark.usefixtures("towns")


class Receiver(ThreadingHTTPServer):
    """Takes spans by OTLP over HTTP."""

    daemon_threads = True

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Taking)

    def spans(self) -> list[dict[str, Any]]:
        """All that came: name, trace, parent, service, attributes."""
        found = []
        for body in list(self.raw):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                about = _plain(resource.resource.attributes)
                for scope in resource.scope_spans:
                    found += [
                        {
                            "name": span.name,
                            "trace": span.trace_id,
                            "id": span.span_id,
                            "parent": span.parent_span_id,
                            "service": about["service.name"],
                            "events": list(span.events),
                            **_plain(span.attributes),
                        }
                        for span in scope.spans
                    ]
        return found


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            import gzip

            body = gzip.decompress(body)
        if self.path == "/v1/traces":
            self.server.raw.append(body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def _plain(attributes: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in attributes}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Listening on loopback."""
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    print(sorted({(span["service"], span["name"]) for span in server.spans()}))  # noqa: T201  shown where the test fails
    server.shutdown()
    server.server_close()


def switched_on(receiver: Receiver) -> dict[str, str]:
    """The variables."""
    return {
        "OTEL_ENABLED": "yes",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.server_address[1]}",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "PAGE_CACHE_SECONDS": "0",
    }


@pytest.mark.slow
def test_a_request_its_statements_and_its_task_are_one_trace(receiver):
    """Somebody asks for letters on the site; the event is delivered by a worker: all under one number."""
    empty_queues()
    set_up_town("dilijan")
    given = switched_on(receiver)
    with hamaynk("web", WEB_WORKERS="1", **given) as web, hamaynk("worker", WORKER_CONCURRENCY="1", **given):
        status = ask_for_letters(web.port, "dilijan.localhost", "ani.secret@example.am")
        assert status == 302

        def delivery() -> list[dict[str, Any]]:
            return [s for s in receiver.spans() if s.get("celery.task_name") == "tasks.relay.deliver"]

        wait_for(lambda: any(s["service"] == "hamaynk-worker" for s in delivery()), what="the task's span", seconds=60)
        wait_for(
            lambda: [s for s in receiver.spans() if s["name"].startswith("POST ")],
            what="the request's span",
            seconds=60,
        )
        spans = receiver.spans()
    (post,) = [s for s in spans if s["name"].startswith("POST ")]
    assert (post["service"], post["hamaynk.town"], post["hamaynk.surface"]) == ("hamaynk-web", "dilijan", "site")
    assert "subscribe" in post["name"]
    inside = [s for s in spans if s["trace"] == post["trace"]]
    statements = [s for s in inside if s.get("db.system", s.get("db.system.name")) == "postgresql"]
    assert {"SELECT", "INSERT"} <= {s["name"].split()[0] for s in statements}
    assert any(s["parent"] == post["id"] for s in statements)
    tasks = [s for s in inside if s["service"] == "hamaynk-worker" and s.get("celery.task_name")]
    assert "dilijan" in {s.get("hamaynk.town") for s in tasks}
    assert [s for s in inside if s["service"] == "hamaynk-worker" and s in statements], "the task's own statements"
    told = b"".join(receiver.raw)
    for secret in (b"ani.secret", b"example.am", b"csrfmiddlewaretoken", b"INSERT INTO", b"user_agent", b"127.0.0.1"):
        assert secret not in told
    assert all(not s["events"] for s in spans)


@pytest.mark.slow
def test_switched_off_nothing_is_sent_and_nothing_set_up(receiver):
    """Off is the default: no exporter, no instrumentation. (Packages of others may import OpenTelemetry where they see it.)"""
    script = (
        "import sys, hamaynk.config.wsgi, tasks\n"
        "assert not [m for m in sys.modules if m.startswith(('opentelemetry.instrumentation', 'opentelemetry.exporter'))]"
    )
    for switch, code in (("no", 0), ("yes", 1)):
        given = plain_environment(**{**switched_on(receiver), "OTEL_ENABLED": switch})
        done = subprocess.run([sys.executable, "-c", script], env=given, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
    assert receiver.raw == []


def test_without_the_packages_the_switch_is_refused(monkeypatch):
    """A sentence, not a traceback."""
    assert list(faults({"OTEL_ENABLED": "yes"}, production=False)) == []
    monkeypatch.setattr("hamaynk.config.starting.is_installed", lambda: False)
    assert list(faults({"OTEL_ENABLED": "no"}, production=False)) == []
    (sentence,) = faults({"OTEL_ENABLED": "yes"}, production=False)
    assert "telemetry" in sentence
