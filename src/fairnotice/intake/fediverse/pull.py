"""The open reports of Mastodon servers, asked for by the runner: for a webhook that was never set up, or that
could not reach us. A report that came by the webhook before is the same one."""

from __future__ import annotations

import logging
from collections.abc import Callable

from fairnotice.cases.actions.receive import receive
from fairnotice.cases.services import MASTODON, Service, last_report, remember_asked, services
from fairnotice.delivery.mastodon import Api
from fairnotice.delivery.ports import SendFailed
from fairnotice.intake.fediverse import mastodon
from fairnotice.intake.fediverse.fields import Json
from fairnotice.intake.fediverse.readers import as_bytes
from fairnotice.intake.unreadable import Unreadable

logger = logging.getLogger("fairnotice.intake")
EVERY = 60
_PAGES = 50


def pulled() -> list[Service]:
    """The servers that are asked: those with a token, unless the settings say not to."""
    return [service for service in services(MASTODON) if service.token_file and service.pull]


def pull(service: Service, stop: Callable[[], bool] = lambda: False) -> int:
    """Take in the open reports since the last time; how many were new. A server that cannot be asked is asked
    again the next time, from where we were."""
    api, new = Api(service), 0
    for _page in range(_PAGES):
        if stop():
            break
        last = last_report(service)
        try:
            page = api.reports_after(last)
        except SendFailed as failure:
            logger.warning("reports of a service not asked for: %s", failure.code)
            remember_asked(service, last, failure.code)
            return new
        # The oldest first, so that what was taken in is never ahead of what is remembered.
        for report in reversed(page.reports):
            new += _take(report, service)
        remember_asked(service, page.newer or last, "")
        if not page.reports or page.newer in ("", last):
            break
    return new


def _take(report: Json, service: Service) -> int:
    if not mastodon.is_open(report):
        return 0
    try:
        reduced = mastodon.reduce(report, service)
    except Unreadable as fault:
        logger.warning("a report of a service was not read: %s", fault)
        return 0
    _received, known = receive(door=MASTODON, raw=as_bytes(reduced), key=mastodon.key(reduced), machine=True)
    return 0 if known else 1
