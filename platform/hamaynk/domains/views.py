"""The page where domains are asked for, proved and chosen: the same for a town's administrator and for an operator."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as text
from django.views.decorators.http import require_POST

from hamaynk.accounts.permissions import MANAGE_STAFF
from hamaynk.contract import permission_required
from hamaynk.domains import actions
from hamaynk.domains.models import DomainClaim
from tenants import domains as registry
from tenants.models import Domain


class DomainForm(forms.Form):
    """A domain as people type it."""

    host = forms.CharField(
        label=text("Domain"),
        max_length=300,
        help_text=text("For example dilijan.am, www.dilijan.am or դիլիջան.հայ."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )


def page_of(request: HttpRequest, slug: str, *, actor: Any, back: str) -> HttpResponse | dict[str, Any]:
    """What the page shows, or where to go next. The connection stands in the town."""
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_domain(actor=actor, typed=form.cleaned_data["host"])
            return redirect(back)
        except ValidationError as refused:
            form.add_error("host", refused.messages[0])
    return {
        "form": form,
        "back": back,
        "hosts": registry.site_hosts(slug),
        "standard": registry.standard_host(slug),
        "claims": list(DomainClaim.objects.filter(proven_at=None)),
    }


def drawn(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page, in the shell of its surface."""
    return render(request, "domains/addresses.html", context, status=422 if context["form"].errors else 200)


def change(request: HttpRequest, what: str, *, actor: Any) -> None:
    """Do what a button of the page says, and say how it went."""
    host = request.POST.get("host", "")
    if what == "check":
        claim = get_object_or_404(DomainClaim, host=host)
        if actions.check_claim(actor=actor, claim=claim):
            messages.success(request, _("The domain is proved. The site answers under it within a second."))
        else:
            messages.error(request, claim.get_fault_display())
    elif what == "primary":
        try:
            actions.make_primary(actor=actor, host=host)
        except Domain.DoesNotExist:
            raise Http404(host) from None
        messages.success(request, _("This is the main address now; the others lead to it."))
    elif what == "remove":
        try:
            actions.remove_domain(actor=actor, host=host)
            messages.success(request, _("The site no longer answers under this domain."))
        except ValidationError as refused:
            messages.error(request, refused.messages[0])
    else:
        raise Http404(what)


@permission_required(MANAGE_STAFF)
def addresses(request: HttpRequest) -> HttpResponse:
    """The town's own page, in the office."""
    town: Any = request.town  # type: ignore[attr-defined]
    page = page_of(request, town.slug, actor=request.user, back=request.path)
    return page if isinstance(page, HttpResponse) else drawn(request, page)


@permission_required(MANAGE_STAFF)
@require_POST
def press(request: HttpRequest, what: str) -> HttpResponse:
    """A button of the page."""
    change(request, what, actor=request.user)
    return redirect("domains:addresses")
