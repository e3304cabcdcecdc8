"""Pages of the console."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db.models import Case, Count, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hamaynk.accounts.access import signed_in
from hamaynk.console import actions
from hamaynk.console.forms import ModuleForm, OnboardForm, StateForm
from hamaynk.domains import views as domains
from tenants.activation import ActivationRefused
from tenants.context import in_town
from tenants.models import Community, ProvisioningRun, TemplateRelease


@signed_in
def towns(request: HttpRequest) -> HttpResponse:
    """One line per town, the sick ones first: suspended, then not at the newest release."""
    newest = TemplateRelease.objects.order_by("-id").values_list("release", flat=True).first() or ""
    sick = Case(
        When(state=Community.State.SUSPENDED, then=Value(0)),
        When(release=newest, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    listed = Community.objects.annotate(sick=sick, modules_on=Count("activations")).order_by("sick", "slug")
    context = {
        "towns": listed.prefetch_related("domains"),
        "newest": newest,
        "runs": ProvisioningRun.objects.exclude(state=ProvisioningRun.State.DONE)[:10],
    }
    return render(request, "console/towns.html", context)


@signed_in
def onboard(request: HttpRequest) -> HttpResponse:
    """The form for a new town."""
    form = OnboardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run = actions.ask_for_town(
            actor=request.user,  # type: ignore[arg-type]
            profile=form.profile(),
            administrator=form.administrator(),
        )
        return redirect("console:run", run.pk)
    return render(request, "console/onboard.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """How far an onboarding is; the page asks again by itself until it has ended."""
    found = get_object_or_404(ProvisioningRun.objects.select_related("community"), pk=run_id)
    response = render(request, "console/run.html", {"run": found, "base": settings.BASE_DOMAIN})
    if found.state in (ProvisioningRun.State.WAITING, ProvisioningRun.State.RUNNING):
        response["Refresh"] = "2"
    return response


@signed_in
def town(request: HttpRequest, slug: str) -> HttpResponse:
    """One town: hosts, state, modules."""
    community = get_object_or_404(Community.objects.prefetch_related("domains", "activations"), slug=slug)
    on = {activation.module for activation in community.activations.all()}
    modules = [{"manifest": m, "on": m.required or m.name in on} for m in settings.MODULES]
    return render(request, "console/town.html", {"community": community, "modules": modules})


@signed_in
@require_POST
def switch_module(request: HttpRequest, slug: str) -> HttpResponse:
    """Switch a module on or off."""
    community = get_object_or_404(Community, slug=slug)
    form = ModuleForm(request.POST)
    if form.is_valid():
        try:
            actions.switch_module(actor=request.user, community=community, **form.cleaned_data)  # type: ignore[arg-type]
            messages.success(request, _("Saved. Every process sees it within a second."))
        except ActivationRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("console:town", slug)


@signed_in
@require_POST
def change_state(request: HttpRequest, slug: str) -> HttpResponse:
    """Suspend or resume."""
    community = get_object_or_404(Community, slug=slug)
    form = StateForm(request.POST)
    if form.is_valid():
        actions.change_state(actor=request.user, community=community, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Saved. Every process sees it within a second."))
    return redirect("console:town", slug)


@signed_in
def addresses(request: HttpRequest, slug: str) -> HttpResponse:
    """The town's own domains, for the operator. The page itself is drawn back in the console."""
    community = get_object_or_404(Community, slug=slug)
    operator = _read_once(request)
    back = reverse("console:addresses", args=[slug])
    with in_town(slug):
        page = domains.page_of(request, slug, actor=operator, back=back)
    return page if isinstance(page, HttpResponse) else domains.drawn(request, page | {"community": community})


@signed_in
@require_POST
def press_address(request: HttpRequest, slug: str, what: str) -> HttpResponse:
    """A button of that page."""
    get_object_or_404(Community, slug=slug)
    operator = _read_once(request)
    with in_town(slug):
        domains.change(request, what, actor=operator)
    return redirect("console:addresses", slug)


def _read_once(request: HttpRequest) -> Any:
    """The operator, read before the connection leaves the console for a town."""
    return get_object_or_404(get_user_model(), pk=request.user.pk)
