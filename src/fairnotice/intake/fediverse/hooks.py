"""The webhooks of Mastodon servers and Discourse forums of the settings. The signature is looked at before
anything else; what is kept is reduced before it is written."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse

from fairnotice.cases.actions.receive import receive
from fairnotice.cases.services import DISCOURSE, MASTODON, Service, service_named
from fairnotice.intake.fediverse import discourse, mastodon
from fairnotice.intake.fediverse.answers import posted, refuse, said, taken
from fairnotice.intake.fediverse.readers import as_bytes
from fairnotice.intake.fediverse.signed import shared_secret_matches
from fairnotice.intake.json_body import read_json

logger = logging.getLogger("fairnotice.intake")
_JSON = ("application/json",)


@posted("hook-mastodon", _JSON)
def mastodon_hook(request: HttpRequest, name: str) -> HttpResponse:
    """Mastodon's `report.created`; other events are taken note of by nobody."""
    service = service_named(name, MASTODON)
    if service is None or not service.secret_file:
        return _unknown()
    if not _signed(request, service, "X-Hub-Signature"):
        return _wrong("X-Hub-Signature")
    report = mastodon.report_of(read_json(request.body))
    if report is None or not mastodon.is_open(report):
        return said("not_for_us")
    reduced = mastodon.reduce(report, service)
    return taken(receive(door=MASTODON, raw=as_bytes(reduced), key=mastodon.key(reduced), machine=True)[1])


@posted("hook-discourse", _JSON)
def discourse_hook(request: HttpRequest, name: str) -> HttpResponse:
    """A new flag of a Discourse forum; other events are taken note of by nobody."""
    service = service_named(name, DISCOURSE)
    if service is None or not service.secret_file:
        return _unknown()
    if not _signed(request, service, "X-Discourse-Event-Signature"):
        return _wrong("X-Discourse-Event-Signature")
    event = request.headers.get("X-Discourse-Event", "")
    flag = discourse.flag_of(event, read_json(request.body))
    if flag is None:
        return said("not_for_us")
    reduced = discourse.reduce(flag, service)
    return taken(receive(door=DISCOURSE, raw=as_bytes(reduced), key=discourse.key(reduced), machine=True)[1])


def _signed(request: HttpRequest, service: Service, header: str) -> bool:
    try:
        secret = service.secret()
    except OSError:
        # Answered like a wrong signature, after which the sender tries again; `fairnotice check` says it too.
        logger.error("the secret of service %s cannot be read", service.name)
        return False
    return shared_secret_matches(secret, request.body, request.headers.get(header))


def _unknown() -> HttpResponse:
    return refuse(404, "not_found", "There is no such webhook here. The name stands in the settings.")


def _wrong(header: str) -> HttpResponse:
    return refuse(401, "signature", f"The header {header} is not the signature of this body by our secret.")
