"""Pages under `/observatory/`."""

from __future__ import annotations

from django.urls import path

from fairnotice.observatory.web import views

urlpatterns = [
    path("", views.overview, name="observatory"),
    # What has a name of its own stands before the topics.
    path("<slug:name>/", views.topic, name="observatory-topic"),
    path("<slug:name>.json", views.as_json, name="observatory-json"),
    path("<slug:name>.csv", views.as_csv, name="observatory-csv"),
]
