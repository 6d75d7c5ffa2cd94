"""Reports under `/reports/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from fairnotice.reports import months, subscribing

urlpatterns: list[URLPattern | URLResolver] = [
    path("reports/feed.atom", months.feed, name="reports-feed"),
    path("reports/month/<str:month>/", months.month, name="reports-month"),
    path("reports/subscribe/", subscribing.subscribe, name="reports-subscribe"),
    path("reports/subscription/<str:token>/", subscribing.subscription, name="reports-subscription"),
]
