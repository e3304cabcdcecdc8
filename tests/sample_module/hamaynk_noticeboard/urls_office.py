"""Office pages."""

from django.urls import path

from hamaynk_noticeboard import views

urlpatterns = [path("", views.write, name="write")]
