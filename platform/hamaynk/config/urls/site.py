"""A town's public site."""

from django.urls import include, path

from hamaynk.config.urls import api
from hamaynk.config.urls.common import Patterns, account_pages, module_patterns, wordless
from hamaynk.config.urls.old_addresses import old_address_patterns
from hamaynk.contract import Surface
from hamaynk.ui.spoken import in_each_language

handler404 = "public_sites.errors.not_found"
urlpatterns: Patterns = [
    *wordless,
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/", api.urls),
    in_each_language(*account_pages, *module_patterns(Surface.SITE)),
    path("", include("public_sites.urls.files")),
    path("", include("public_sites.urls.site")),
    *old_address_patterns(),  # they lie over no page of ours
    path("", include("public_sites.urls.pages")),  # last: any word may be a page
]
