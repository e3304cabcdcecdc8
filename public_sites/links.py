"""Links on the site's pages that lead nowhere: to pages that are gone, and to addresses elsewhere that answer no more.

Addresses elsewhere are asked for once a week by a task, in small numbers, and never within our own network.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.db import transaction
from wagtail.documents.models import Document
from wagtail.models import Page

from public_sites.models import LinkFault
from public_sites.selectors import find

TAG = re.compile(r"<a\s[^>]*>", re.IGNORECASE)
ATTRIBUTE = re.compile(r'(href|linktype|id)="([^"]*)"')
MOST_OUTSIDE = 200
TIMEOUT = (4, 8)  # seconds to connect, to answer
LOST = frozenset({404, 410})
AGENT = "Hamaynk-link-check"


@dataclass(frozen=True)
class Link:
    """A link on a page: `kind` page or document with its number in `target`, or address."""

    page_id: int
    kind: str
    target: str


def links_of(page_id: int, body: Any) -> Iterator[Link]:
    """All links in the stored form of a body of blocks."""
    for text in _texts(body):
        if text.startswith(("https://", "http://")) and " " not in text:
            yield Link(page_id, "address", text)
        for tag in TAG.findall(text):
            said = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
            if said.get("linktype") in ("page", "document"):
                yield Link(page_id, said["linktype"], said.get("id", ""))
            elif said.get("href", "").startswith(("http://", "https://", "/")):
                yield Link(page_id, "address", said["href"])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def all_links() -> list[Link]:
    """Of all published pages."""
    found: list[Link] = []
    for page in Page.objects.live().filter(depth__gt=1).specific().iterator(chunk_size=200):
        for field in page._meta.get_fields():
            raw = getattr(getattr(page, field.name, None), "raw_data", None) if hasattr(field, "stream_block") else None
            if raw is not None:
                found += links_of(page.pk, list(raw))
    return list(dict.fromkeys(found))


def check(*, hosts: frozenset[str], outside: Callable[[str], str] | None = None) -> int:
    """Look at every link of the present town's pages and keep what is wrong. hosts: our own names. Returns how many."""
    links = all_links()
    asked = outside or fault_outside
    live = set(Page.objects.live().values_list("pk", flat=True))
    documents = set(Document.objects.values_list("pk", flat=True))
    addresses = list(dict.fromkeys(link.target for link in links if link.kind == "address"))
    elsewhere = [one for one in addresses if not _is_ours(one, hosts)][:MOST_OUTSIDE]
    said = {one: asked(one) for one in elsewhere} if settings.LINK_CHECK_OUTSIDE else {}
    said |= {one: _fault_inside(one) for one in addresses if _is_ours(one, hosts)}
    faults = []
    for link in links:
        if link.kind == "address":
            fault = said.get(link.target, "")
        else:
            there = live if link.kind == "page" else documents
            fault = "" if link.target.isdigit() and int(link.target) in there else f"{link.kind}_gone"
        if fault:
            faults.append(LinkFault(page_id=link.page_id, target=link.target[:500], fault=fault))
    with transaction.atomic():
        LinkFault.objects.all().delete()
        LinkFault.objects.bulk_create(faults)
    return len(faults)


def _is_ours(address: str, hosts: frozenset[str]) -> bool:
    return address.startswith("/") or (urlsplit(address).hostname or "") in hosts


def _fault_inside(address: str) -> str:
    """Pages of the tree are known; whatever else lies on the site (files, modules' pages) is believed."""
    path = urlsplit(address).path
    first, _slash, rest = path.lstrip("/").partition("/")
    code, rest = (first, rest) if first in ("en", "ru") else (settings.LANGUAGE_CODE, path.lstrip("/"))
    parts = rest.strip("/").split("/")
    if not parts[0] or find(code, f"{parts[0]}/") is None:
        return ""
    return "" if find(code, "/".join(parts) + "/") else "page_gone"


def fault_outside(address: str) -> str:
    """ "" where something answers, or where it cannot be told; "gone", "no_host" where nothing is there any more."""
    for _step in range(4):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "no_host"
        if not _is_public(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)):
            return "no_host"
        try:
            answer = requests.get(
                address, timeout=TIMEOUT, allow_redirects=False, stream=True, headers={"User-Agent": AGENT}
            )
        except requests.RequestException:
            return ""  # slow or shut today: an editor cannot do anything about that
        answer.close()
        if answer.status_code in LOST:
            return "gone"
        if not answer.is_redirect:
            return ""
        address = urljoin(address, answer.headers.get("Location", ""))
    return ""


def _is_public(host: str, port: int) -> bool:
    """The name exists, and no address behind it lies within a private network (ours)."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(str(one[4][0]).partition("%")[0]).is_global for one in found)


def faults() -> list[dict[str, Any]]:
    """What the last look found, page by page, for the office."""
    kept = LinkFault.objects.select_related("page").order_by("page__path", "target")
    return [{"page": one.page, "target": one.target, "says": one.get_fault_display()} for one in kept]
