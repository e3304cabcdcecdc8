"""Pages of the notice board."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hamaynk.contract import SearchText, Surface, permission_required, public
from hamaynk.search import refresh
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
        refresh("noticeboard.notices")
        return redirect("noticeboard:write")
    return render(request, "noticeboard/write.html", {"notices": Notice.objects.order_by("-id")})


def newest() -> dict[str, object] | None:
    """For a page of the public site: the three newest notices, None where there is none."""
    notices = list(Notice.objects.order_by("-id")[:3])
    return {"notices": notices} if notices else None


def found() -> Iterator[SearchText]:
    """For the search of the public site: every notice; they are written in Armenian."""
    address = reverse("noticeboard:list", urlconf=settings.SURFACE_URLCONFS[Surface.SITE])
    for notice in Notice.objects.all():
        yield SearchText(key=str(notice.pk), language="hy", title=notice.text[:120], body=notice.text, url=address)
