"""Pages of a town's public site."""

from django.urls import path, re_path

from public_sites import open_data, views

app_name = "public_sites"
urlpatterns = [
    path("", views.home, name="home"),
    path("data/", open_data.index, name="data"),
    path("data/catalog.<str:form>", open_data.catalogue, name="catalogue"),
    re_path(r"^(?P<code>en|ru)/(?P<path>(?:[a-z0-9-]+/)*)$", views.page, name="translated_page"),
]
