"""Pages under `/observatory/`."""

from __future__ import annotations

from django.urls import path

from fairnotice.observatory.web import compare_views, views

urlpatterns = [
    path("", views.overview, name="observatory"),
    # What has a name of its own stands before the topics.
    path("compare/", compare_views.page, name="observatory-compare"),
    path("compare.json", compare_views.as_json, name="observatory-compare-json"),
    path("compare.csv", compare_views.as_csv, name="observatory-compare-csv"),
    path("<slug:name>/", views.topic, name="observatory-topic"),
    path("<slug:name>.json", views.as_json, name="observatory-json"),
    path("<slug:name>.csv", views.as_csv, name="observatory-csv"),
]
