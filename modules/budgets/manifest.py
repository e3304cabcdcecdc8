"""The module on one page."""

from hamaynk.contract import (
    DemoSeed,
    HomeFigure,
    HomeTask,
    Indicator,
    Manifest,
    NavigationEntry,
    OldAddress,
    OldParameter,
    Permission,
    PersonalData,
    Role,
    Subscription,
    Surface,
    text,
)

YEAR = OldParameter(name="Year", becomes="year", least=1991, most=2100)
MONTH = OldParameter(name="Month", becomes="month", least=1, most=12)

# Addresses of the municipal information system that Armenian towns had. in/Result.aspx, IncomeList.aspx and
# OutPlan/View.aspx?recId= were seen; their sisters follow the same names. recId is a key of that system, lost with it.
OLD_ADDRESSES = (
    OldAddress(path="Pages/NewBudget/in/", url_name="budgets:revenue", query=(YEAR, MONTH)),
    OldAddress(path="Pages/NewBudget/IncomeList.aspx", url_name="budgets:revenue", query=(YEAR,)),
    # Until there are pages of expenditure and of the plan, the front page of the budget stands in for them.
    OldAddress(path="Pages/NewBudget/out/", url_name="budgets:index"),
    OldAddress(path="Pages/NewBudget/OutPlan/", url_name="budgets:index"),
    OldAddress(path="Pages/NewBudget/InPlan/", url_name="budgets:index"),
    OldAddress(path="Pages/NewBudget/", url_name="budgets:index"),
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
    old_addresses=OLD_ADDRESSES,
    demo=DemoSeed(source="modules.budgets.demo:seed", order=30),
)
