"""Office pages of the public site: the way to the editing screens, the look, the visits."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Locale, Page

from hamaynk.contract import permission_required
from hamaynk.ui.themes import THEMES, tokens
from public_sites import links as checked
from public_sites import translations as translated
from public_sites import visits as counted
from public_sites.dress import change_appearance
from public_sites.forms import AppearanceForm
from public_sites.models import Appearance
from public_sites.tasks import check_links


@permission_required("public_sites.edit")
def home(request: HttpRequest) -> HttpResponse:
    """The way from the office's menu to the editing screens."""
    return redirect("wagtailadmin_home")


@permission_required("public_sites.publish")
def appearance(request: HttpRequest) -> HttpResponse:
    """Choose theme, colour, typeface, coat of arms and picture."""
    town: Any = request.town  # type: ignore[attr-defined]
    chosen = Appearance.objects.select_related("coat_of_arms", "header_picture").first()
    initial = {
        "theme": chosen.theme if chosen else "civic",
        "colour": (chosen and chosen.colour) or town.colour,
        "typeface": chosen.typeface if chosen else "",
    }
    form = AppearanceForm(request.POST or None, request.FILES or None, initial=initial, chosen=chosen)
    if request.method == "POST" and form.is_valid() and _changed(request, form, town):
        messages.success(request, _("The look of the site was changed."))
        return redirect("public_sites:appearance")
    colour = form["colour"].value() if form.is_bound and "colour" not in form.errors else initial["colour"]
    context = {"form": form, "chosen": chosen, "samples": _samples(colour or town.colour, str(form["theme"].value()))}
    return render(request, "public_sites/office/appearance.html", context, status=422 if form.errors else 200)


def _changed(request: HttpRequest, form: AppearanceForm, town: Any) -> bool:
    given = form.cleaned_data
    try:
        change_appearance(
            actor=request.user,
            town=town,
            theme=given["theme"],
            colour=given["colour"],
            typeface=given["typeface"],
            coat_of_arms_words=_("Coat of arms: %(town)s") % {"town": town.name},
            header_words=given["header_words"],
            **form.pictures(),
        )
    except ValidationError as refused:
        form.add_error(None if not hasattr(refused, "error_dict") else "colour", refused.messages[0])
        return False
    used = tokens(THEMES[given["theme"]], given["colour"] or town.colour)["town"]
    if given["colour"] and used != given["colour"].lower():
        messages.info(
            request, _("For words the colour is darkened to %(colour)s: everybody can read it.") % {"colour": used}
        )
    return True


def _samples(colour: str, theme: str) -> list[dict[str, Any]]:
    """A small drawing of each theme in the town's colour."""
    return [
        {
            "code": one.code,
            "label": one.label,
            "says": one.says,
            "is_chosen": one.code == theme,
            "colours": {name.replace("-", "_"): value for name, value in tokens(one, colour).items()},
            "round": one.radius.removesuffix("px"),
        }
        for one in THEMES.values()
    ]


@permission_required("public_sites.edit")
def visits(request: HttpRequest) -> HttpResponse:
    """How often pages were asked for in the last thirty days. Nobody is told apart."""
    return render(request, "public_sites/office/visits.html", counted.summary())


@permission_required("public_sites.edit")
def translations(request: HttpRequest) -> HttpResponse:
    """What is not translated, and which translations are behind."""
    rows = translated.rows()
    everything = request.GET.get("all") == "1"
    context = {
        "rows": rows if everything else [row for row in rows if not row.is_whole],
        "everything": everything,
        "whole": sum(row.is_whole for row in rows),
        "total": len(rows),
    }
    return render(request, "public_sites/office/translations.html", context)


@permission_required("public_sites.edit")
@require_POST
def translate(request: HttpRequest, page_id: int, code: str) -> HttpResponse:
    """Make the draft of a translation and open it."""
    try:
        page = translated.begin_translation(actor=request.user, page_id=page_id, code=code)
    except (Page.DoesNotExist, Locale.DoesNotExist):
        raise Http404(code) from None
    except ValidationError as refused:
        messages.error(request, refused.messages[0])
        return redirect("public_sites:translations")
    return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


@permission_required("public_sites.edit")
def links(request: HttpRequest) -> HttpResponse:
    """Links that lead nowhere; a look at all of them is asked for here."""
    if request.method == "POST":
        check_links.for_town(request.town.slug)  # type: ignore[attr-defined]
        messages.success(request, _("The links are being looked at. Load this page again in a minute."))
        return redirect("public_sites:links")
    return render(request, "public_sites/office/links.html", {"faults": checked.faults()})
