"""Asking a Mastodon server by its admin API: the few things that are needed, and of each answer no more than
that. The answers hold addresses and e-mails of people; they are read in memory and kept nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fairnotice.cases.services import Service
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.visit import TIMEOUT, Answer, visit

#: A page of reports with all their posts is longer than anything else that is asked for.
MAX_ANSWER = 8 * 1024 * 1024
PAGE = 40
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LINK = re.compile(r'<([^>]*)>\s*;\s*rel="?([a-z]+)"?')
#: What can be done to an account -> the field that shows it, and what undoes it.
ACCOUNT_ACTIONS = {
    "sensitive": ("sensitized", "unsensitive"),
    "disable": ("disabled", "enable"),
    "silence": ("silenced", "unsilence"),
    "suspend": ("suspended", "unsuspend"),
}


@dataclass(frozen=True)
class Page:
    """Reports of one page, newest first, and the id from which to ask for the next newer ones ("": no
    more)."""

    reports: list[dict[str, Any]]
    newer: str


class Api:
    """One server. Every method raises SendFailed: "misconfigured" where the token cannot be read or is not
    allowed to, "refused" (final) where the server says no for good, else a code that is tried again."""

    def __init__(self, service: Service, timeout: float = TIMEOUT) -> None:
        self.service, self.timeout = service, timeout

    def reports_after(self, last: str) -> Page:
        """Open reports with ids after `last`, the oldest of them: at most a page of them."""
        # Without "resolved": some versions take any value of it as a yes, and all leave out what is closed.
        query = {"limit": str(PAGE), "min_id": last or "0"}
        answer = self._ask("GET", "/api/v1/admin/reports", query=query)
        found = answer.json()
        if not isinstance(found, list):
            raise SendFailed("deferred")
        return Page([one for one in found if isinstance(one, dict)], _newer(answer.headers.get("link", "")))

    def account(self, account_id: str) -> dict[str, bool] | None:
        """Which of ACCOUNT_ACTIONS are in force for an account; None where there is no such account."""
        answer = self._ask("GET", f"/api/v1/admin/accounts/{_checked(account_id)}", absent=True)
        if answer.status == 404:
            return None
        found = _object(answer)
        return {act: found.get(shown) is True for act, (shown, _undo) in ACCOUNT_ACTIONS.items()}

    def act(self, account_id: str, action: str, report: str = "") -> None:
        """Do one of ACCOUNT_ACTIONS. No letter goes out from there: who is concerned has our statement of
        reasons."""
        form = {"type": action, "send_email_notification": False}
        if report:
            form["report_id"] = _checked(report)
        self._ask("POST", f"/api/v1/admin/accounts/{_checked(account_id)}/action", form=form)

    def undo(self, account_id: str, action: str) -> None:
        """Undo one of ACCOUNT_ACTIONS."""
        self._ask(
            "POST", f"/api/v1/admin/accounts/{_checked(account_id)}/{ACCOUNT_ACTIONS[action][1]}", form={}
        )

    def post(self, post_id: str) -> dict[str, Any] | None:
        """A post as far as it matters here: `sensitive`, and the id of its account. None where there is no
        such post, or none that this token may see."""
        path = "/api/v1/admin/statuses" if self.service.post_api else "/api/v1/statuses"
        answer = self._ask("GET", f"{path}/{_checked(post_id)}", absent=True)
        if answer.status == 404:
            return None
        found = _object(answer)
        account = found.get("account")
        account_id = account.get("id") if isinstance(account, dict) else ""
        return {"sensitive": found.get("sensitive") is True, "account": str(account_id or "")}

    def act_on_post(self, post_id: str, action: str, report: str = "") -> None:
        """ "delete" a post or mark it "sensitive", where the server can be told (`post_api`)."""
        path = f"/api/v1/admin/statuses/{_checked(post_id)}"
        form = {"type": action, "send_email_notification": False}
        if report:
            form["report_id"] = _checked(report)
        self._ask("POST", f"{path}/action", form=form)

    def undo_on_post(self, post_id: str) -> None:
        """Take the mark "sensitive" off a post."""
        self._ask("POST", f"/api/v1/admin/statuses/{_checked(post_id)}/unsensitive", form={})

    def account_named(self, name: str) -> str:
        """The id of a local account by its name, "" where there is none."""
        answer = self._ask("GET", "/api/v1/accounts/lookup", query={"acct": name}, absent=True)
        found = _object(answer) if answer.status != 404 else {}
        return str(found.get("id") or "")

    def set_report(self, report_id: str, *, resolved: bool) -> bool:
        """Close or reopen a report; whether it is so now. A report that is not there any more counts."""
        verb = "resolve" if resolved else "reopen"
        path = f"/api/v1/admin/reports/{_checked(report_id)}/{verb}"
        answer = self._ask("POST", path, form={}, absent=True)
        return answer.status == 404 or (_object(answer).get("action_taken") is True) == resolved

    def _ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, Any] | None = None,
        absent: bool = False,
    ) -> Answer:
        try:
            token = self.service.token()
        except (OSError, UnicodeDecodeError):
            raise SendFailed("misconfigured") from None
        if not _TOKEN.fullmatch(token):
            raise SendFailed("misconfigured")
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        data = None
        if form is not None:
            headers["Content-Type"], data = "application/json", json.dumps(form).encode()
        answer = visit(
            method,
            f"{self.service.url}{path}",
            headers=headers,
            query=query,
            data=data,
            timeout=self.timeout,
            most=MAX_ANSWER,
        )
        return _judged(answer, absent)


def _judged(answer: Answer, absent: bool) -> Answer:
    status = answer.status
    if 200 <= status < 300 or (absent and status == 404):
        return answer
    if status in (408, 425, 429) or status >= 500:
        raise SendFailed("deferred")
    if status in (401, 403, 405) or status < 400:
        # A token that is not taken or may not do this, or a redirect: for our operator to mend.
        raise SendFailed("misconfigured")
    raise SendFailed("refused", final=True)


def _object(answer: Answer) -> dict[str, Any]:
    found = answer.json()
    if not isinstance(found, dict):
        raise SendFailed("deferred")
    return found


def _checked(given: str) -> str:
    """An id as it may stand in a path: nothing that could lead elsewhere."""
    if not _ID.fullmatch(given):
        raise SendFailed("refused", final=True)
    return given


def _newer(header: str) -> str:
    """From a Link header (RFC 8288), the id from which the newer ones follow. Its address is not asked: only
    the id is taken out of it."""
    for address, relation in _LINK.findall(header):
        if relation == "prev":
            asked = parse_qs(urlsplit(address).query)
            found = (asked.get("min_id") or asked.get("since_id") or [""])[0]
            return found if _ID.fullmatch(found) else ""
    return ""
