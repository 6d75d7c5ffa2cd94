"""Reports under `/reports/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from fairnotice.reports import check_views

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/check/", check_views.check, name="reports-check"),
    path("reports/check/result/", check_views.result, name="reports-check-result"),
]
