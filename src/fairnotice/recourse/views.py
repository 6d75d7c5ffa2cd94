"""The pages behind a code. Each reads what belongs to this one code; nothing else exists for it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fairnotice.cases import sealed, wording
from fairnotice.cases.actions import appeal as appeals
from fairnotice.cases.actions import inform
from fairnotice.cases.actions.withdraw import withdraw_notice
from fairnotice.cases.errors import Invalid, NotFound, Refused
from fairnotice.cases.models import AccessCode, Appeal, Decision, Statement
from fairnotice.cases.queries import evidence, recourse
from fairnotice.cases.queries.openings import own_looks
from fairnotice.ledger.overdue import broken_since
from fairnotice.plumbing import access_cookie
from fairnotice.recourse import forwarding, papers, progress
from fairnotice.recourse.forms import AppealForm, CodeForm
from fairnotice.recourse.gate import behind_code, current, private, try_code
from fairnotice.vault.models import Key

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def enter(request: HttpRequest) -> HttpResponse:
    """The form for the code; the right one leads on to the overview."""
    if request.method == "POST":
        access, response = try_code(request)
        if access is not None:
            response = _see_other(reverse("recourse-view"))
            access_cookie.grant(response, access.pk)
        return private(response)
    context = {"form": CodeForm(), "action": request.path, "open": current(request) is not None}
    return private(render(request, "recourse/enter.html", context))


def _overview(request: HttpRequest, access: AccessCode) -> HttpResponse:
    decisions = progress.told(access)
    context: dict[str, Any] = {"decisions": decisions, "access": access, "looks": own_looks(access)}
    context["unread"] = [s for one in decisions for s in one.statements if not s.status.first_opened_at]
    if access.notice:
        items = progress.items(access, access.notice, decisions)
        context |= {
            "notice": access.notice,
            "items": items,
            "asks_whom_to_tell": access.notice.state != "withdrawn"
            and forwarding.waits_for_yes([item.others for item in items]),
            "words": recourse.own_words(access),
            "files": evidence.own(access),
            "may_withdraw": access.notice.state != "withdrawn",
            "broken_since": broken_since(access.notice.event),
            **recourse.trusted_context(access.notice),
        }
        return render(request, "recourse/notice.html", context)
    context["location"] = recourse.affected_case(access)[1]
    return render(request, "recourse/affected.html", context)


def _statement(request: HttpRequest, access: AccessCode, ref: str) -> HttpResponse:
    statement, body = recourse.statement_for(access, ref)
    if body is None:
        erased = {"statement": statement, "erased_at": _erased_at(statement)}
        return render(request, "recourse/erased.html", erased, status=410)
    _note_opening(request, statement)
    decision = statement.decision
    window = recourse.appeal_window(access, decision)
    context = {
        "statement": statement,
        "sections": wording.in_words(body),
        "kind": body["title"],
        "decision": decision,
        "window": window,
        "until": progress.until_words(window),
        "appeal": recourse.appeals(access, decision).first(),
        "broken_since": broken_since(statement.event),
    }
    return render(request, "recourse/statement.html", context)


def _appeal(request: HttpRequest, access: AccessCode, ref: str) -> HttpResponse:
    decision = recourse.decision_for(access, ref)
    if request.method != "POST":
        return _appeal_page(request, access, decision, AppealForm())
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            appeals.lodge(access=access, decision_ref=ref, reasons=form.cleaned_data["reasons"])
        except Refused as refused:
            form.add_error(None, str(refused))
        except Invalid as invalid:
            for fault in invalid.faults:
                form.add_error("reasons", fault.message)
        else:
            return _see_other(reverse("recourse-appeal", args=[ref]))
    return _appeal_page(request, access, decision, form)


def _appeal_kept(request: HttpRequest, access: AccessCode, kept: str, ref: str) -> HttpResponse:
    decision = recourse.decision_for(access, ref)
    return _appeal_page(request, access, decision, AppealForm(initial={"reasons": kept}), kept=True)


def _appeal_page(
    request: HttpRequest, access: AccessCode, decision: Decision, form: AppealForm, *, kept: bool = False
) -> HttpResponse:
    lodged = recourse.appeals(access, decision).first()
    context = {
        "decision": decision,
        "form": form,
        "window": recourse.appeal_window(access, decision),
        "appeal": lodged,
        "own_reasons": _own_reasons(lodged),
        "answer": _answer(access, lodged),
        "may_withdraw": lodged is not None and lodged.status.state in ("received", "claimed"),
        "side": access.side,
        "answer_days": appeals.ANSWER_WITHIN.days,
        "kept": kept,
        "unsent": form.data.get("reasons", "") if form.is_bound else "",
    }
    return render(request, "recourse/appeal.html", context)


def _withdraw(request: HttpRequest, access: AccessCode) -> HttpResponse:
    """Asks once more, then takes back the notice (`what=notice`) or an appeal (`what=appeal`, `ref`)."""
    asked = request.POST if request.method == "POST" else request.GET
    lodged = None
    if asked.get("what") == "appeal":
        lodged = recourse.appeals(access).filter(ref=asked.get("ref", "")).first()
        if lodged is None:
            raise NotFound(_("There is no such appeal behind this code."))
    elif asked.get("what") != "notice" or access.notice is None:
        raise NotFound(_("There is nothing to take back here."))
    if request.method != "POST":
        return render(request, "recourse/withdraw.html", {"appeal": lodged, "notice": access.notice})
    try:
        if lodged is None:
            withdraw_notice(access=access)
            return _see_other(reverse("recourse-view"))
        appeals.withdraw(access=access, appeal_ref=lodged.ref)
        return _see_other(reverse("recourse-appeal", args=[lodged.decision.ref]))
    except Refused:
        return render(request, "recourse/withdraw.html", {"appeal": lodged, "late": True}, status=409)


def _receipt(request: HttpRequest, access: AccessCode) -> HttpResponse:
    """The receipt of the notice, or with `?statement=` the evidence of one statement, as a file."""
    ref = request.GET.get("statement", "")
    if ref:
        statement, body = recourse.statement_for(access, ref)
        if body is None:
            raise NotFound(_("The text of this statement has been erased."))
        _note_opening(request, statement)
        return _file(f"statement-{statement.ref}", papers.statement_paper(statement, body))
    if access.notice is None:
        raise NotFound(_("There is no receipt behind this code."))
    return _file(f"receipt-{access.notice.ref}", papers.receipt_of(access.notice))


# POST everywhere: the code is posted to the page that asked for it.
overview = page(behind_code(_overview))
statement = page(behind_code(_statement))
appeal = page(behind_code(_appeal, resume=_appeal_kept))
withdraw = page(behind_code(_withdraw))
receipt = page(behind_code(_receipt))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close it all again, as on a computer that others use."""
    response = private(redirect("home"))
    access_cookie.clear(response)
    return response


def _see_other(url: str) -> HttpResponseRedirect:
    """303: the browser gets the page anew, and reloading sends nothing twice."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def _note_opening(request: HttpRequest, statement: Statement) -> None:
    """Only a person who opens it counts as having been told: no link checker, no browser loading ahead."""
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if request.method != "HEAD" and "prefetch" not in ahead and not statement.status.first_opened_at:
        inform.opened(statement_ref=statement.ref)
        statement.status.refresh_from_db()


def _erased_at(statement: Statement) -> Any:
    return Key.objects.filter(id=statement.key_id).values_list("destroyed_at", flat=True).first()


def _own_reasons(lodged: Appeal | None) -> str:
    return sealed.read_many("appeal", lodged.ref, ["reasons"])["reasons"] if lodged else ""


def _answer(access: AccessCode, lodged: Appeal | None) -> Statement | None:
    if lodged is None:
        return None
    answers = (s for s in recourse.statements(access) if s.outcome and s.outcome.appeal_id == lodged.pk)
    return next(answers, None)


def _file(name: str, document: dict[str, Any]) -> HttpResponse:
    text = json.dumps(document, indent=1, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="fair-notice-{name}.json"'
    return response
