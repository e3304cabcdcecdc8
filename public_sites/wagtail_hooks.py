"""What the editing screens of the content management system show and what they leave out."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks

HIDDEN = {"help"}  # guides of others, in English


@hooks.register("construct_main_menu")
def leave_out(request: HttpRequest, items: list[Any]) -> None:
    """Only what an editor of a town's site needs."""
    items[:] = [item for item in items if item.name not in HIDDEN]


@hooks.register("construct_settings_menu")
def keep_redirects(request: HttpRequest, items: list[Any]) -> None:
    """Of the settings, redirects alone."""
    items[:] = [item for item in items if item.name == "redirects"]
