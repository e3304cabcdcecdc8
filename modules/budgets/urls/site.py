"""Addresses on the town's site, under /budget/."""

from django.urls import path

from modules.budgets.urls import opendata
from modules.budgets.views import site

urlpatterns = [
    path("", site.index, name="index"),
    path("revenue/", site.revenue, name="revenue"),
    path("revenue.csv", site.revenue_csv, name="revenue_csv"),
    path("revenue.xlsx", site.revenue_xlsx, name="revenue_xlsx"),
    *opendata.urlpatterns,
]
