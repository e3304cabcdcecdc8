"""Pages of oversight."""

from django.urls import path

from hamaynk.oversight import views

app_name = "oversight"
urlpatterns = [path("", views.revenue, name="revenue")]
