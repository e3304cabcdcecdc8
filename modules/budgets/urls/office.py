"""Addresses in the staff office, under /budget/."""

from django.urls import path

from modules.budgets.views import office

urlpatterns = [
    path("", office.index, name="index"),
    path("import/", office.import_file, name="import"),
    path("import/<int:batch_id>/", office.batch, name="batch"),
    path("import/<int:batch_id>/confirm/", office.confirm, name="confirm"),
    path("import/<int:batch_id>/discard/", office.reject, name="reject"),
    path("<int:year>/<int:month>/", office.month, name="month"),
    path("<int:year>/<int:month>/publish/", office.publish, name="publish"),
]
