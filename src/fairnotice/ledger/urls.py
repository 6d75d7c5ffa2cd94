"""Pages and files under `/log/` (tlog-tiles): each year's log has the path of its year."""

from __future__ import annotations

from django.urls import path, register_converter

from fairnotice.ledger import check_views, pages, views


class YearConverter:
    """Four ASCII digits without a leading zero: each year has one spelling."""

    regex = "[1-9][0-9]{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(YearConverter, "year")

urlpatterns = [
    path("", pages.overview, name="log"),
    path("check", check_views.check, name="log-check"),
    path("retention", pages.retention, name="log-retention"),
    path("<year:year>/", pages.one_year, name="log-year"),
    path("<year:year>/checkpoint", views.checkpoint, name="log-checkpoint"),
    path("<year:year>/vkey", views.vkey, name="log-vkey"),
    path("<year:year>/promise-vkey", views.promise_vkey, name="log-promise-vkey"),
    path("<year:year>/policy", views.policy, name="log-policy"),
    path("<year:year>/event/<slug:record>", views.event, name="log-event"),
    path("<year:year>/tile/<path:rest>", views.tile, name="log-tile"),
    # A log that was begun before there was one for each year keeps its address: readers know no other.
    path("checkpoint", views.checkpoint, name="log-first-checkpoint"),
    path("vkey", views.vkey, name="log-first-vkey"),
    path("tile/<path:rest>", views.tile, name="log-first-tile"),
]
