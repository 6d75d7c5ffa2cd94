"""Reports under `/reports/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from fairnotice.reports import check_views, months, subscribing, tallies, views

urlpatterns: list[URLPattern | URLResolver] = [
    # What has a name of its own stands before the references.
    path("reports/check/", check_views.check, name="reports-check"),
    path("reports/check/result/", check_views.result, name="reports-check-result"),
    path("reports/feed.atom", months.feed, name="reports-feed"),
    path("reports/month/<str:month>/", months.month, name="reports-month"),
    path("reports/subscribe/", subscribing.subscribe, name="reports-subscribe"),
    path("reports/subscription/<str:token>/", subscribing.subscription, name="reports-subscription"),
    path("reports/", views.reports, name="reports"),
    path("reports/tallies/", tallies.tallies, name="tallies"),
    path("reports/tallies/all.zip", tallies.everything, name="tallies-zip"),
    path("reports/tallies/<str:month>.proof.json", tallies.proof, name="tally-proof"),
    path("reports/tallies/<str:month>.json", tallies.table, name="tally"),
    path("reports/<str:ref>/", views.report, name="report"),
    path("reports/<str:ref>/all.zip", views.everything, name="report-zip"),
    path("reports/<str:ref>/files/<str:name>", views.file, name="report-file"),
]
