"""A notifier takes their notice back."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.cases import files
from fairnotice.cases.actions.forward_send import stop_with
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import AccessCode, Notice, NoticeItem
from fairnotice.cases.steps import move_case, step
from fairnotice.ledger.append import append


@transaction.atomic
def withdraw_notice(*, access: AccessCode) -> Notice:
    """Withdraw the notice behind the code. Cases that nobody has taken on and that no other notice is about
    are closed; what a reviewer has begun goes on, since a decision may already be on its way."""
    if access.notice is None:
        raise NotFound(_("There is no notice behind this code."))
    notice = access.notice
    notice.refresh_from_db(fields=["state"])  # it was read before this transaction began
    notice.state = step("notice", notice.state, "withdraw")
    notice.save(update_fields=["state"])
    for item in notice.items.select_related("case"):
        case = item.case
        others = (
            NoticeItem.objects.filter(case=case).exclude(notice=notice).exclude(notice__state="withdrawn")
        )
        # A case that came back to the queue still owes somebody a decision.
        begun = case is not None and case.decisions.exists()
        if case is not None and case.state == "open" and not begun and not others.exists():
            move_case(case, state=step("case", case.state, "drop"))
    stop_with(notice)
    # Its files go along; what they were stays committed to, and opens for nobody.
    removed = files.remove_of_notice(notice.ref, "withdrawn")
    append(
        kind="notice.withdrawn", open={"files_removed": removed}, case_ref=notice.ref, follows=notice.event
    )
    return notice
