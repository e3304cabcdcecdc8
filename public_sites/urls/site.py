"""Addresses of the site and of its office pages are apart; these are the site's."""

from django.urls import include, path, re_path

from hamaynk.ui.spoken import in_each_language
from public_sites import discovery, feeds, open_data, search_views, views

app_name = "public_sites"
PATH = "(?:[a-z0-9-]+/)+"
urlpatterns = [
    in_each_language(
        path("", views.home, name="home"),
        path("data/", open_data.index, name="data"),
        path("search/", search_views.search, name="search"),
        path("search/suggest", search_views.suggest, name="suggest"),
    ),
    path("", include("public_sites.alerts.urls")),
    path("data/catalog.<str:form>", open_data.catalogue, name="catalogue"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("favicon.ico", discovery.favicon, name="favicon"),
    path(".well-known/security.txt", discovery.security, name="security"),
    re_path(rf"^(?:(?P<code>en|ru)/)?(?P<path>{PATH})feed\.atom$", feeds.atom, name="atom"),
    re_path(rf"^(?:(?P<code>en|ru)/)?(?P<path>{PATH})calendar\.ics$", feeds.calendar, name="calendar"),
    re_path(r"^(?P<code>en|ru)/(?P<path>(?:[a-z0-9-]+/)*)$", views.page, name="translated_page"),
]
