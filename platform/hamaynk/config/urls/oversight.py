"""The ministry's oversight."""

from django.urls import include, path

from hamaynk.config.urls.common import Patterns, common

urlpatterns: Patterns = [*common, path("", include("hamaynk.oversight.urls"))]
