"""Anonymous pages of public sites, kept until something changes that they were drawn from."""

import gzip
import hashlib
import json
import logging
import re
import zlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

import hamaynk
import tenants
from hamaynk.contract import Surface
from hamaynk.contract.registry import registry
from hamaynk.freshness import stamps
from hamaynk.freshness.watch import Drawing, recording
from hamaynk.observability import metrics
from hamaynk.ui.middleware import wanted_language
from tenants.models import normal_host

log = logging.getLogger(__name__)
# The menu stands on every page and is itself kept, so a page may show it without having read its tables.
ALWAYS = frozenset({"public_sites", "wagtailcore"})
LONGEST_QUERY = 200
LEVEL = 5  # of gzip; once for all who read the page after
_NO_WEIGHT = re.compile(r"q=0(\.0*)?", re.IGNORECASE)
LARGEST = 512 * 1024  # bytes of a body
MOST_QUERIES = 2000  # new addresses with a query in a town within the time an entry is kept: strangers can think of any
TYPES = frozenset({"text/html", "text/csv", "text/xml", "application/xml", "application/json"})
NEVER_KEPT = frozenset({"server-timing", "x-request-id", "date", "set-cookie"})


class PageCacheMiddleware:
    """Stands right behind `SurfaceMiddleware`: what it answers from memory costs no SQL, no session, no template.

    Kept and answered for visitors without session, message or Authorization only. An entry holds as long as the stamps
    of all applications are the same whose tables were read while it was drawn.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = _or_none(lambda: _name(request)) if _is_anonymous(request) else None
        looked = stamps.read(name) if name is not None else None
        if name is None or looked is None:
            return self.get_response(request)
        takes_gzip = _takes_gzip(request)
        entry, now = looked
        kept = _or_none(lambda: _from_entry(entry, now, takes_gzip)) if entry is not None else None
        if kept is not None:
            metrics.pages.labels("hit").inc()
            kept["Server-Timing"] = "cache;desc=hit"
            return _conditional(request, kept)
        with recording() as drawing:
            response = self.get_response(request)
        if not _or_none(lambda: _may_be_kept(request, response, drawing)):
            metrics.pages.labels("drawn").inc()
            return response
        metrics.pages.labels("miss").inc()
        _or_none(lambda: _dress(response))
        body = _or_none(lambda: gzip.compress(response.content, LEVEL, mtime=0))
        if body is not None:
            _or_none(lambda: _keep(request, name, response, body, drawing, now))
            if takes_gzip and response.content:
                _or_none(lambda: _send_compressed(response, body))
        response["Server-Timing"] = "cache;desc=miss"
        return _conditional(request, response)


def _or_none(call: Callable[[], Any]) -> Any:
    """The cache is a convenience: whatever goes wrong in it, the page is drawn and shown."""
    try:
        return call()
    except Exception:
        log.exception("a kept page cannot be used")
        return None


def _is_anonymous(request: HttpRequest) -> bool:
    """True for a question that everybody who asks it gets the same answer to."""
    return (
        settings.PAGE_CACHE_SECONDS > 0
        and getattr(request, "surface", None) == Surface.SITE
        and getattr(request, "town", None) is not None
        and request.method in ("GET", "HEAD")
        and not getattr(request, "is_dummy", False)  # the preview of a draft has the address of the page
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "HTTP_AUTHORIZATION" not in request.META
        and len(request.META.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def _name(request: HttpRequest) -> str | None:
    """Name of the entry: all that the answer may depend on and that does not stand in the town's tables.

    None for a host that is written otherwise than the routing table has it: an address on the page could repeat it.
    """
    host = request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", "")
    usual = normal_host(host)
    if host not in (usual, f"{usual}:{settings.PUBLIC_PORT}"):
        return None
    town = request.town  # type: ignore[attr-defined]
    parts = [
        town.schema_name,
        town.fingerprint,
        request.scheme,
        host,
        wanted_language(request),
        request.path,
        sorted(request.GET.lists()),
        timezone.localdate().isoformat(),
        _release(),
    ]
    return f"page:{hashlib.sha256(json.dumps(parts).encode()).hexdigest()}"


@cache
def _release() -> str:
    """Of what pages are made besides data: our code, templates, words, and static files. Read once a process."""
    modules = {manifest.app for manifest in registry()}
    ours = {Path(package.__file__ or "").parent for package in (hamaynk, tenants)}
    for config in apps.get_app_configs():
        if {config.name, f"{type(config).__module__}.{type(config).__qualname__}"} & modules:
            ours.add(Path(config.path))
    found = hashlib.sha256(f"{version('django')} {version('wagtail')}".encode())
    for folder in sorted(ours):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".mo", ".css", ".js", ".svg", ".csv"):
                found.update(path.read_bytes())
    chosen = (settings.BASE_DOMAIN, settings.PUBLIC_PORT, settings.CURRENCY, settings.OPEN_DATA_LICENCE)
    found.update(repr((*chosen, settings.COUNTRY_PACK)).encode())
    return found.hexdigest()


def _from_entry(entry: dict[str, Any], now: dict[str, int], takes_gzip: bool) -> HttpResponse | None:
    """The kept answer, None where something has changed."""
    if any(now.get(label) != stamp for label, stamp in entry["stamps"].items()):
        return None
    if zlib.crc32(entry["body"]) != entry["sum"]:
        raise ValueError("what is kept is not what was written")
    response = HttpResponse(b"" if takes_gzip else gzip.decompress(entry["body"]), headers=entry["headers"])
    if takes_gzip:
        _send_compressed(response, entry["body"])
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    """True where the browser says so. Nothing secret stands on these pages, so their length gives nothing away."""
    for offer in request.headers.get("Accept-Encoding", "").split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip().lower() == "gzip":
            return not _NO_WEIGHT.fullmatch(weight.replace(" ", ""))
    return False


def _send_compressed(response: HttpResponse, body: bytes) -> None:
    """The same answer in fewer bytes. Its mark is the weak one: not byte for byte the same, and as good."""
    response.content = body
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(body))
    if response.has_header("ETag") and not response["ETag"].startswith("W/"):
        response["ETag"] = f"W/{response['ETag']}"


def _may_be_kept(request: HttpRequest, response: HttpResponseBase, drawing: Drawing) -> bool:
    """True for a finished page that holds nothing of the one who asked."""
    if response.status_code != 200 or response.streaming or not isinstance(response, HttpResponse):
        return False
    said = response.get("Cache-Control", "").lower()
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    return (
        drawing.can_be_kept
        and not response.cookies
        and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META  # a token was made for a form of this page
        and not any(word in said for word in ("private", "no-store"))
        and vary <= {"cookie"}
        and not response.has_header("Content-Encoding")
        and "'nonce-" not in response.get("Content-Security-Policy", "")
        and not getattr(request, "is_preview", False)
        and not (session is not None and session.modified)
        and not (user is not None and user.is_authenticated)
        and response.get("Content-Type", "").partition(";")[0].strip().lower() in TYPES
        and len(response.content) <= LARGEST
    )


def _dress(response: HttpResponse) -> None:
    """What tells browsers and proxies that they may keep the answer, and must ask each time whether it still holds."""
    if not response.has_header("ETag"):
        said = f"{response.get('Content-Language', '')}\n{response.get('Content-Type', '')}\n".encode()
        response["ETag"] = f'"{hashlib.sha256(said + response.content).hexdigest()[:40]}"'
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ("Accept-Encoding",))


def _keep(
    request: HttpRequest, name: str, response: HttpResponse, body: bytes, drawing: Drawing, now: dict[str, int]
) -> None:
    """Under the stamps as they were before the page was drawn: a change meanwhile makes the entry worthless."""
    if request.method != "GET":  # a view may answer HEAD without a body
        return
    seconds = settings.PAGE_CACHE_SECONDS
    if request.META.get("QUERY_STRING"):
        many = stamps.count("page-queries", seconds)
        if many is None or many > MOST_QUERIES:
            return
    labels = (drawing.labels | ALWAYS) & now.keys()
    if len(labels) < len(drawing.labels | ALWAYS):
        return  # something without a stamp was read: nobody would tell
    headers = {key: value for key, value in response.items() if key.lower() not in NEVER_KEPT}
    entry = {"headers": headers, "body": body, "sum": zlib.crc32(body)}
    stamps.keep(name, {**entry, "stamps": {label: now[label] for label in labels}}, seconds)


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """304 where the browser has this very answer."""
    if "HTTP_IF_NONE_MATCH" not in request.META or not response.has_header("ETag"):
        return response
    timing = response["Server-Timing"]
    answer: HttpResponseBase = get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[assignment]
    answer["Server-Timing"] = timing
    return answer
