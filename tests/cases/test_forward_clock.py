"""What time does to forwarded notices, where something is in its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases.actions import forward_clock, forward_send
from fairnotice.cases.errors import Refused
from fairnotice.ledger.models import OutboxRow
from fairnotice.vault import keys
from tests.cases import network
from tests.cases.forward_acts import Forwarded


@pytest.mark.usefixtures("fn_db")
def test_an_erased_notice_does_not_keep_the_others_from_their_reminder() -> None:
    made = Forwarded()
    OutboxRow.objects.filter(ref=made.ref).update(done_at=timezone.now(), sealed=None)
    keys.destroy(made.notice.notice.notifier_key)
    now = timezone.now()
    assert forward_clock.tick(now=now + timedelta(hours=71))["forwards_reminded"] == 0
    with pytest.raises(Refused):
        forward_send.remind(forward_ref=made.ref)
    assert forward_clock.tick(now=now + timedelta(hours=73))["forwards_overdue"] == 1
    assert network.states() == {"HOST-1": "overdue", "REGISTRAR-1": "confirmed", "FORUM-1": "proposed"}
