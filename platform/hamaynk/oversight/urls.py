"""Pages of oversight."""

from django.urls import path

from hamaynk.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.execution, name="execution"),
    path("execution.csv", views.execution_csv, name="execution_csv"),
    path("months/", views.months, name="months"),
    path("months.csv", views.months_csv, name="months_csv"),
    path("late/", views.late, name="late"),
    path("late.csv", views.late_csv, name="late_csv"),
]
