"""The town's public site on one page. A part of every town: it cannot be switched off."""

from datetime import timedelta

from hamaynk.contract import (
    DemoSeed,
    Manifest,
    NavigationEntry,
    Permission,
    PersonalData,
    Role,
    ScheduledTask,
    SearchSource,
    Subscription,
    Surface,
    TownSetup,
    text,
)

manifest = Manifest(
    name="public_sites",
    title=text("Public site"),
    summary=text("The official web site of the town hall: pages, news, documents, pictures."),
    app="public_sites.apps.PublicSitesConfig",
    required=True,
    url_prefix="site",
    urls={Surface.OFFICE: "public_sites.urls.office"},
    navigation=(
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Public site"),
            url_name="public_sites:office",
            permission="public_sites.edit",
            order=20,
        ),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Subscribers"),
            url_name="public_sites:subscribers",
            permission="public_sites.publish",
            order=21,
        ),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Look of the site"),
            url_name="public_sites:appearance",
            permission="public_sites.publish",
            order=21,
        ),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Translations"),
            url_name="public_sites:translations",
            permission="public_sites.edit",
            order=22,
        ),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Broken links"),
            url_name="public_sites:links",
            permission="public_sites.edit",
            order=23,
        ),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Visits"),
            url_name="public_sites:visits",
            permission="public_sites.edit",
            order=24,
        ),
    ),
    schedule=(
        ScheduledTask(name="gather_visits", task="public_sites.tasks:gather_visits", every=timedelta(minutes=10)),
        ScheduledTask(
            name="publish_scheduled", task="public_sites.tasks:publish_scheduled", every=timedelta(minutes=5)
        ),
        ScheduledTask(name="check_links", task="public_sites.tasks:check_links", every=timedelta(days=7)),
        ScheduledTask(name="search", task="public_sites.tasks:refresh_search", every=timedelta(hours=1)),
        ScheduledTask(name="resume-mailings", task="public_sites.alerts.tasks:resume", every=timedelta(minutes=5)),
        ScheduledTask(name="tidy-subscriptions", task="public_sites.alerts.tasks:tidy", every=timedelta(days=1)),
    ),
    permissions=(
        Permission(code="edit", title=text("Write pages of the public site")),
        Permission(code="publish", title=text("Publish pages of the public site")),
    ),
    roles=(
        Role(code="editor", title=text("Editor of the public site"), permissions=("public_sites.edit",)),
        Role(
            code="publisher",
            title=text("Publisher of the public site"),
            permissions=("public_sites.edit", "public_sites.publish"),
        ),
    ),
    search_sources=(
        SearchSource(
            code="pages",
            label=text("Public site"),
            source="public_sites.search:pages",
            order=10,
            kinds=(
                ("pages", text("Pages")),
                ("news", text("news")),
                ("events", text("calendar of events")),
                ("announcements", text("announcements")),
                ("documents", text("documents and legal acts")),
                ("people", text("people and staff")),
                ("vacancies", text("vacancies")),
                ("procurement", text("procurement")),
            ),
        ),
    ),
    personal_data=(
        PersonalData(
            model="public_sites.Picture",
            fields=("uploaded_by_user",),
            purpose=text("To know who put a picture on the site"),
            retention=text("As long as the picture is on the site"),
        ),
        PersonalData(
            model="public_sites.Subscription",
            fields=("email", "streets"),
            purpose=text("To send residents the letters they asked for"),
            retention=text("Seven days where it is not confirmed, else until thirty days after the letters are ended"),
        ),
    ),
    subscriptions=(
        Subscription(event="public_sites.page_published", handler="public_sites.alerts.subscribers:make_mailing"),
        Subscription(
            event="public_sites.subscription_asked", handler="public_sites.alerts.subscribers:send_request_letter"
        ),
    ),
    setup=TownSetup(source="public_sites.cms.setup:set_up_site"),
    demo=DemoSeed(source="public_sites.demo:seed_demo", order=20),
)
