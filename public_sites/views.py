"""Pages of a town's public site that belong to no module."""

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.shortcuts import redirect, render
from wagtail.documents.views.serve import serve as serve_document

from hamaynk.contract import public
from hamaynk.ui.spoken import language_of
from public_sites import selectors
from public_sites.addresses import in_language

A_YEAR = 365 * 24 * 3600


@public
def home(request: HttpRequest) -> HttpResponseBase:
    """The first page; before a site is set up, what the modules contribute."""
    return _answer(request, "", language_of(request.path_info) or "")


@public
def page(request: HttpRequest, path: str, code: str = "") -> HttpResponseBase:
    """A page of the site. In a language into which it is not translated: the Armenian one, and a sentence that says so."""
    return _answer(request, path, code)


def _answer(request: HttpRequest, path: str, code: str = "") -> HttpResponseBase:
    if path and not path.endswith("/"):
        return redirect(f"{request.path}/", permanent=True)
    language = code or str(getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE))
    found = selectors.find(language, path)
    if found is None:
        if path:
            raise Http404(path)
        return render(request, "public_sites/home.html", selectors.home_contributions(request, None))
    if not code and language != settings.LANGUAGE_CODE:
        return redirect(in_language(language, path))  # each language has its own addresses
    answer: HttpResponse = found.serve(request)
    return answer


@public
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A picture in one of its sizes. Originals and documents are not handed out here."""
    if PurePosixPath(path).parts[:1] != ("images",) or not default_storage.exists(path):
        raise Http404(path)
    response = FileResponse(default_storage.open(path))
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@public
def document(request: HttpRequest, number: int, name: str) -> Any:
    """A file that an editor put on the site."""
    return serve_document(request, number, name)
