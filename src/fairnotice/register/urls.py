"""The register under `/register`, the rules under `/rules/`."""

from __future__ import annotations

from django.urls import path

from fairnotice.register import feeds, views
from fairnotice.register.kept import what_is_kept
from fairnotice.register.rules import rules

urlpatterns = [
    path("register/", views.entries, name="register-list"),
    path("register.json", feeds.entries, name="register-list-json"),
    path("register/<str:ref>.json", feeds.entry, name="register-entry-json"),
    path("register/<str:ref>/", views.entry, name="register-entry"),
    path("register/<str:ref>/proof/", views.proof, name="register-proof"),
    path("what-we-keep/", what_is_kept, name="what-is-kept"),
    path("rules/", rules, name="rules"),
    path("rules/<int:version>/", rules, name="rules-version"),
]
