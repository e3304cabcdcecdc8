"""What residents come to the site for, besides what its modules offer: the pages of a town that answer it (R16, R25, R40)."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from public_sites.addresses import path_of
from public_sites.alerts.links import path_to


@dataclass(frozen=True)
class PageTask:
    """A task done on a page of the editor, which is known by the word that a new town's starter pages give it."""

    slug: str
    label: str | Promise
    hint: str | Promise


TASKS = (
    PageTask(
        "council-decisions",
        _("Follow the decisions of the council"),
        _("Each decision with its number and date"),
    ),
    PageTask("forms", _("Download a form"), _("Forms of applications and requests")),
    PageTask("phones", _("Find a phone number"), _("The town hall, services, emergency numbers")),
)


def page_tasks(language: str) -> list[dict[str, Any]]:
    """Label, hint and address of each task whose page is published in this language. One query; the letters come last."""
    slugs = [task.slug for task in TASKS]
    found = Page.objects.live().filter(slug__in=slugs, url_path__startswith=f"/{language}/").order_by("depth", "path")
    there: dict[str, str] = {}
    for slug, url_path in found.values_list("slug", "url_path"):
        there.setdefault(slug, path_of(url_path))
    tasks = [{"label": t.label, "hint": t.hint, "url": there[t.slug]} for t in TASKS if t.slug in there]
    letters = {
        "label": _("Get letters about news and works"),
        "hint": _("For example when the water in your street is to be cut off"),
        "url": path_to("", language),
    }
    return [*tasks, letters]
