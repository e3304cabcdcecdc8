"""Pictures and documents: on the site and, for those who edit, in the office."""

from django.urls import path

from public_sites import views

urlpatterns = [
    path("media/<path:path>", views.media, name="media"),
    path("documents/<int:number>/<str:name>", views.document, name="wagtaildocs_serve"),
]
