"""Pages of the notice board."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hamaynk.contract import permission_required, public
from hamaynk_noticeboard.models import Notice


@public
def notices(request: HttpRequest) -> HttpResponse:
    """All notices."""
    return render(request, "noticeboard/list.html", {"notices": Notice.objects.order_by("-id")})


@permission_required("noticeboard.write")
def write(request: HttpRequest) -> HttpResponse:
    """Write one."""
    if request.method == "POST" and request.POST.get("text", "").strip():
        Notice.objects.create(text=request.POST["text"].strip()[:500])
        return redirect("noticeboard:write")
    return render(request, "noticeboard/write.html", {"notices": Notice.objects.order_by("-id")})


def newest() -> dict[str, object] | None:
    """For a page of the public site: the three newest notices, None where there is none."""
    notices = list(Notice.objects.order_by("-id")[:3])
    return {"notices": notices} if notices else None
