"""Permissions and roles: the platform's own and those that modules declare."""

from typing import Any

from hamaynk.contract import Role
from hamaynk.contract import text as _
from hamaynk.contract.registry import registry

MANAGE_STAFF = "accounts.manage_staff"
OWN_PERMISSIONS = {MANAGE_STAFF: _("Invite staff and grant roles")}
OWN_ROLES = {
    "accounts.administrator": Role(
        code="administrator", title=_("Administrator of the office"), permissions=(MANAGE_STAFF,)
    )
}


def all_permissions() -> dict[str, Any]:
    """Full code -> title."""
    return {**OWN_PERMISSIONS, **registry().permissions()}


def all_roles() -> dict[str, Role]:
    """Full code -> Role."""
    return {**OWN_ROLES, **registry().roles()}


def permissions_of_role(code: str) -> tuple[str, ...]:
    """Full codes of a role's permissions; none for a role whose module is not installed any more."""
    role = all_roles().get(code)
    return role.permissions if role else ()
