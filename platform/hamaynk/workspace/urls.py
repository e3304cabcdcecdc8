"""Pages of the office shell."""

from django.urls import path

from hamaynk.workspace import views

app_name = "workspace"
urlpatterns = [
    path("", views.home, name="home"),
    path("staff/", views.staff, name="staff"),
    path("staff/invite/", views.invite, name="staff-invite"),
    path("staff/grants/<int:grant_id>/withdraw/", views.withdraw, name="grant-withdraw"),
]
