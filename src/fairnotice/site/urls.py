"""All routes. Who may open which is in `cases.permissions`; a route that is missing there is refused."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from fairnotice.site import pages

handler400 = "fairnotice.site.errors.bad_request"
handler403 = "fairnotice.site.errors.forbidden"
handler404 = "fairnotice.site.errors.not_found"
handler500 = "fairnotice.site.errors.server_error"
# allauth asks for this one where its rate limit is reached.
handler429 = "fairnotice.site.errors.too_many"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
    path("accounts/", include("fairnotice.accounts.urls")),
]
for prefix, module in (
    ("log/", "fairnotice.ledger.urls"),
    ("", "fairnotice.intake.urls"),
    ("status/", "fairnotice.recourse.urls"),
    ("desk/", "fairnotice.review.urls"),
    ("", "fairnotice.register.urls"),
):
    if find_spec(module.rpartition(".")[0]) and find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
