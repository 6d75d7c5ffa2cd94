"""The doors in. Names and paths are those of `cases.permissions.ROUTES`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from fairnotice.intake import api_page, views, well_known
from fairnotice.intake.api import api, guarded
from fairnotice.intake.fediverse import hooks, inbox

_patterns, _app_name, _namespace = api.urls


def _api_urls() -> list[URLPattern]:
    """The framework's operations, guarded; without its page at the root, which shows nothing."""
    return [
        path("openapi.json", api_page.openapi_json, name="openapi-json"),
        *(
            URLPattern(route.pattern, guarded(route.name, route.callback), name=route.name)
            for route in _patterns
            if isinstance(route, URLPattern) and route.name and route.name != "api-root"
        ),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("report/", views.notice_new, name="notice-new"),
    path("report/review/", views.notice_review, name="notice-review"),
    path("report/send/", views.notice_send, name="notice-send"),
    path("report/challenge/", views.notice_challenge, name="notice-challenge"),
    path(".well-known/fair-notice.json", well_known.pointer, name="well-known"),
    path("hooks/mastodon/<slug:name>/", hooks.mastodon_hook, name="hook-mastodon"),
    path("hooks/discourse/<slug:name>/", hooks.discourse_hook, name="hook-discourse"),
    path("ap/inbox", inbox.inbox, name="ap-inbox"),
    path("ap/actor", inbox.actor, name="ap-actor"),
    path(".well-known/webfinger", inbox.webfinger, name="ap-webfinger"),
    path("api/", api_page.api_docs, name="api-docs"),
    path("api/v1/", include((_api_urls(), _app_name), namespace=_namespace)),
]
