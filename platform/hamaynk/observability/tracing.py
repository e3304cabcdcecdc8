"""Traces by OpenTelemetry, where OTEL_ENABLED is on; else nothing of it is set up.

The usual instrumentations of Django, psycopg, Celery and Redis make the spans. Of what they write down only what is named
below leaves the process: no address, no query, no statement, no header, no text of an error. Where to and how much is said
by the standard variables of OpenTelemetry.
"""

import os
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from django.conf import settings

# What a span may tell. Old and new names of OpenTelemetry's conventions; each is a word of ours or of a protocol.
TOLD = frozenset(
    {
        *("http.method", "http.request.method", "http.status_code", "http.response.status_code", "http.route"),
        *("http.scheme", "url.scheme", "http.flavor", "network.protocol.version"),
        *("db.system", "db.system.name", "db.operation", "db.operation.name", "db.name", "db.namespace"),
        *("celery.action", "celery.state", "celery.task_name", "messaging.system", "messaging.operation"),
        *("messaging.destination", "messaging.destination.name", "messaging.operation.name", "error.type"),
        *("hamaynk.town", "hamaynk.surface"),
    }
)
_begun_in = 0


def is_installed() -> bool:
    """True where the packages of the extra `telemetry` are there."""
    try:
        return all(
            find_spec(f"opentelemetry.{name}")
            for name in ("sdk", "exporter.otlp.proto.http", "instrumentation.django", "instrumentation.psycopg")
        )
    except ModuleNotFoundError:
        return False


def begin() -> None:
    """Once a process, after its fork: exporter threads do not survive one. Nothing where the switch is off."""
    global _begun_in
    if not settings.OTEL_ENABLED or _begun_in == os.getpid():
        return
    _begun_in = os.getpid()
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    about = {"service.version": version("hamaynk")}
    if "OTEL_SERVICE_NAME" not in os.environ:
        about["service.name"] = f"hamaynk-{settings.PROCESS}"
    provider = TracerProvider(resource=Resource.create(about))
    provider.add_span_processor(BatchSpanProcessor(_discreet(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    _instrument()


def _instrument() -> None:
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.instrumentation.redis import RedisInstrumentor

    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "healthz,readyz,tls/ask")
    DjangoInstrumentor().instrument(response_hook=_of_request)
    PsycopgInstrumentor().instrument(skip_dep_check=True)
    CeleryInstrumentor().instrument()
    RedisInstrumentor().instrument()


def note(**facts: str) -> None:
    """Put `town=...` or `surface=...` on the present span."""
    if not _begun_in:
        return
    from opentelemetry import trace

    _put(trace.get_current_span(), facts)


def _of_request(span: Any, request: Any, response: Any) -> None:
    town = getattr(request, "town", None)
    _put(
        span,
        {"surface": str(getattr(request, "surface", "none")), "town": town.schema_name if town is not None else "-"},
    )


def _put(span: Any, facts: dict[str, str]) -> None:
    if span is not None and span.is_recording():
        for name, value in facts.items():
            span.set_attribute(f"hamaynk.{name}", value)


def _discreet(exporter: Any) -> Any:
    """The exporter, given spans without all that is not named in TOLD."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
    from opentelemetry.trace import Link, SpanKind, Status

    def stripped(span: ReadableSpan) -> ReadableSpan:
        told = {key: value for key, value in (span.attributes or {}).items() if key in TOLD}
        name = span.name
        if span.kind == SpanKind.SERVER:  # an address that leads nowhere would be the name
            method = told.get("http.request.method") or told.get("http.method") or "HTTP"
            name = " ".join(str(part) for part in (method, told.get("http.route")) if part)
        return ReadableSpan(
            name=name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=told,
            links=[Link(link.context) for link in span.links],
            kind=span.kind,
            instrumentation_scope=span.instrumentation_scope,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
        )

    class Discreet(SpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result: SpanExportResult = exporter.export([stripped(span) for span in spans])
            return result

        def shutdown(self) -> None:
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30000) -> bool:
            return bool(exporter.force_flush(timeout_millis))

    return Discreet()
