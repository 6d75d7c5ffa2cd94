"""Statistics under `/statistics/`."""

from __future__ import annotations

from django.urls import path

from fairnotice.reports import statistics

urlpatterns = [
    path("", statistics.overview, name="statistics"),
    path("<slug:name>/", statistics.subject, name="statistics-subject"),
    path("<slug:name>.json", statistics.as_json, name="statistics-json"),
    path("<slug:name>.csv", statistics.as_csv, name="statistics-csv"),
]
