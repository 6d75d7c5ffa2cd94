"""What came in at a door and is no notice yet: look at it, make a notice of it, or put it away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairnotice.cases.actions import receive, received_desk
from fairnotice.cases.contact import without_contact
from fairnotice.cases.drafts import MAX_ITEMS, NoticeDraft
from fairnotice.cases.errors import Conflict, FaultLike, Invalid, NotFound, Refused
from fairnotice.cases.forms.notice import first_faults_only, judged, kept
from fairnotice.cases.forms.typed import Row, Typed
from fairnotice.cases.models import Received
from fairnotice.cases.people import visible_cases
from fairnotice.cases.queries import received as queries
from fairnotice.cases.uploads import without_files
from fairnotice.law.states import allowed
from fairnotice.review.answers import actor_of, desk_page
from fairnotice.review.faulty import put_on, value
from fairnotice.review.forms.messages import DismissForm, MessagesForm, SenderForm
from fairnotice.review.paging import PER_PAGE, page_of, query_without_page
from fairnotice.review.shown_message import shown


@desk_page("GET")
def listed(request: HttpRequest) -> HttpResponse:
    """GET desk-messages; `state` and `door` narrow the list."""
    return _list(request, DismissForm())


@desk_page("POST")
def several(request: HttpRequest) -> HttpResponse:
    """POST desk-messages-several: `act` ("release" or "dismiss" with `reason`) for every `ref` that was
    ticked. Each is an act of its own; what somebody else was faster with is left out and said."""
    actor = actor_of(request)
    refs = [ref for ref in request.POST.getlist("ref") if ref.isalnum()][:PER_PAGE]
    form = DismissForm(request.POST)
    acts: dict[str, Callable[[str], object]] = {
        "release": lambda ref: received_desk.release(actor=actor, received_ref=ref),
        "dismiss": lambda ref: received_desk.dismiss(
            actor=actor, received_ref=ref, why=value(form, "reason")
        ),
    }
    act = acts.get(request.POST.get("act", ""))
    done = 0
    if act is None:
        return redirect("desk-messages")
    for ref in refs:
        try:
            queries.visible_received(actor, ref)
            act(ref)
            done += 1
        except Invalid as error:
            put_on(form, error, "", {"why": "reason"})
            return _list(request, form, ticked=set(refs), status=422)
        except (Conflict, Refused, NotFound):
            continue
    if not refs:
        messages.warning(request, _("Nothing was ticked."))
    elif done:
        messages.success(request, ngettext("%(n)s is done.", "%(n)s are done.", done) % {"n": done})
    if done < len(refs):
        messages.warning(request, _("Some were settled in another way meanwhile, or cannot go that way."))
    return redirect("desk-messages")


def _list(
    request: HttpRequest, form: DismissForm, *, ticked: set[str] | None = None, status: int = 200
) -> HttpResponse:
    filter_form = MessagesForm(request.GET)
    wanted = filter_form.wanted()
    context = {
        "filter": filter_form,
        "filtered": any(wanted.values()),
        "page": page_of(request, queries.received(actor_of(request), **wanted)),
        "query": query_without_page(request),
        "form": form,
        "ticked": ticked or set(),
    }
    return render(request, "review/messages.html", context, status=status)


@desk_page("GET")
def message(request: HttpRequest, ref: str) -> HttpResponse:
    """GET desk-message."""
    return _page(request, queries.visible_received(actor_of(request), ref))


@desk_page("POST")
def take(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-message-take: the completed draft; or with `add` or `remove` a row more or less."""
    actor = actor_of(request)
    received = queries.visible_received(actor, ref)
    typed = Typed.read(request.POST)
    sender = SenderForm(request.POST)
    if typed.changed_rows(request.POST, MAX_ITEMS):
        return _page(request, received, typed=typed, sender=sender)
    draft = _completed(typed, receive.draft_of(received), forget=bool(request.POST.get("forget_sender")))
    try:
        submitted = received_desk.take_draft(actor=actor, received_ref=ref, draft=draft)
    except Invalid as error:
        return _page(request, received, typed=typed, faults=error.faults, sender=sender, status=422)
    except (Conflict, Refused) as error:
        received.refresh_from_db()
        return _page(request, received, typed=typed, sender=sender, problem=str(error), status=409)
    if draft.email:
        messages.success(request, _("It is a notice now. Whoever sent it gets its code by letter."))
    else:
        messages.success(request, _("It is a notice now. Nobody is told, since no address is known."))
    cases = visible_cases(actor).filter(items__notice=submitted.notice).order_by("id")
    return redirect("desk-case", cases[0].ref) if cases else redirect("desk-messages")


