"""Pages of the console."""

from django.urls import path

from hamaynk.console import views

app_name = "console"
urlpatterns = [
    path("", views.towns, name="towns"),
    path("new/", views.onboard, name="onboard"),
    path("runs/<int:run_id>/", views.run, name="run"),
    path("towns/<slug:slug>/", views.town, name="town"),
    path("towns/<slug:slug>/module/", views.switch_module, name="module"),
    path("towns/<slug:slug>/addresses/", views.addresses, name="addresses"),
    path("towns/<slug:slug>/addresses/<slug:what>/", views.press_address, name="press_address"),
    path("towns/<slug:slug>/state/", views.change_state, name="state"),
]
