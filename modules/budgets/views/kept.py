"""A public page whose content is drawn once and kept: `page_cache` says for how long it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from modules.budgets import page_cache


def content(
    template: str, context: Mapping[str, Any], *, title: str, here: str, crumbs: tuple[tuple[str, str], ...] = (),
    status: int = 200,
) -> dict[str, Any]:  # fmt: skip
    """The content of a page, drawn: title of the window, way to it (name, address), its markup, status."""
    body = str(render_to_string(template, dict(context)))
    return {"title": title, "here": here, "crumbs": list(crumbs), "body": body, "status": status}


def kept_page(
    request: HttpRequest,
    key: Mapping[str, object],
    draw: Callable[[], dict[str, Any]],
    *,
    template: str = "budgets/site/kept_page.html",
    beside: Mapping[str, Any] | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The page under `key` in the active language. What `draw` gives is `content(...)`; only status 200 is kept.

    beside: what `template` shows beside the content and that is never kept, a form for one. status: of the whole answer.
    """
    drawn: dict[str, Any] = {}

    def drawn_if_good() -> dict[str, Any] | None:
        drawn.update(draw())
        return drawn if drawn["status"] == 200 else None

    shown = page_cache.kept_or_drawn({**key, "language": get_language()}, drawn_if_good) or drawn
    body = SafeString(shown["body"])  # markup of our own template, which escapes every value
    context = {**shown, "body": body, **(beside or {})}
    return render(request, template, context, status=status or shown["status"])
