"""Under /status/. A code is never part of an address: it would stay in histories and logs."""

from __future__ import annotations

from django.urls import path

from fairnotice.recourse import evidence, forwarding, own_data, views

urlpatterns = [
    path("", views.enter, name="recourse-enter"),
    path("view/", views.overview, name="recourse-view"),
    path("statement/<str:ref>/", views.statement, name="recourse-statement"),
    path("appeal/<str:ref>/", views.appeal, name="recourse-appeal"),
    path("withdraw/", views.withdraw, name="recourse-withdraw"),
    path("receipt/", views.receipt, name="recourse-receipt"),
    path("forward/", forwarding.forward, name="recourse-forward"),
    path("data/", own_data.own_data, name="recourse-data"),
    path("data/copy/", own_data.copy, name="recourse-data-copy"),
    path("evidence/<str:ref>/", evidence.take_back, name="recourse-evidence"),
    path("leave/", views.leave, name="recourse-leave"),
]
