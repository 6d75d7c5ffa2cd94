"""Pages and files under `/log/` (tlog-tiles)."""

from __future__ import annotations

from django.urls import path

from fairnotice.ledger import views

urlpatterns = [
    path("", views.log, name="log"),
    path("checkpoint", views.checkpoint, name="log-checkpoint"),
    path("vkey", views.vkey, name="log-vkey"),
    path("tile/<path:rest>", views.tile, name="log-tile"),
]