def _completed(typed: Typed, before: NoticeDraft, *, forget: bool) -> NoticeDraft:
    """What the person typed, with what only the sender or the door can say. An address that is known and was
    not typed over stays."""
    draft = typed.draft()
    same = draft.problem == before.problem
    return without_files(
        without_contact(
            replace(
                draft,
                name="" if forget else draft.name or before.name,
                email="" if forget else draft.email or before.email,
                # Theirs alone to give: as they gave it, or not part of what came in.
                good_faith=before.good_faith or None,
                language=before.language,
                source_type=before.source_type,
                category=before.category if same else "",
                keyword=before.keyword if same else "",
                files=before.files,
            )
        )
    )


@desk_page("POST")
def dismiss(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-message-dismiss; field `reason`."""
    actor = actor_of(request)
    received = queries.visible_received(actor, ref)
    form = DismissForm(request.POST)
    try:
        received_desk.dismiss(actor=actor, received_ref=ref, why=value(form, "reason"))
    except Invalid as error:
        put_on(form, error, "", {"why": "reason"})
        return _page(request, received, dismiss_form=form, status=422)
    except (Conflict, Refused) as error:
        received.refresh_from_db()
        return _page(request, received, problem=str(error), status=409)
    messages.success(request, _("Put away as no notice. It stays stored, and can be taken up again."))
    return redirect("desk-messages")


@desk_page("POST")
def release(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-message-release: out of quarantine, or taken up again."""
    return _act(request, ref, received_desk.release, _("It goes on."))


@desk_page("POST")
def needs_nothing(request: HttpRequest, ref: str) -> HttpResponse:
    """POST desk-message-needs-nothing."""
    return _act(request, ref, received_desk.file, _("Put away. It needs nothing."))


def _act(request: HttpRequest, ref: str, act: Callable[..., object], done: str) -> HttpResponse:
    actor = actor_of(request)
    received = queries.visible_received(actor, ref)
    try:
        act(actor=actor, received_ref=ref)
    except (Conflict, Refused) as error:
        received.refresh_from_db()
        return _page(request, received, problem=str(error), status=409)
    messages.success(request, done)
    received.refresh_from_db()
    return redirect("desk-message", ref) if received.state == "waiting" else redirect("desk-messages")


def _page(
    request: HttpRequest,
    received: Received,
    *,
    typed: Typed | None = None,
    faults: tuple[FaultLike, ...] | list[FaultLike] = (),
    sender: SenderForm | None = None,
    dismiss_form: DismissForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """One message as it stands now. Raises vault's Erased."""
    draft, raw = receive.draft_of(received), receive.raw_of(received)
    typed = typed or Typed.of(draft)
    typed.rows = typed.rows or [Row()]
    form, items = judged(typed, first_faults_only(faults)) if faults else kept(typed)
    form.fields["name"].label, form.fields["email"].label = _("Their name"), _("Their e-mail address")
    form.fields["email"].help_text = _("Only where the letter names another than it came from.")
    cases = visible_cases(actor_of(request)).filter(items__notice=received.notice_id).order_by("id")
    context = {
        "received": received,
        "digest": bytes(received.sha256).hex(),
        "shown": shown(raw),
        "erased": not raw and received.size > 0,
        "detail": queries.detail_of(received),
        "dismissed_why": queries.dismissed_why(received),
        "acts": allowed("received", received.state),
        "form": form,
        "items": items,
        "most": MAX_ITEMS,
        "sender_form": sender or SenderForm(),
        "dismiss_form": dismiss_form or DismissForm(),
        "has_name": bool(draft.name),
        "has_address": bool(draft.email),
        "has_good_faith": bool(draft.good_faith),
        "cases": [case.ref for case in cases] if received.notice_id else [],
        "problem_text": problem,
    }
    return render(request, "review/message.html", context, status=status)
