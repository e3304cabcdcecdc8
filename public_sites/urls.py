"""Pages of a town's public site."""

from django.urls import path

from public_sites import views

app_name = "public_sites"
urlpatterns = [path("", views.home, name="home")]
