"""Addresses of the open data, under /budget/data/ on the town's site."""

from django.urls import path

from modules.budgets.views import opendata

urlpatterns = [
    path("data/dictionary/", opendata.dictionary, name="open_dictionary"),
    path("data/dictionary.json", opendata.dictionary_json, name="open_dictionary_json"),
    path("data/<int:year>/<int:month>/<slug:side>.<slug:form>", opendata.file, name="open_file"),
]
