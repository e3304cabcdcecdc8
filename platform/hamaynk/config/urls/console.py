"""The operators' console."""

from django.urls import include, path

from hamaynk.config.urls.common import Patterns, common

urlpatterns: Patterns = [*common, path("", include("hamaynk.console.urls"))]
