"""Paths under `/rdap/`. The words are those of RFC 9082: `ip` is the address that is asked about."""

from __future__ import annotations

from django.urls import path, register_converter

from fairnotice.answerable.rdap import views


class AskedConverter:
    """Everything to the end of the path, line breaks too, so that whatever is asked is answered as RDAP."""

    regex = "(?s:.+)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class AnythingConverter(AskedConverter):
    """As `asked`, or nothing at all."""

    regex = "(?s:.*)"


class SearchConverter(AskedConverter):
    """RFC 9082 section 3.2, reverse searches (RFC 9536) and the registries' searches for networks."""

    regex = "(?:domains|nameservers|entities|ips|autnums)(?s:/.*)?"


register_converter(AskedConverter, "asked")
register_converter(AnythingConverter, "anything")
register_converter(SearchConverter, "search")

urlpatterns = [
    path("", views.about, name="rdap"),
    path("help", views.help_, name="rdap-help"),
    path("ip/<asked:text>", views.resource, {"kind": "ip"}, name="rdap-ip"),
    path("autnum/<asked:text>", views.resource, {"kind": "autnum"}, name="rdap-autnum"),
    path("domain/<asked:text>", views.resource, {"kind": "domain"}, name="rdap-domain"),
    path("nameserver/<asked:text>", views.resource, {"kind": "nameserver"}, name="rdap-nameserver"),
    path("entity/<asked:text>", views.entity, name="rdap-entity"),
    path("history/ip/<asked:text>", views.past, {"kind": "ip"}, name="rdap-history-ip"),
    path("history/autnum/<asked:text>", views.past, {"kind": "autnum"}, name="rdap-history-autnum"),
    path("history/domain/<asked:text>", views.past, {"kind": "domain"}, name="rdap-history-domain"),
    path(
        "history/nameserver/<asked:text>",
        views.past,
        {"kind": "nameserver"},
        name="rdap-history-nameserver",
    ),
    path("history/entity/<asked:text>", views.entity_past, name="rdap-history-entity"),
    path("bootstrap/<asked:name>", views.covered, name="rdap-bootstrap"),
    path("<search:what>", views.search, name="rdap-search"),
    path("<anything:rest>", views.unknown, name="rdap-unknown"),
]
