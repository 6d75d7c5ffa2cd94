"""The queue: what waits, most urgent first, and why it is urgent."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fairnotice.cases.queries import desk
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.forms.queue import QueueForm
from fairnotice.review.paging import page_of, query_without_page


@desk_page("GET")
def queue(request: HttpRequest) -> HttpResponse:
    """GET desk."""
    actor = actor_of(request)
    form = QueueForm(request.GET)
    wanted = form.wanted()
    return render(
        request,
        "review/queue.html",
        {
            "form": form,
            "page": page_of(request, desk.queue(actor, **wanted)),
            "query": query_without_page(request),
            "filtered": any(wanted.values()),
            "now": timezone.now(),
            "me": actor.user_id,
        },
    )
