"""Pages of the office shell."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamaynk.accounts import actions, selectors
from hamaynk.accounts.access import signed_in
from hamaynk.accounts.forms import InvitationForm
from hamaynk.accounts.mail import send_invitation
from hamaynk.accounts.models import RoleGrant
from hamaynk.accounts.permissions import MANAGE_STAFF, all_roles
from hamaynk.contract import permission_required
from hamaynk.ui.context import navigation


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """First page: what this person can do here."""
    items = [item for item in navigation(request, request.surface) if not item.is_current]  # type: ignore[attr-defined]
    roles = all_roles()
    held = [(roles[g.role].title, g.unit) for g in request.user.grants.select_related("unit") if g.role in roles]  # type: ignore[union-attr]
    return render(request, "workspace/home.html", {"items": items, "held": held})


@permission_required(MANAGE_STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """Who works here, with which roles; invitations that wait."""
    context = {
        "staff": selectors.list_staff(viewer=request.user),  # type: ignore[arg-type]
        "invitations": selectors.list_open_invitations(viewer=request.user),  # type: ignore[arg-type]
        "roles": {code: role.title for code, role in all_roles().items()},
    }
    return render(request, "workspace/staff.html", context)


@permission_required(MANAGE_STAFF)
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a colleague by mail."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitation, token = actions.invite_staff(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        link = request.build_absolute_uri(reverse("invitation", args=[token]))
        send_invitation(request.town, invitation, link)  # type: ignore[attr-defined]
        messages.success(request, _("The invitation was sent to %(email)s.") % {"email": invitation.email})
        return redirect("workspace:staff")
    return render(request, "workspace/invite.html", {"form": form}, status=422 if form.errors else 200)


@permission_required(MANAGE_STAFF)
@require_POST
def withdraw(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role back."""
    grant = get_object_or_404(RoleGrant.objects.select_related("unit", "user"), pk=grant_id)
    actions.withdraw_role(actor=request.user, grant=grant)  # type: ignore[arg-type]
    messages.success(request, _("The role was withdrawn from %(name)s.") % {"name": grant.user})
    return redirect("workspace:staff")
