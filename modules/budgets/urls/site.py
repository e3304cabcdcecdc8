"""Addresses on the town's site, under /budget/."""

from django.urls import path

from modules.budgets.urls import opendata
from modules.budgets.views import balance, line, overview, plan, site

SIDES = ("revenue", "expenditure", "financing")

urlpatterns = [
    path("", overview.index, name="index"),
    path("overview.csv", overview.index_csv, name="overview_csv"),
    path("compare/", overview.compare, name="compare"),
    path("compare.csv", overview.compare_csv, name="compare_csv"),
    path("what-it-buys/", overview.what_it_buys, name="what_it_buys"),
    path("what-it-buys.csv", overview.what_it_buys_csv, name="what_it_buys_csv"),
    path("plan/", plan.plan, name="plan"),
    path("plan.csv", plan.plan_csv, name="plan_csv"),
    path("plan.xlsx", plan.plan_xlsx, name="plan_xlsx"),
    path("plan/amendment/<int:number>/", plan.amendment, name="amendment"),
    path("plan/amendment/<int:number>.csv", plan.amendment_csv, name="amendment_csv"),
    path("revenue/", site.revenue, name="revenue"),
    path("expenditure/", site.expenditure, name="expenditure"),
    path("financing/", site.financing, name="financing"),
    *[path(f"{side}.csv", site.side_csv, {"side": side}, name=f"{side}_csv") for side in SIDES],
    *[path(f"{side}.xlsx", site.side_xlsx, {"side": side}, name=f"{side}_xlsx") for side in SIDES],
    path("balance/", balance.balance, name="balance"),
    path("balance.csv", balance.balance_csv, name="balance_csv"),
    path("balance.xlsx", balance.balance_xlsx, name="balance_xlsx"),
    path("line/<str:side>/<str:code>/", line.line, name="line"),
    path("line/<str:side>/<str:code>.csv", line.line_csv, name="line_csv"),
    *opendata.urlpatterns,
]
