"""Where servers of the fediverse send reports: an inbox, the actor it belongs to, and how that one is found.

The actor takes reports and does nothing else: it follows nobody, answers nothing, and has no key, since
nothing is ever sent in its name (ADR 0021). Activities other than `Flag` are answered and forgotten.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fairnotice.cases.actions.receive import receive
from fairnotice.intake.fediverse import cavage, flag, rfc9421
from fairnotice.intake.fediverse.answers import posted, refuse, said, taken
from fairnotice.intake.fediverse.keys import KeyUnknown, is_listed, key_for
from fairnotice.intake.fediverse.readers import as_bytes
from fairnotice.intake.fediverse.signed import Claim, Request, SignatureFault
from fairnotice.intake.json_body import read_json

ACTIVITY = "application/activity+json"
NAME = "reports"
_KINDS = (ACTIVITY, "application/ld+json", "application/json")


@posted("ap-inbox", _KINDS)
def inbox(request: HttpRequest) -> HttpResponse:
    """A `Flag`. One whose sender was checked becomes a notice; one of a server that is not listed, or whose
    key cannot be had, waits for a person; one that is signed wrongly is refused."""
    if not settings.FN_FLAG_INBOX:
        return refuse(404, "not_found", "This service takes no reports from servers of the fediverse.")
    activity = read_json(request.body)
    if not flag.is_flag(activity):
        return said("not_for_us", 202)
    try:
        checked = _checked(request, activity)
    except SignatureFault as fault:
        return refuse(401, "signature", str(fault))
    reduced = flag.reduce(activity, checked=checked)
    return taken(receive(door="flag", raw=as_bytes(reduced), key=flag.key(reduced), machine=True)[1])


@require_safe
def actor(request: HttpRequest) -> HttpResponse:
    """The actor that reports are addressed to (ActivityPub, 4)."""
    _only_where_open()
    me = _address("ap-actor")
    document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": me,
        "type": "Application",
        "preferredUsername": NAME,
        "name": settings.FN_OPERATOR["name"],
        "summary": "Takes reports (Flag). It follows nobody and answers nothing here.",
        "inbox": _address("ap-inbox"),
        "outbox": f"{me}#outbox",
        "url": _address("notice-new"),
        "manuallyApprovesFollowers": True,
        "endpoints": {"sharedInbox": _address("ap-inbox")},
    }
    return JsonResponse(document, content_type=ACTIVITY)


@require_safe
def webfinger(request: HttpRequest) -> HttpResponse:
    """Where `acct:reports@host` is to be found (RFC 7033)."""
    _only_where_open()
    subject = f"acct:{NAME}@{urlsplit(settings.FN_BASE_URL).netloc}"
    if request.GET.get("resource", "") not in (subject, _address("ap-actor")):
        raise Http404
    links = [{"rel": "self", "type": ACTIVITY, "href": _address("ap-actor")}]
    answer = JsonResponse({"subject": subject, "links": links}, content_type="application/jrd+json")
    answer["Access-Control-Allow-Origin"] = "*"  # RFC 7033, 5: anybody's page may ask this
    return answer


def _checked(request: HttpRequest, activity: dict[str, Any]) -> bool:
    """Whether the sender is who it says it is; False where nobody here can tell. Raises SignatureFault where
    it is not, or where a server whose key is known signed in a way that proves nothing."""
    if not request.headers.get("Signature"):
        if is_listed(flag.actor_host(activity)):
            raise SignatureFault("This server signs what it sends, and this is not signed.")
        return False
    claim = _claim(as_signed(request))
    try:
        key = key_for(claim.key_id)
    except KeyUnknown:
        return False
    try:
        claim.verify(key)
    except SignatureFault:
        # It may have a new key since we asked.
        try:
            claim.verify(key_for(claim.key_id, anew=True))
        except KeyUnknown:
            raise SignatureFault("The signature is not by the key that is known here.") from None
    if flag.actor_host(activity) != flag.host_of(claim.key_id):
        raise SignatureFault("The actor is of another server than the key.")
    return True


def _claim(request: Request) -> Claim:
    now = timezone.now()
    if request.all("Signature-Input"):
        return rfc9421.read(request, now)
    return cavage.read(request, now)


def as_signed(request: HttpRequest) -> Request:
    """The request as a signature sees it, under the address that the world knows us by."""
    path = request.get_full_path()
    return Request(
        method=str(request.method),
        url=f"{settings.FN_BASE_URL}{path}",
        headers=tuple(request.headers.items()),
        body=request.body,
    )


def _only_where_open() -> None:
    if not settings.FN_FLAG_INBOX:
        raise Http404


def _address(name: str) -> str:
    return f"{settings.FN_BASE_URL}{reverse(name)}"
