"""The module on one page."""

from hamaynk.contract import (
    DatasetSource,
    DemoSeed,
    HomeFigure,
    HomeTask,
    Indicator,
    Manifest,
    NavigationEntry,
    OldAddress,
    OldParameter,
    PageBlock,
    Permission,
    PersonalData,
    Role,
    SearchSource,
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
    OldAddress(path="Pages/NewBudget/out/", url_name="budgets:expenditure", query=(YEAR, MONTH)),
    OldAddress(path="Pages/NewBudget/OutPlan/", url_name="budgets:plan", query=(YEAR,)),
    OldAddress(path="Pages/NewBudget/InPlan/", url_name="budgets:plan", query=(YEAR,)),
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
        Permission(code="plan", title=text("Draw up the plan of the budget and its amendments")),
        Permission(code="publish", title=text("Approve plans and publish the execution")),
        Permission(code="explain", title=text("Explain budget lines and answer residents")),
        Permission(code="verify_classification", title=text("Name sources for lines of the classification")),
    ),
    roles=(
        Role(
            code="finance_officer",
            title=text("Finance officer"),
            permissions=(
                "budgets.view",
                "budgets.import",
                "budgets.plan",
                "budgets.explain",
                "budgets.verify_classification",
            ),
        ),
        Role(
            code="budget_approver",
            title=text("Approver of the budget"),
            permissions=("budgets.view", "budgets.publish", "budgets.explain"),
        ),
    ),
    subscriptions=(
        Subscription(event="budgets.execution_published", handler="modules.budgets.subscribers:observe_execution"),
        Subscription(event="budgets.execution_published", handler="modules.budgets.subscribers:count_open_files"),
        Subscription(event="budgets.execution_published", handler="modules.budgets.subscribers:let_lines_be_found"),
    ),
    indicators=(
        Indicator(
            code="revenue_year_plan", title=text("Revenue planned for the year, adjusted"), unit="AMD", has_items=True
        ),
        Indicator(
            code="revenue_planned",
            title=text("Revenue planned since the start of the year"),
            unit="AMD",
            has_items=True,
        ),
        Indicator(
            code="revenue_executed",
            title=text("Revenue received since the start of the year"),
            unit="AMD",
            has_items=True,
        ),
        Indicator(code="revenue_percent", title=text("Revenue received, percent of the plan"), unit="%"),
        Indicator(
            code="expenditure_year_plan",
            title=text("Expenditure planned for the year, adjusted"),
            unit="AMD",
            has_items=True,
        ),
        Indicator(
            code="expenditure_planned",
            title=text("Expenditure planned since the start of the year"),
            unit="AMD",
            has_items=True,
        ),
        Indicator(
            code="expenditure_executed",
            title=text("Expenditure made since the start of the year"),
            unit="AMD",
            has_items=True,
        ),
        Indicator(code="expenditure_percent", title=text("Expenditure made, percent of the plan"), unit="%"),
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
    page_blocks=(
        PageBlock(
            code="revenue_by_month",
            label=text("Revenue of the budget by month, a chart"),
            source="modules.budgets.blocks:revenue_by_month",
            template="ui/charts/figure.html",
        ),
    ),
    datasets=(DatasetSource(source="modules.budgets.opendata.datasets:datasets", order=30),),
    search_sources=(
        SearchSource(code="lines", label=text("Community budget"), source="modules.budgets.search:lines", order=30),
    ),
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
        PersonalData(
            model="budgets.PlanVersion",
            fields=(
                "created_by",
                "submitted_by",
                "approved_by",
            ),
            purpose=text("To know who changed the budget, and who approved it"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.PlanChange",
            fields=("changed_by",),
            purpose=text("To know who changed the budget, and who approved it"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.YearStateChange",
            fields=("changed_by",),
            purpose=text("To know who changed the budget, and who approved it"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.ExecutionEntry",
            fields=("entered_by",),
            purpose=text("To know who changed the budget, and who approved it"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.MonthSubmission",
            fields=(
                "submitted_by",
                "decided_by",
            ),
            purpose=text("To know who changed the budget, and who approved it"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.LineExplanation",
            fields=("written_by",),
            purpose=text("To know who explained a line"),
            retention=text("As long as the budget documents are kept"),
        ),
        PersonalData(
            model="budgets.LineQuestion",
            fields=(
                "author",
                "email",
                "words",
                "decided_by",
            ),
            purpose=text("To answer residents who ask about a line"),
            retention=text("As long as the budget documents are kept"),
        ),
    ),
    append_only=(
        "budgets.ExecutionEntry",
        "budgets.LineExplanation",
        "budgets.LineVerification",
        "budgets.PlanChange",
        "budgets.PublishedFigure",
        "budgets.PublishedMonth",
        "budgets.YearStateChange",
    ),
    old_addresses=OLD_ADDRESSES,
    demo=DemoSeed(source="modules.budgets.demo:seed_demo", order=30),
)
