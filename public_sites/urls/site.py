"""Pages of a town's public site."""

from django.urls import include, path, re_path

from public_sites import discovery, feeds, open_data, search_views, views

app_name = "public_sites"
PATH = "(?:[a-z0-9-]+/)+"
urlpatterns = [
    path("", views.home, name="home"),
    path("", include("public_sites.alerts.urls")),
    path("data/", open_data.index, name="data"),
    path("data/catalog.<str:form>", open_data.catalogue, name="catalogue"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("favicon.ico", discovery.favicon, name="favicon"),
    path(".well-known/security.txt", discovery.security, name="security"),
    re_path(rf"^(?:(?P<code>en|ru)/)?(?P<path>{PATH})feed\.atom$", feeds.atom, name="atom"),
    re_path(rf"^(?:(?P<code>en|ru)/)?(?P<path>{PATH})calendar\.ics$", feeds.calendar, name="calendar"),
    path("search/", search_views.search, name="search"),
    path("search/suggest", search_views.suggest, name="suggest"),
    re_path(r"^(?P<code>en|ru)/search/$", search_views.search, name="translated_search"),
    re_path(r"^(?P<code>en|ru)/search/suggest$", search_views.suggest, name="translated_suggest"),
    re_path(r"^(?P<code>en|ru)/(?P<path>(?:[a-z0-9-]+/)*)$", views.page, name="translated_page"),
]
