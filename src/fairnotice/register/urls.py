"""The register under `/register`, the rules under `/rules/`."""

from __future__ import annotations

from django.urls import path

from fairnotice.register import views

urlpatterns = [
    path("register/", views.entries, name="register-list"),
    path("register.json", views.entries_json, name="register-list-json"),
    path("register/<str:ref>.json", views.entry_json, name="register-entry-json"),
    path("register/<str:ref>/", views.entry, name="register-entry"),
    path("register/<str:ref>/proof/", views.proof, name="register-proof"),
    path("rules/", views.rules, name="rules"),
    path("rules/<int:version>/", views.rules, name="rules-version"),
]
