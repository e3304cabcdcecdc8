"""Addresses in the staff office, under /budget/."""

from django.urls import path

from modules.budgets.views import classification, office

urlpatterns = [
    path("", office.index, name="index"),
    path("import/", office.import_file, name="import"),
    path("import/reading/<int:progress_id>/", office.reading, name="reading"),
    path("import/reading/<int:progress_id>/again/", office.read_again, name="read_again"),
    path("import/<int:batch_id>/", office.batch, name="batch"),
    path("import/<int:batch_id>/confirm/", office.confirm, name="confirm"),
    path("import/<int:batch_id>/discard/", office.reject, name="reject"),
    path("classification/", classification.index, name="classification"),
    path("classification/load/", classification.load, name="classification_load"),
    path("classification/<int:line_id>/", classification.line, name="classification_line"),
    path("classification/<int:line_id>/verify/", classification.verify, name="classification_verify"),
    path("classification/<int:line_id>/withdraw/", classification.withdraw, name="classification_withdraw"),
    path("<int:year>/<int:month>/", office.month, name="month"),
    path("<int:year>/<int:month>/submit/", office.submit, name="submit"),
    path("<int:year>/<int:month>/publish/", office.publish, name="publish"),
]
