"""Office pages of the public site. The editing screens themselves lie under /cms/ (`public_sites.cms`)."""

from django.urls import path

from public_sites.views import office_home

app_name = "public_sites"
urlpatterns = [path("", office_home, name="office")]
