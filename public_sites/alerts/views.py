"""Pages on which residents ask for letters, confirm, change and end; and the office's page about them."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from hamaynk.accounts.limits import within_limit
from hamaynk.contract import permission_required, public
from hamaynk.ui.context import LANGUAGE_LABELS, LanguageLink
from public_sites.alerts import actions, selectors
from public_sites.alerts.forms import ChangeForm, SubscribeForm
from public_sites.alerts.links import CONFIRM, KEEP, path_to, subscription_of, token_of
from public_sites.alerts.models import Subscription, Topic

ASKS_AN_HOUR = 10
HOUR = 3600


def spoken() -> str:
    """The language of this page."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def _show(
    request: HttpRequest, template: str, page: str, token: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """The page with links to the same page in the other languages; search engines leave it out."""
    here = spoken()
    links = [
        LanguageLink(
            code, label, f"{reverse('set_language', args=[code])}?next={quote(address, safe='')}", code == here
        )
        for code, label in LANGUAGE_LABELS
        for address in [path_to(page, code, token)]
    ]
    shown = {"language_links": links, "subscribe_path": path_to("", here), **context}
    response = render(request, f"public_sites/alerts/{template}.html", shown, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _own(token: str, use: str) -> Subscription:
    found = subscription_of(token, use)
    if found is None:
        raise Http404
    return found


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest, code: str = "") -> HttpResponse:
    """Asking for letters. Whatever is known of the address, the answer is one and the same."""
    language = spoken()
    if not code and language != settings.LANGUAGE_CODE:
        return redirect(path_to("", language))  # each language has its own addresses
    if request.method != "POST":
        wanted = request.GET.get("topic", "")
        form = SubscribeForm(initial={"topics": [wanted] if wanted in Topic.values else []})
        return _show(request, "subscribe", "", form=form)
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _show(request, "subscribe", "", status=422, form=form)
    if not form.is_of_a_program:
        if not within_limit(request, "public_sites.subscribe", most=ASKS_AN_HOUR, seconds=HOUR):
            form.add_error(None, gettext("Too many requests came from here within an hour. Please try again later."))
            return _show(request, "subscribe", "", status=429, form=form)
        values = form.cleaned_data
        actions.ask(email=values["email"], language=language, topics=values["topics"], streets=values["streets"])
    return redirect(path_to("sent", language))


@public
@require_safe
def sent(request: HttpRequest, code: str = "") -> HttpResponse:
    """What to do next."""
    return _show(request, "sent", "sent")


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str, code: str = "") -> HttpResponse:
    """The link of the first letter. Programs that follow links in mail press no button."""
    subscription = _own(token, CONFIRM)
    if request.method == "POST" and actions.confirm(subscription=subscription):
        subscription.refresh_from_db()
    if subscription.ended_at is not None:
        return _show(request, "ended", "confirm", token)
    context: dict[str, Any] = {
        "topics": [Topic(one).label for one in subscription.topics],
        "streets": subscription.streets.splitlines(),
        "is_confirmed": subscription.confirmed_at is not None,
        "change_path": path_to("change", spoken(), token_of(subscription, KEEP)) if subscription.confirmed_at else "",
    }
    return _show(request, "confirm", "confirm", token, **context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, token: str, code: str = "") -> HttpResponse:
    """The present choice, and another one."""
    subscription = _own(token, KEEP)
    if not subscription.is_active:
        return _show(request, "ended", "change", token)
    is_saved, status = False, 200
    if request.method == "POST":
        form = ChangeForm(request.POST)
        if form.is_valid():
            values = form.cleaned_data
            is_saved = actions.change(
                subscription=subscription,
                language=values["language"],
                topics=values["topics"],
                streets=values["streets"],
            )
        else:
            status = 422
    else:
        form = ChangeForm(
            initial={
                "topics": subscription.topics,
                "streets": subscription.streets,
                "language": subscription.language,
            }
        )
    end_path = path_to("end", spoken(), token)
    return _show(request, "change", "change", token, status, form=form, is_saved=is_saved, end_path=end_path)


@public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str, code: str = "") -> HttpResponse:
    """Ends the letters. A mail program may send the POST by itself (RFC 8058), so no form of ours is asked for."""
    subscription = _own(token, KEEP)
    if request.method == "POST":
        actions.end(subscription=subscription)
    elif subscription.is_active:
        return _show(request, "end", "end", token)
    return _show(request, "ended", "end", token)


@permission_required("public_sites.publish")
@require_safe
def subscribers(request: HttpRequest) -> HttpResponse:
    """How many get letters about what, how that grew, what was sent. Nobody's address."""
    return render(request, "public_sites/alerts/subscribers.html", selectors.overview(request.GET.get("page", "")))
