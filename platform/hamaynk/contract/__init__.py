"""What a module may declare: the one package that third-party modules import.

A module is a Django app with a `manifest.py` that holds one frozen `Manifest`, announced under the entry-point group
`hamaynk.modules`. Importing this package needs no configured Django: settings are built from manifests.
"""

from django.utils.translation import gettext_lazy as text

from hamaynk.contract.access import Access, permission_required, public
from hamaynk.contract.contributions import (
    DatasetSource,
    DemoSeed,
    HomeFigure,
    HomeTask,
    Indicator,
    NavigationEntry,
    OldAddress,
    OldParameter,
    PageBlock,
    Permission,
    PersonalData,
    Role,
    ScheduledTask,
    SearchSource,
    SearchText,
    Subscription,
    TownSetup,
)
from hamaynk.contract.manifest import CONTRACT_VERSION, Manifest, ManifestError
from hamaynk.contract.surfaces import Surface

__all__ = [
    "CONTRACT_VERSION",
    "Access",
    "DatasetSource",
    "DemoSeed",
    "HomeFigure",
    "HomeTask",
    "Indicator",
    "Manifest",
    "ManifestError",
    "NavigationEntry",
    "OldAddress",
    "OldParameter",
    "PageBlock",
    "Permission",
    "PersonalData",
    "Role",
    "ScheduledTask",
    "SearchSource",
    "SearchText",
    "Subscription",
    "Surface",
    "TownSetup",
    "permission_required",
    "public",
    "text",
]
