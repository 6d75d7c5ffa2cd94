"""The doors in. Names and paths are those of `cases.permissions.ROUTES`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from fairnotice.intake import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("report/", views.notice_new, name="notice-new"),
    path("report/review/", views.notice_review, name="notice-review"),
    path("report/send/", views.notice_send, name="notice-send"),
]
