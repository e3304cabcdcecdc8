"""What is asked of accounts."""

from django.db import transaction
from django.db.models import QuerySet

from hamaynk.accounts.access import require
from hamaynk.accounts.actions import hash_of
from hamaynk.accounts.models import Invitation, User
from hamaynk.accounts.permissions import MANAGE_STAFF
from hamaynk.audit import record


def list_staff(*, viewer: User) -> QuerySet[User]:
    """Everybody who may enter the office, with their grants. Needs accounts.manage_staff; who looked is kept."""
    require(viewer, MANAGE_STAFF)
    with transaction.atomic():
        record(actor=viewer, action="accounts.staff_listed", subject="accounts.staff")
    return User.objects.filter(is_staff=True).prefetch_related("grants__unit").order_by("full_name", "email")


def list_open_invitations(*, viewer: User) -> list[Invitation]:
    """Invitations that were not accepted yet. Needs accounts.manage_staff."""
    require(viewer, MANAGE_STAFF)
    return [i for i in Invitation.objects.filter(accepted_at=None) if i.is_open()]


def access_invitation(token: str) -> Invitation | None:
    """The invitation that this link opens, or None."""
    found = Invitation.objects.filter(token_hash=hash_of(token)).first()
    return found if found is not None and found.is_open() else None
