"""The office of a town's staff."""

from django.urls import include, path

from hamaynk.config.urls import api
from hamaynk.config.urls.common import Patterns, common, module_patterns
from hamaynk.contract import Surface

urlpatterns: Patterns = [
    *common,
    path("api/v1/openapi.json", api.openapi, name="openapi"),
    path("api/v1/", api.urls),
    path("", include("public_sites.urls.files")),
    path("addresses/", include("hamaynk.domains.urls")),
    path("cms/", include("public_sites.cms.urls")),
    *module_patterns(Surface.OFFICE),
    path("", include("hamaynk.workspace.urls")),
]
