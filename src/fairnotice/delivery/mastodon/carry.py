"""A decided measure at a Mastodon server: done, then read back, and only what was seen there is reported.

Which measure does what stands in docs/fediverse.md. A measure about a post touches that post alone; only a
measure about an account or the service touches an account. What the server cannot be told to do is reported
as failed, with what a person there can do instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from fairnotice.cases.drafts import as_url
from fairnotice.cases.models import Case, Measure, MeasureStatus
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.cases.services import Place, place_of
from fairnotice.delivery.mastodon.api import ACCOUNT_ACTIONS, Api
from fairnotice.delivery.ports import SendFailed

#: Kinds of measure -> what is done to the account, where the settings say nothing else.
ACCOUNT_MEASURES = {
    "DECISION_ACCOUNT_SUSPENDED": "suspend",
    "DECISION_ACCOUNT_TERMINATED": "suspend",
    "DECISION_PROVISION_PARTIAL_SUSPENSION": "silence",
    "DECISION_PROVISION_TOTAL_SUSPENSION": "suspend",
    "DECISION_PROVISION_PARTIAL_TERMINATION": "silence",
    "DECISION_PROVISION_TOTAL_TERMINATION": "suspend",
}
#: Kinds of measure -> what is done to the post.
POST_MEASURES = {
    "DECISION_VISIBILITY_CONTENT_REMOVED": "delete",
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED": "sensitive",
    "DECISION_VISIBILITY_CONTENT_LABELLED": "sensitive",
}
# `/@name` and `/@name/123`; `/users/name` and `/users/name/statuses/123`.
_PATH = re.compile(r"/(?:@|users/)([A-Za-z0-9_.-]{1,64})(?:(?:/statuses)?/([0-9]{1,32}))?/?")
_TO_DO = ("pending", "failed")
_TO_UNDO = ("restoring", "restore_failed")


@dataclass(frozen=True)
class Outcome:
    """What is reported of a measure: one of the words of `effect.report_effect`, and a note for the desk."""

    effect: str
    note: str


def effect_now(payload: dict[str, Any], timeout: float | None = None) -> Outcome | None:
    """Carry out or undo the measure of an outbox row, and look whether it is so; None where there is nothing
    to do any more. Raises SendFailed."""
    rows = MeasureStatus.objects.select_related("measure__decision__case")
    status = rows.filter(measure__ref=payload["measure"]).first()
    undoing = payload["act"] == "undo"
    if status is None or status.effect not in (_TO_UNDO if undoing else _TO_DO):
        return None
    measure = status.measure
    place = place_of(measure.decision.case)
    if place is None:
        return None
    api = _api(place, timeout)
    if action := account_action(measure, place):
        return _account(api, place, measure, action, undoing)
    return _post(api, place, measure, undoing)


def report_now(payload: dict[str, Any], timeout: float | None = None) -> None:
    """Close or reopen the reports of an outbox row. A report about several items is closed with the last of
    them. Raises SendFailed."""
    case = Case.objects.filter(ref=payload["case"]).first()
    place = place_of(case) if case is not None else None
    if place is None:
        return
    api, resolving = _api(place, timeout), payload["act"] == "resolve"
    for report, notice_id in place.reports:
        still_open = Case.objects.filter(items__notice=notice_id, state__in=OPEN_STATES).exists()
        if resolving and still_open:
            continue
        if not api.set_report(report, resolved=resolving):
            raise SendFailed("deferred")


def account_action(measure: Measure, place: Place) -> str:
    """What a measure does to an account there, "" where it does nothing to one."""
    return place.service.actions.get(measure.kind) or ACCOUNT_MEASURES.get(measure.kind, "")


def _api(place: Place, timeout: float | None) -> Api:
    return Api(place.service) if timeout is None else Api(place.service, timeout)


def _account(api: Api, place: Place, measure: Measure, action: str, undoing: bool) -> Outcome:
    account = place.account or _find_account(api, place)
    before = api.account(account) if account else None
    if before is None:
        return _gone(undoing)
    if undoing and _kept_by_another(measure, place, account, action, api):
        return Outcome("restored", _("Another measure in force still asks for the same, so it stays."))
    if before[action] is undoing:
        if undoing:
            api.undo(account, action)
        else:
            api.act(account, action, place.reports[0][0] if place.reports else "")
        after = api.account(account)
        if after is None or after[action] is undoing:
            # Not so yet, although the server said yes: asked once more later.
            raise SendFailed("deferred")
    words = {"action": action}
    if undoing:
        return Outcome("restored", _("Looked up at the server: no “%(action)s” on the account.") % words)
    return Outcome("confirmed", _("Looked up at the server: “%(action)s” is on the account.") % words)


def _post(api: Api, place: Place, measure: Measure, undoing: bool) -> Outcome:
    action = POST_MEASURES.get(measure.kind, "")
    post = place.post or _ids_in(place)[1]
    if not action or not post:
        return _by_hand(undoing, _("There is no such action at this server."))
    if action == "delete" and undoing:
        if place.service.post_api and api.post(post) is not None:
            return Outcome("restored", _("Looked up at the server: the post is there."))
        return _by_hand(undoing, _("A post that was deleted cannot be put back from here."))
    if not place.service.post_api:
        return _by_hand(undoing, _("This server cannot be told about single posts."))
    before = api.post(post)
    if before is None:
        return _deleted() if action == "delete" else _gone(undoing)
    if action == "delete":
        api.act_on_post(post, action, place.reports[0][0] if place.reports else "")
        if api.post(post) is not None:
            raise SendFailed("deferred")
        return _deleted()
    if before["sensitive"] is undoing:
        if undoing:
            api.undo_on_post(post)
        else:
            api.act_on_post(post, action, place.reports[0][0] if place.reports else "")
        after = api.post(post)
        if after is None or after["sensitive"] is undoing:
            raise SendFailed("deferred")
    if undoing:
        return Outcome("restored", _("Looked up at the server: the post is not marked as sensitive."))
    return Outcome("confirmed", _("Looked up at the server: the post is marked as sensitive."))


def _kept_by_another(measure: Measure, place: Place, account: str, action: str, api: Api) -> bool:
    """Whether another measure in force asks for the same on the same account: then ending this one must not
    undo that one."""
    kinds = {*ACCOUNT_MEASURES, *place.service.actions}
    others = MeasureStatus.objects.filter(state="in_force", measure__kind__in=kinds).exclude(measure=measure)
    for status in others.select_related("measure__decision__case"):
        there = place_of(status.measure.decision.case)
        if there is None or there.service.name != place.service.name:
            continue
        same = account_action(status.measure, there) == action
        if same and (there.account or _find_account(api, there)) == account:
            return True
    return False


def _find_account(api: Api, place: Place) -> str:
    """By the location alone, where no report told the id: asked of the server that it lies at."""
    name, post = _ids_in(place)
    if post:
        found = api.post(post)
        return found["account"] if found else ""
    return api.account_named(name) if name else ""


def _ids_in(place: Place) -> tuple[str, str]:
    """Account's name and post's id in a location that lies at the server itself."""
    here, front = as_url(place.location) or "", (as_url(place.service.url) or "").rstrip("/")
    if not here.startswith(f"{front}/"):
        return "", ""
    found = _PATH.fullmatch(urlsplit(here.removeprefix(front)).path)
    return (found.group(1), found.group(2) or "") if found else ("", "")


def _deleted() -> Outcome:
    return Outcome("confirmed", _("Looked up at the server: there is no such post."))


def _gone(undoing: bool) -> Outcome:
    return Outcome(
        "restore_failed" if undoing else "failed",
        _("The server knows no such account or post (any more). Look there, and report here how it stands."),
    )


def _by_hand(undoing: bool, why: str) -> Outcome:
    then = _("Somebody has to do it there by hand, and report here that it is done.")
    return Outcome("restore_failed" if undoing else "failed", f"{why} {then}")


assert set(ACCOUNT_MEASURES.values()) <= set(ACCOUNT_ACTIONS)  # noqa: S101 - a slip of ours, seen at once
