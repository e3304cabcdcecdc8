"""The module on one page."""

from hamaynk.contract import (
    DemoSeed,
    HomeFigure,
    HomeTask,
    Indicator,
    Manifest,
    NavigationEntry,
    Permission,
    PersonalData,
    Role,
    Subscription,
    Surface,
    text,
)

manifest = Manifest(
    name="budgets",
    title=text("Community budget"),
    summary=text("Plan and execution of the budget, month by month, open to every resident."),
    app="modules.budgets.apps.BudgetsConfig",
    url_prefix="budget",
    urls={Surface.SITE: "modules.budgets.urls.site", Surface.OFFICE: "modules.budgets.urls.office"},
    api="modules.budgets.api:router",
    navigation=(
        NavigationEntry(surface=Surface.SITE, label=text("Community budget"), url_name="budgets:index", order=30),
        NavigationEntry(
            surface=Surface.OFFICE,
            label=text("Community budget"),
            url_name="budgets:index",
            permission="budgets.view",
            order=30,
        ),
    ),
    permissions=(
        Permission(code="view", title=text("See drafts of the budget execution")),
        Permission(code="import", title=text("Import budget files")),
        Permission(code="publish", title=text("Publish the budget execution")),
        Permission(code="verify_classification", title=text("Name sources for lines of the classification")),
    ),
    roles=(
        Role(
            code="finance_officer",
            title=text("Finance officer"),
            permissions=("budgets.view", "budgets.import", "budgets.publish", "budgets.verify_classification"),
        ),
    ),
    subscriptions=(
        Subscription(event="budgets.execution_published", handler="modules.budgets.subscribers:observe_execution"),
    ),
    indicators=(
        Indicator(code="revenue_planned", title=text("Revenue planned since the start of the year"), unit="AMD"),
        Indicator(code="revenue_executed", title=text("Revenue received since the start of the year"), unit="AMD"),
        Indicator(code="revenue_percent", title=text("Revenue received, percent of the plan"), unit="%"),
    ),
    home_tasks=(
        HomeTask(
            label=text("See how the budget is carried out"),
            hint=text("Plan and revenue of the community, month by month"),
            url_name="budgets:index",
            order=30,
        ),
    ),
    home_figures=(HomeFigure(source="modules.budgets.home:revenue_figure", order=30),),
    personal_data=(
        PersonalData(
            model="budgets.ImportBatch",
            fields=("imported_by",),
            purpose=text("To know who brought figures into the budget"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.ImportProgress",
            fields=("started_by",),
            purpose=text("To know who brought figures into the budget"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.PublishedMonth",
            fields=("published_by",),
            purpose=text("To know who made figures public"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.LineVerification",
            fields=("recorded_by",),
            purpose=text("To know who vouched for a line of the classification"),
            retention=text("As long as the budget documents are kept"),
        ),
    ),
    append_only=("budgets.MonthlyFigure", "budgets.PublishedMonth", "budgets.LineVerification"),
    demo=DemoSeed(source="modules.budgets.demo:seed", order=30),
)
