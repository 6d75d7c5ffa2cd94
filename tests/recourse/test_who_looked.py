"""Behind a code: who looked, by role, purpose and day; never a name, and never what another notice's way was."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fairnotice.cases import codes
from fairnotice.cases.models import Opened
from fairnotice.cases.queries import openings
from tests.cases import making
from tests.review.reading import text

pytestmark = pytest.mark.usefixtures("fn_db")


def looked(actor, ref, purpose="decide", *, about="case", at=None, kinds=("place",), role="reviewer"):
    Opened.objects.create(
        user_id=actor.user_id, role=role, about=about, ref=ref, kinds=list(kinds), purpose=purpose,
        at=at or timezone.now(),
    )  # fmt: skip


def test_the_notifier_sees_roles_days_and_purposes_and_no_name():
    sent = making.notice()
    client = Client()
    client.post("/status/", {"code": sent.code})
    assert "Nobody at this service has opened it so far" in text(client.get("/status/view/"))
    looked(making.account("somebody-by-name", "reviewer"), making.case_of(sent).ref)
    page = text(client.get("/status/view/"))
    assert "Who looked at your notice" in page
    assert "reviewer, to decide" in page and "somebody-by-name" not in page


def test_looks_before_a_notice_came_in_belong_to_another_one():
    first, actor = making.notice(), making.account("r", "reviewer")
    case = making.case_of(first)
    looked(actor, case.ref, at=timezone.now() - timedelta(days=3))
    second = making.notice()
    access = making.notifier_access(second)
    assert openings.own_looks(access) == []
    looked(actor, first.notice.ref, about="notice")
    assert openings.own_looks(access) == []
    looked(actor, case.ref, "question")
    assert [look.purpose for look in openings.own_looks(access)] == ["question"]
    looked(actor, case.ref, "quality", kinds=())
    assert [look.purpose for look in openings.own_looks(access)] == ["question"], "said, but not opened"


def test_the_affected_party_learns_no_day_before_the_decision_and_nothing_of_a_danger():
    sent, actor = making.notice(), making.account("r", "reviewer")
    case = making.case_of(sent)
    decision = making.decided(sent, actor)
    looked(actor, case.ref, "emergency", at=timezone.now() - timedelta(days=5))
    looked(actor, case.ref, "decide", at=timezone.now() - timedelta(days=4))
    looked(actor, case.ref, "appeal", role="appeals_reviewer")
    access = making.affected_access(decision)
    found = openings.own_looks(access)
    today = timezone.localdate()
    assert [(look.role, look.purpose, look.day) for look in found] == [
        ("appeals_reviewer", "appeal", today),
        ("reviewer", "decide", None),
        ("reviewer", "triage", None),
    ]
    client = Client()
    client.post("/status/", {"code": codes.mint(side="affected", case=decision.case)})
    page = text(client.get("/status/view/"))
    assert "Before the decision: reviewer, to decide" in page and "danger" not in page
