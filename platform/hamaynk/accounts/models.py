"""People who sign in, the units of the town hall, who holds which role where, and invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from hamaynk.accounts.permissions import permissions_of_role


class UserManager(BaseUserManager["User"]):
    """Users are found by mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A user with this address; without a password nobody can sign in as this user."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """By address, ignoring case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """One person in one place: a town, the console or oversight. No account is valid in two places.

    `is_staff`: works in the town hall and may enter the office; staff are invited, citizens sign up on the site.
    Rights come from grants of roles. Django's groups serve the content management system alone and follow the grants;
    nobody is a superuser (docs/adr/0018).
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    is_staff = models.BooleanField(_("works in the town hall"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(default=False, db_default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="user_nobody_is_superuser"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        """Name for greetings and lists."""
        return str(self)

    @cached_property
    def granted(self) -> dict[str, set[int | None]]:
        """Permission's full code -> ids of the units it is granted for; None stands for the whole town hall. One query."""
        found: dict[str, set[int | None]] = {}
        if not self.is_active:
            return found
        for role, unit_id in self.grants.values_list("role", "unit_id"):
            for permission in permissions_of_role(role):
                found.setdefault(permission, set()).add(unit_id)
        return found

    def has_permission(self, permission: str, unit: Unit | None = None) -> bool:
        """True if granted for `unit` (or one above it), or in any unit where no unit is asked for."""
        places = self.granted.get(permission)
        if not places:
            return False
        if unit is None or None in places:
            return True
        return bool(places & unit.with_ancestors())


class Unit(models.Model):
    """A unit of the town hall (department, citizen office); a tree that the town edits (R7)."""

    code = models.SlugField(max_length=40, unique=True)
    name_hy = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    name_ru = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("code",)

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return getattr(self, f"name_{(get_language() or 'hy')[:2]}", "") or self.name_hy

    def with_ancestors(self) -> set[int | None]:
        """Ids of this unit and all above it."""
        parents = dict(Unit.objects.values_list("pk", "parent_id"))
        found: set[int | None] = set()
        here: int | None = self.pk
        while here is not None and here not in found:
            found.add(here)
            here = parents.get(here)
        return found


class RoleGrant(models.Model):
    """A person holds a role, in one unit or (unit empty) in the whole town hall."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="grant_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """The way into the office: a link by mail, valid once and for seven days. Only the token's hash is kept."""

    email = models.EmailField(_("e-mail address"))
    full_name = models.CharField(_("full name"), max_length=200)
    role = models.CharField(max_length=80, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime | None = None) -> bool:
        """True while it can be accepted."""
        return self.accepted_at is None and self.expires_at > (now or timezone.now())
