"""The public form in three steps: type, look at it once more, send. Everything typed travels in the form
itself; nothing is stored before "send"."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from fairnotice.cases import codes, involved, uploads
from fairnotice.cases.actions.submit import Submitted, sent_before, submit_notice
from fairnotice.cases.contact import asks_contact
from fairnotice.cases.drafts import MAX_ITEMS, NoticeDraft, check_notice
from fairnotice.cases.errors import Conflict, FaultLike, Invalid
from fairnotice.cases.forms.notice import first_faults_only, judged, kept, rule_title
from fairnotice.cases.forms.typed import Row, Typed
from fairnotice.cases.models import ForwardStatus
from fairnotice.cases.queries.recourse import trusted_context
from fairnotice.intake import evidence, holding, proof
from fairnotice.intake.items import shown
from fairnotice.intake.own_page import from_elsewhere
from fairnotice.law.evidence import takes_files
from fairnotice.law.problems import PROBLEM_BY_SLUG, SKIP_OPERATOR
from fairnotice.plumbing import access_cookie
from fairnotice.plumbing.floods import flooded
from fairnotice.plumbing.limits import limit

# Generous: whole schools and offices share one address, and a lost notice harms more than a fast one. What is
# sent beyond the one number is stored and held back; only beyond the other is somebody asked to wait.
STEPS_PER_MINUTE = 120
SENT_PER_MINUTE = 30
MOST_SENT_PER_MINUTE = 300
CHALLENGES_PER_MINUTE = 120
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24,64}")


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notice_new(request: HttpRequest) -> HttpResponse:
    """The form, empty, or with what was typed and a row more or less. Judges nothing, stores nothing. A link
    or a form of another site may fill in `location`, once or several times."""
    if request.method != "POST":
        return _form(request, _brought(request.GET), brought=True)
    if "location" in request.POST:
        return _form(request, _brought(request.POST), brought=True)
    typed = Typed.read(request.POST)
    typed.changed_rows(request.POST, MAX_ITEMS)
    return _form(request, typed)


def _brought(given: QueryDict) -> Typed:
    """Places that another page filled in."""
    places = [place for place in given.getlist("location") if place.strip()][:MAX_ITEMS]
    return Typed(rows=[Row(place) for place in places] or [Row()])


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notice_review(request: HttpRequest) -> HttpResponse:
    """Exactly what would be sent, to look at once more; or the form with every fault at its field (422).
    Files are added and taken out here, where it is known whether any may come with this."""
    if request.method != "POST":
        return redirect("notice-new")
    with evidence.arriving(request) as arriving:
        typed = Typed.read(request.POST)
        if limit("notice-review", request, STEPS_PER_MINUTE):
            return _form(request, typed, wait=True)
        evidence.take_out(typed, request.POST.get("take-out", ""))
        said = evidence.take(arriving, typed, ours=not from_elsewhere(request))
    faults = check_notice(typed.draft())
    if faults:
        return _form(request, typed, faults=faults, said=said)
    return _review(request, typed, token=secrets.token_urlsafe(24), said=said)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def notice_send(request: HttpRequest) -> HttpResponse:
    """Takes the notice in and shows the code, this once. The page's own token makes a double click one
    notice. In a crowd, what comes without a proof of work is stored and held back, with a code as well."""
    if request.method != "POST":
        return redirect("notice-new")
    with evidence.arriving(request) as arriving:
        typed = Typed.read(request.POST)
        said = evidence.take(arriving, typed, ours=not from_elsewhere(request))
    token = request.POST.get("token", "")
    if not _TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(24)
    draft = typed.draft()
    faults = check_notice(draft)
    if faults:
        return _form(request, typed, faults=faults, said=said)
    if from_elsewhere(request):
        return _review(request, typed, token=secrets.token_urlsafe(24), elsewhere=True)
    if said:
        # Something that was to go along does not: they look at it once more.
        return _review(request, typed, token=token, said=said)
    if limit("notice-send-most", request, MOST_SENT_PER_MINUTE):
        return _review(request, typed, token=token, wait=True)
    try:
        held = _held(request, draft, token)
        if held is not None:
            return _stored(request, held, mail=bool(draft.email))
        submitted = submit_notice(draft=draft, door="web", idempotency_key=token)
    except Invalid as invalid:
        gone = [fault.message for fault in invalid.faults if fault.path.startswith("files")]
        if len(gone) == len(invalid.faults):
            typed.files = [one.token for one in uploads.waiting(uploads.handles(typed.files))]
            return _review(request, typed, token=token, said=gone)
        return _form(request, typed, faults=invalid.faults)
    except Conflict:
        # The page was sent before with other words: this is a second notice, so it is looked at anew.
        return _review(request, typed, token=secrets.token_urlsafe(24), changed=True)
    return _receipt(request, submitted, mail=bool(draft.email))


@require_safe
def notice_challenge(request: HttpRequest) -> HttpResponse:
    """A fresh sum for `proof.js`. Whoever is given none sends without."""
    if limit("notice-challenge", request, CHALLENGES_PER_MINUTE):
        response = JsonResponse({}, status=429)
        response["Retry-After"] = "60"
    else:
        response = JsonResponse(proof.challenge())
    response["Cache-Control"] = "no-store"
    return response


def _held(request: HttpRequest, draft: NoticeDraft, token: str) -> holding.Held | None:
    """What is held back of this page, now or from before; None where the notice goes straight in. Raises
    Invalid, Conflict."""
    if draft.life_in_danger:
        # Whatever crowd there is: this does not wait behind it.
        return None
    before = holding.held_before(draft, token)
    if before is not None:
        return before
    # In this order: what a crowd is made of is counted even where a proof then opens the door.
    crowd = limit("notice-send", request, SENT_PER_MINUTE)
    crowd = flooded("web", settings.FN_FLOOD_PER_MINUTE, time.time()) or crowd
    if not crowd or sent_before(token, draft) or proof.spend(request.POST.get(proof.FIELD, "")):
        return None
    return holding.hold(draft, token)


def _form(
    request: HttpRequest,
    typed: Typed,
    *,
    faults: Sequence[FaultLike] = (),
    wait: bool = False,
    brought: bool = False,
    said: Sequence[str] = (),
) -> HttpResponse:
    form, items = judged(typed, first_faults_only(faults)) if faults else kept(typed)
    status = 429 if wait else 422 if faults else 200
    context = {
        "form": form,
        "items": items,
        "wait": wait,
        "most": MAX_ITEMS,
        "files": typed.files,
        "said": said,
        "takes_files": settings.FN_EVIDENCE["count"] > 0,
        "brought": [row.location for row in typed.rows if row.location] if brought else [],
    }
    response = render(request, "intake/form.html", context, status=status)
    return _unkept(response, request, wait)


def _review(
    request: HttpRequest,
    typed: Typed,
    *,
    token: str,
    wait: bool = False,
    changed: bool = False,
    elsewhere: bool = False,
    said: Sequence[str] = (),
) -> HttpResponse:
    """`said`: sentences about files that do not go along."""
    draft = typed.draft()
    problem = PROBLEM_BY_SLUG[draft.problem]
    asked = asks_contact(draft.problem)
    if not asked:
        typed.texts["name"] = typed.texts["email"] = ""
    context = {
        "draft": draft,
        "problem": problem,
        "problem_label": _(problem.label),
        "ask_contact": asked,
        "elsewhere_first": SKIP_OPERATOR in problem.flags,
        "rule": rule_title(draft.clause) if draft.clause else "",
        "involved_role": involved.words(draft.involved_role),
        "items": [shown(item) for item in draft.items],
        "fields": {**typed.data(), "token": token},
        "takes_files": settings.FN_EVIDENCE["count"] > 0 and takes_files(draft.problem),
        "files": uploads.waiting(draft.files),
        "file_field": evidence.FIELD,
        "limits": evidence.limits(len(draft.files)),
        "said": said,
        "wait": wait,
        "changed": changed,
        "elsewhere": elsewhere,
        "proof_field": proof.FIELD,
    }
    status = 429 if wait else 409 if changed else 403 if elsewhere else 422 if said else 200
    response = render(request, "intake/review.html", context, status=status)
    return _unkept(response, request, wait)


def _stored(request: HttpRequest, held: holding.Held, *, mail: bool) -> HttpResponse:
    """The code of what is held back; or of the notice that it has become since."""
    if held.received.notice is not None:
        return _receipt(request, Submitted(held.received.notice, held.code, {}, replayed=True), mail=mail)
    context = {"code": held.code, "received": held.received.received_at, "mail": mail}
    return _unkept(render(request, "intake/held.html", context), request, False)


def _receipt(request: HttpRequest, submitted: Submitted, *, mail: bool) -> HttpResponse:
    due = [item.case.due_at for item in submitted.notice.items.select_related("case") if item.case]
    context = {
        "code": submitted.code,
        "received": submitted.notice.received_at,
        "due": min(due, default=None),
        "overdue": bool(due) and min(due) < timezone.now(),
        "logged_by": submitted.notice.received_at + timedelta(seconds=settings.FN_PROMISE_DELAY),
        "mail": mail,
        "replayed": submitted.replayed,
        "life_in_danger": submitted.notice.life_in_danger,
        **trusted_context(submitted.notice),
        "others_answer": ForwardStatus.objects.filter(
            forward__item__notice=submitted.notice, state="proposed"
        ).exists(),
    }
    response = render(request, "intake/receipt.html", context)
    access = codes.find(submitted.code)
    if access is not None:
        access_cookie.grant(response, access.pk)
    return _unkept(response, request, False)


def _unkept(response: HttpResponse, request: HttpRequest, wait: bool) -> HttpResponse:
    if request.method == "POST":
        # What somebody typed, and above all the code, stays in no cache of a shared computer.
        response["Cache-Control"] = "no-store"
    if wait:
        response["Retry-After"] = "60"
    return response
