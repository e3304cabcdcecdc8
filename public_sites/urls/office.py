"""Office pages of the public site. The editing screens themselves lie under /cms/ (`public_sites.cms`)."""

from django.urls import path

from public_sites import office
from public_sites.alerts.views import subscribers

app_name = "public_sites"
urlpatterns = [
    path("", office.home, name="office"),
    path("appearance/", office.appearance, name="appearance"),
    path("translations/", office.translations, name="translations"),
    path("translations/<int:page_id>/<slug:code>/", office.translate, name="translate"),
    path("links/", office.links, name="links"),
    path("visits/", office.visits, name="visits"),
    path("subscribers/", subscribers, name="subscribers"),
]
