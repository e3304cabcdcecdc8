"""Addresses of the pages about letters, in Armenian without, in other languages with the language's code before them."""

from django.urls import include, path, re_path

from public_sites.alerts import views

TOKEN = r"(?P<token>[0-9A-Za-z._-]{40,300})"  # noqa: S105
_pages = [
    path("", views.subscribe, name="subscribe"),
    path("sent/", views.sent, name="subscribe_sent"),
    re_path(rf"^confirm/{TOKEN}/$", views.confirm, name="subscribe_confirm"),
    re_path(rf"^change/{TOKEN}/$", views.change, name="subscribe_change"),
    re_path(rf"^end/{TOKEN}/$", views.end, name="subscribe_end"),
]
urlpatterns = [
    path("subscribe/", include(_pages)),
    re_path(r"^(?P<code>en|ru)/subscribe/", include(_pages)),
]
