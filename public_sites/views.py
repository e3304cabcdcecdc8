"""Pages of a town's public site that belong to no module."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hamaynk.contract import permission_required, public
from hamaynk.contract.registry import registry, resolve


@public
def home(request: HttpRequest) -> HttpResponse:
    """What did you come for? Tasks first, then figures, as the town's modules contribute them (R16, R52)."""
    modules = registry().enabled(request.town.modules)  # type: ignore[attr-defined]
    tasks = sorted((task for m in modules for task in m.home_tasks), key=lambda task: task.order)
    sources = sorted((figure for m in modules for figure in m.home_figures), key=lambda figure: figure.order)
    figures = [figure for figure in (resolve(item.source)() for item in sources) if figure]
    context = {
        "tasks": [{"label": t.label, "hint": t.hint, "url": reverse(t.url_name)} for t in tasks],
        "figures": figures,
    }
    return render(request, "public_sites/home.html", context)


@permission_required("public_sites.edit")
def office_home(request: HttpRequest) -> HttpResponse:
    """The way from the office's menu to the editing screens."""
    return redirect("wagtailadmin_home")
