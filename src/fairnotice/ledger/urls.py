"""Pages and files under `/log/` (tlog-tiles)."""

from __future__ import annotations

from django.urls import path

from fairnotice.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.log, name="log"),
    path("checkpoint", views.checkpoint, name="checkpoint"),
    path("vkey", views.vkey, name="vkey"),
    path("tile/<path:rest>", views.tile, name="tile"),
]
