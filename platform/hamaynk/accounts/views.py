"""The way in for those who are invited, the same on office, console and oversight."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hamaynk.accounts import actions, selectors
from hamaynk.accounts.forms import AcceptForm
from hamaynk.accounts.models import User
from hamaynk.contract import public


@public
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The link of an invitation: choose a password, then sign in."""
    invitation = selectors.access_invitation(token)
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    user = User(email=invitation.email, full_name=invitation.full_name)
    form = AcceptForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(token=token, password=form.cleaned_data["password1"])
        except actions.InvitationRefused:
            return render(request, "accounts/invitation_gone.html", status=404)
        messages.success(request, _("Your account is ready. Sign in with your e-mail address and password."))
        return redirect("account_login")
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/accept.html", context, status=422 if form.errors else 200)
