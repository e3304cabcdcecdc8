"""Whenever a role is granted or withdrawn in a town, the person's groups follow."""

from typing import Any

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from hamaynk.accounts.models import RoleGrant
from public_sites import dress
from public_sites.cms.groups import follow_grants
from public_sites.models import Appearance, Picture
from public_sites.redirects import keep_old_addresses
from public_sites.selectors import MENU_KEY
from tenants.context import current_schema
from tenants.names import is_town_schema


@receiver([post_save, post_delete], sender=RoleGrant)
def groups_follow_grants(sender: type[RoleGrant], instance: RoleGrant, **_: Any) -> None:
    """Only in towns: console and oversight have no public site."""
    if is_town_schema(current_schema()):
        follow_grants(instance.user)


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def menu_follows_pages(**_: Any) -> None:
    """The kept menu is made anew."""
    cache.delete(MENU_KEY)


@receiver([post_save, post_delete], sender=Appearance)
@receiver([post_save, post_delete], sender=Picture)
def dress_follows_choice(**_: Any) -> None:
    """The kept dress is read anew."""
    dress.forget()


@receiver(page_slug_changed)
def old_slug_leads_on(instance: Any, instance_before: Any, **_: Any) -> None:
    """Links to the former address keep working."""
    keep_old_addresses(instance, instance_before.url_path)


@receiver(post_page_move)
def old_place_leads_on(instance: Any, url_path_before: str, **_: Any) -> None:
    """Links to the former address keep working."""
    keep_old_addresses(instance, url_path_before)
