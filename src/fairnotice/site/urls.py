"""All routes. Who may open which is in `cases.permissions`; a route that is missing there is refused."""

from __future__ import annotations

from django.urls import include, path

from fairnotice.recourse import answering
from fairnotice.site import pages

handler400 = "fairnotice.site.errors.bad_request"
handler403 = "fairnotice.site.errors.forbidden"
handler404 = "fairnotice.site.errors.not_found"
handler500 = "fairnotice.site.errors.server_error"
# allauth asks for this one where its rate limit is reached.
handler429 = "fairnotice.site.errors.too_many"

urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("healthz", pages.healthz, name="healthz"),
    path("accounts/", include("fairnotice.accounts.urls")),
    path("log/", include("fairnotice.ledger.urls")),
    path("rdap/", include("fairnotice.answerable.rdap.urls")),
    path("", include("fairnotice.intake.urls")),
    path("status/", include("fairnotice.recourse.urls")),
    path("answer/<str:token>/", answering.answer, name="forward-answer"),
    path("", include("fairnotice.register.urls")),
    path("", include("fairnotice.reports.urls")),
    path("statistics/", include("fairnotice.reports.statistics_urls")),
    path("observatory/", include("fairnotice.observatory.web.urls")),
    path("desk/staff/", include("fairnotice.accounts.staff_urls")),
    path("desk/", include("fairnotice.review.urls")),
]
