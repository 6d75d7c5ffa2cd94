"""What is kept of people and for how long, for everybody: the schedule as set here, and public counts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairnotice.cases.queries import retention
from fairnotice.law.retention import GROUNDS, SCHEDULE

#: Below this a number could point at somebody.
FEW = 10


@require_safe
def what_is_kept(request: HttpRequest) -> HttpResponse:
    """GET what-is-kept."""
    days = retention.days()
    context = {
        "rows": [(_(rule.what), days[rule.kind], _(rule.since), rule.source) for rule in SCHEDULE],
        "erased": [(_(GROUNDS[ground]), counted(n)) for ground, n in retention.erased().items()],
        "held": counted(retention.held().count()),
    }
    return render(request, "register/kept.html", context)


def counted(number: int) -> str:
    """The number, or that it is small. None is no secret."""
    return str(number) if number == 0 or number >= FEW else _("fewer than %(few)s") % {"few": FEW}
