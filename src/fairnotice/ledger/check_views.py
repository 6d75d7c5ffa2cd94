"""`/log/check`: a page whose scripts check a receipt, statement or register entry in the browser."""

from __future__ import annotations

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from fairnotice.ledger import check_words, keys, logs
from fairnotice.ledger.models import Log, LogKey
from fairnotice.ledger.views import address


@require_safe
@csp_replace({"form-action": [NONE], "require-trusted-types-for": ["'script'"]})
def check(request: HttpRequest) -> HttpResponse:
    """The page is the same for everybody and takes nothing: what is checked never reaches the server.

    It brings the keys of the logs of all years along, so that the check itself asks for nothing but the
    checkpoint and tiles. Besides `connect-src 'self'` of every page, the browser would send no form of it
    anywhere, and would make no markup out of what a file says.
    """
    return render(
        request,
        "ledger/check.html",
        {
            "logs": [_log(log) for log in reversed(logs.everyone())],
            "words": check_words.everything(),
            "sign_out_url": "",  # the one form of every page: it could not be sent from here
        },
    )


def _log(log: Log) -> dict[str, object]:
    return {
        "origin": log.origin,
        "year": log.year,
        "base": address(log, "checkpoint").removesuffix("checkpoint"),
        # Not only the newest: files stay good when keys change.
        "vkeys": keys.good_vkeys(log),
        "promise_vkeys": keys.good_vkeys(log, LogKey.PROMISE),
    }
