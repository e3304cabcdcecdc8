"""What is done to accounts."""

import hashlib
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from hamaynk.accounts.access import require
from hamaynk.accounts.models import Invitation, RoleGrant, Unit, User
from hamaynk.accounts.permissions import MANAGE_STAFF, all_roles
from hamaynk.audit import record

VALID_FOR = timedelta(days=7)


class InvitationRefused(Exception):
    """The link was used, has expired, or never was."""


def hash_of(token: str) -> str:
    """What the table keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_staff(
    *, actor: User | None, email: str, full_name: str, role: str = "", unit: Unit | None = None
) -> tuple[Invitation, str]:
    """Invite a person into the office. Returns the invitation and the token for the link, which is kept nowhere.

    Raises PermissionDenied without accounts.manage_staff, ValueError for an unknown role.
    """
    require(actor, MANAGE_STAFF, unit)
    if role and role not in all_roles():
        raise ValueError(f"unknown role {role}")
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email.lower(),
        full_name=full_name,
        role=role,
        unit=unit,
        token_hash=hash_of(token),
        invited_by=actor,
        expires_at=timezone.now() + VALID_FOR,
    )
    record(actor=actor, action="accounts.invited", subject=f"accounts.invitation:{invitation.pk}", data={"role": role})
    return invitation, token


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User:
    """Make (or promote) the invited person's account with this password. Raises InvitationRefused."""
    invitation = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    if invitation is None or not invitation.is_open():
        raise InvitationRefused
    user = User.objects.filter(email=invitation.email).first() or User(email=invitation.email)
    user.full_name = user.full_name or invitation.full_name
    user.is_staff = True
    user.set_password(password)
    user.save()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    if invitation.role:
        RoleGrant.objects.get_or_create(user=user, role=invitation.role, unit=invitation.unit)
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record(actor=user, action="accounts.invitation_accepted", subject=f"accounts.invitation:{invitation.pk}")
    return user


@transaction.atomic
def create_account(*, email: str, full_name: str, password: str, is_staff: bool, roles: tuple[str, ...] = ()) -> User:
    """Make an account with a confirmed address in the present place: for operators, the ministry and demo towns."""
    user = User.objects.create_user(email, password, full_name=full_name, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for role in roles:
        grant_role(actor=None, user=user, role=role)
    record(actor=None, action="accounts.created", subject=f"accounts.user:{user.pk}", data={"staff": is_staff})
    return user


@transaction.atomic
def grant_role(*, actor: User | None, user: User, role: str, unit: Unit | None = None) -> RoleGrant:
    """Give a role. Raises PermissionDenied without accounts.manage_staff, ValueError for an unknown role."""
    require(actor, MANAGE_STAFF, unit)
    if role not in all_roles():
        raise ValueError(f"unknown role {role}")
    grant, _ = RoleGrant.objects.get_or_create(user=user, role=role, unit=unit)
    record(actor=actor, action="accounts.role_granted", subject=f"accounts.user:{user.pk}", data={"role": role})
    return grant


@transaction.atomic
def withdraw_role(*, actor: User | None, grant: RoleGrant) -> None:
    """Take a role back. Raises PermissionDenied without accounts.manage_staff."""
    require(actor, MANAGE_STAFF, grant.unit)
    record(
        actor=actor,
        action="accounts.role_withdrawn",
        subject=f"accounts.user:{grant.user_id}",
        data={"role": grant.role},
    )
    grant.delete()
