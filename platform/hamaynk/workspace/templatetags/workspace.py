"""Filters of the office shell."""

from typing import Any

from django import template

from hamaynk.accounts.models import RoleGrant
from hamaynk.accounts.permissions import all_roles

register = template.Library()


@register.filter
def role_title(grant: RoleGrant) -> Any:
    """The role's name, or its code where the module that declared it is gone."""
    role = all_roles().get(grant.role)
    return role.title if role else grant.role
