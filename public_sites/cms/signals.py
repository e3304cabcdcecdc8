"""What follows by itself: a person's groups follow their roles, a page's former addresses follow the page."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from hamaynk.accounts.models import RoleGrant
from public_sites import search
from public_sites.cms.groups import follow_grants
from public_sites.redirects import keep_old_addresses
from tenants.context import current_schema
from tenants.names import is_town_schema


@receiver([post_save, post_delete], sender=RoleGrant)
def groups_follow_grants(sender: type[RoleGrant], instance: RoleGrant, **_: Any) -> None:
    """Only in towns: console and oversight have no public site."""
    if is_town_schema(current_schema()):
        follow_grants(instance.user)


@receiver(page_slug_changed)
def old_slug_leads_on(instance: Any, instance_before: Any, **_: Any) -> None:
    """Links to the former address keep working."""
    keep_old_addresses(instance, instance_before.url_path)


@receiver(post_page_move)
def old_place_leads_on(instance: Any, url_path_before: str, **_: Any) -> None:
    """Links to the former address keep working."""
    keep_old_addresses(instance, url_path_before)


@receiver(page_published)
def search_follows_pages(instance: Page, **_: Any) -> None:
    """What is published is found."""
    search.page_changed(instance)


@receiver([page_slug_changed, post_page_move])
def search_follows_addresses(instance: Page, **_: Any) -> None:
    """A section takes all below it along."""
    search.addresses_changed(instance)


@receiver([page_unpublished, post_delete])
def search_forgets_pages(instance: Any, **_: Any) -> None:
    """What is no longer there is not found; a deleted section takes all below it along, page by page."""
    if isinstance(instance, Page) and is_town_schema(current_schema()):
        search.page_gone(instance)
