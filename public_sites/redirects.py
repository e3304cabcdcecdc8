"""Addresses that were: of pages that moved, of the town's former site, and those that an editor entered."""

from typing import Any

from django.http import HttpRequest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from public_sites.addresses import path_of

LONGEST = 255
# Pages of the municipal information system that towns had, and ours that took their place. Default.aspx and DocFlow were
# seen; the rest of that system's addresses hold keys that were lost with it. The budget declares its own (old_addresses).
OLD_SITE = {
    "/Default.aspx": "/hy/",
    "/Pages/Default.aspx": "/hy/",
    "/Pages/DocFlow/Default.aspx": "/hy/self-government/council-decisions/",
    "/Pages/DocFlow": "/hy/self-government/council-decisions/",
}


def target_of(request: HttpRequest) -> tuple[str, bool] | None:
    """(where to, for ever) for the address that is asked for, or None. Small and capital letters are one, as they were there."""
    wanted = list(
        dict.fromkeys((Redirect.normalise_path(request.get_full_path()), Redirect.normalise_path(request.path)))
    )
    if any(len(path) > LONGEST or "\0" in path for path in wanted):
        return None
    for path in wanted:
        found = Redirect.objects.select_related("redirect_page").filter(old_path__iexact=path).first()
        if found is None:
            continue
        page = found.redirect_page
        if page is not None and page.live and page.url_path != "/":
            return path_of(page.url_path), found.is_permanent
        if page is None and found.redirect_link and found.redirect_link != request.build_absolute_uri():
            return found.redirect_link, found.is_permanent
    return None


def keep_old_addresses(page: Page, url_path_before: str) -> None:
    """Let the former addresses of a page and of all below it lead to where they are now."""
    if page.depth < 3 or page.url_path == url_path_before:
        return
    found = Page.objects.filter(path__startswith=page.path, live=True).only("id", "url_path")
    moved = {url_path_before + one.url_path.removeprefix(page.url_path): one for one in found}
    old = {Redirect.normalise_path(path_of(path)): one for path, one in moved.items()}
    now = [Redirect.normalise_path(path_of(one.url_path)) for one in moved.values()]
    Redirect.objects.filter(old_path__in=[*old, *now], site=None).delete()
    Redirect.objects.bulk_create(
        [
            Redirect(old_path=path, redirect_page=one, automatically_created=True)
            for path, one in old.items()
            if len(path) <= LONGEST
        ]
    )


def plant_old_site() -> None:
    """A new town's redirects from the former site's addresses. Editors see them among theirs."""
    pages: dict[str, Any] = {page.url_path: page for page in Page.objects.filter(url_path__in=OLD_SITE.values())}
    Redirect.objects.bulk_create(
        [
            Redirect(old_path=Redirect.normalise_path(path), redirect_page=pages[target], automatically_created=True)
            for path, target in OLD_SITE.items()
            if target in pages
        ]
    )
