"""Groups of the content management system: they follow the roles that the office grants, and are edited nowhere else."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from hamaynk.accounts.models import User

# Group -> the permission whose holders are in it.
GROUPS = {"editors": "public_sites.edit", "publishers": "public_sites.publish"}
PAGES = {
    "editors": ("add_page", "change_page"),
    "publishers": ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"),
}
FILES = (
    ("wagtailimages", "image"),
    ("wagtaildocs", "document"),
)


def set_up_groups(root: Page) -> None:
    """Make the groups and what they may do below `root`. Idempotent."""
    collection = Collection.get_first_root_node() or Collection.add_root(name="Root")
    for name in GROUPS:
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*_permissions("wagtailadmin", ["access_admin"]))
        if name == "publishers":
            codes = ["add_redirect", "change_redirect", "delete_redirect"]
            group.permissions.add(*_permissions("wagtailredirects", codes))
        for permission in _permissions("wagtailcore", PAGES[name]):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        for app, model in FILES:
            for permission in _permissions(app, [f"add_{model}", f"change_{model}", f"choose_{model}"]):
                GroupCollectionPermission.objects.get_or_create(
                    group=group, collection=collection, permission=permission
                )
    for user in User.objects.filter(is_staff=True):
        follow_grants(user)


def _permissions(app: str, codes: Iterable[str]) -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label=app, codename__in=codes))


def follow_grants(user: User) -> None:
    """Put a person into the groups that their grants call for, and out of all others."""
    user.__dict__.pop("granted", None)
    wanted = [name for name, permission in GROUPS.items() if user.has_permission(permission)]
    user.groups.set(Group.objects.filter(name__in=wanted))
