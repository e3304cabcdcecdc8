"""What a town's public site begins with: languages, the root of its pages, the groups of those who edit, starter pages."""

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page

from hamaynk.search import refresh
from public_sites.cms.groups import set_up_groups
from public_sites.cms.starter import plant
from public_sites.cms.workflow import set_up_workflow
from public_sites.redirects import plant_old_site
from public_sites.search import SOURCE


def set_up_site() -> None:
    """Make what is missing in the present town. Idempotent: pages that editors moved or removed do not come back."""
    with transaction.atomic():
        root = set_up_roots()
        is_new = not root.get_children().exists()
        if is_new:
            plant(root)
            plant_old_site()
    if is_new:
        refresh(SOURCE)


def set_up_roots() -> Page:
    """Languages, root, groups and approval, without any page. Returns the root."""
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    root = Page.get_first_root_node()
    if root is None:
        root = Page.add_root(title="Root", slug="root", locale=Locale.objects.get(language_code=settings.LANGUAGE_CODE))
    set_up_groups(root)
    set_up_workflow(root)
    return root
