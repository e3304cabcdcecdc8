"""Office pages of a town's domains."""

from django.urls import path

from hamaynk.domains import views

app_name = "domains"
urlpatterns = [
    path("", views.addresses, name="addresses"),
    path("<slug:what>/", views.press, name="press"),
]
