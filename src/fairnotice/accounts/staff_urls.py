"""Accounts and roles, at the desk."""

from __future__ import annotations

from django.urls import path

from fairnotice.accounts import staff_views as views

urlpatterns = [
    path("", views.staff, name="desk-staff"),
    path("propose/", views.propose, name="desk-staff-propose"),
    path("change/<str:ref>/confirm/", views.confirm, name="desk-staff-confirm"),
    path("change/<str:ref>/stop/", views.stop, name="desk-staff-stop"),
    path("<int:number>/password/", views.password, name="desk-staff-password"),
    path("<int:number>/sign-out/", views.sign_out, name="desk-staff-sign-out"),
]
