"""The declaration of the notice board."""

from hamaynk.contract import (
    HomeTask,
    Manifest,
    NavigationEntry,
    OldAddress,
    PageBlock,
    Permission,
    Role,
    SearchSource,
    Surface,
)
from hamaynk.contract import text as _

manifest = Manifest(
    name="noticeboard",
    title=_("Notice board"),
    summary=_("Short notices of the town hall."),
    app="hamaynk_noticeboard",
    default_on=False,
    urls={Surface.SITE: "hamaynk_noticeboard.urls_site", Surface.OFFICE: "hamaynk_noticeboard.urls_office"},
    permissions=(Permission(code="write", title=_("Write notices")),),
    roles=(Role(code="writer", title=_("Writer of notices"), permissions=("noticeboard.write",)),),
    navigation=(
        NavigationEntry(surface=Surface.SITE, label=_("Notice board"), url_name="noticeboard:list", order=200),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=_("Notice board"),
            url_name="noticeboard:write",
            permission="noticeboard.write",
            order=200,
        ),
    ),
    home_tasks=(HomeTask(label=_("Read the notices"), hint=_("What is new this week"), url_name="noticeboard:list"),),
    page_blocks=(
        PageBlock(
            code="newest",
            label=_("Newest notices"),
            source="hamaynk_noticeboard.views:newest",
            template="noticeboard/newest.html",
        ),
    ),
    search_sources=(
        SearchSource(code="notices", label=_("Notice board"), source="hamaynk_noticeboard.views:found", order=200),
    ),
    old_addresses=(OldAddress(path="Pages/Notices.aspx", url_name="noticeboard:list"),),
)
