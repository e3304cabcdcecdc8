"""Armenian pages, which have no first word of their own: after everything else."""

from django.urls import re_path

from public_sites import views

urlpatterns = [re_path(r"^(?P<path>[a-z0-9-]+(?:/[a-z0-9-]+)*/?)$", views.page, name="page")]
