"""Public pages."""

from django.urls import path

from hamaynk_noticeboard import views

urlpatterns = [path("", views.notices, name="list")]
