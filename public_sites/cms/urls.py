"""The editing screens under /cms/ of a town's office, closed to whoever may not edit the site."""

from collections.abc import Iterator
from typing import Any

from django.urls import path
from wagtail.admin import urls as admin_urls

from hamaynk.contract import Access
from public_sites.cms.views import sign_in, sign_out
from public_sites.cms.walls import behind_walls

EDIT = Access(permission="public_sites.edit")


def _patterns(patterns: Any) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


for _pattern in _patterns(admin_urls.urlpatterns):
    _pattern.callback = behind_walls(_pattern.callback, EDIT)

# Ours lie over the content management system's own: people sign in and out of the office, once.
urlpatterns = [
    path("login/", sign_in, name="wagtailadmin_login"),
    path("logout/", sign_out, name="wagtailadmin_logout"),
    *admin_urls.urlpatterns,
]
