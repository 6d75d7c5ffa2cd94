"""What one person alone may not do, and the file of a case, which is the first of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fairnotice.cases import sealed
from fairnotice.cases.actions import appeal, decide, export, two_people
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import CaseInvolved, Opened, Proposal
from fairnotice.cases.permissions import Forbidden
from fairnotice.ledger.models import Event
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL, WHY_SENTINEL
from tests.review.reading import text

pytestmark = pytest.mark.usefixtures("fn_db")
SENT: dict[str, Any] = {
    "verb": "export",
    "why": "court",
    "reason": "Sealed reason: the court of appeal asked.",
}


def proposed(people, case, **changes):
    return two_people.propose(actor=people["holder"], case_ref=case.ref, **{**SENT, **changes})


def test_the_whole_way_at_the_desk(browser, people, case, reported):
    decision = making.decided(reported, people["holder"], reach=decide.Reach("letter"))
    access = making.affected_access(decision)
    appeal.lodge(access=access, decision_ref=decision.ref, reasons="Reasons of the affected.")
    holder, senior = browser("holder"), browser("senior")
    wrong = holder.post(f"/desk/case/{case.ref}/propose/", {"verb": "export", "reason": "Typed words."})
    assert wrong.status_code == 422 and "Typed words." in text(wrong)
    assert holder.post(f"/desk/case/{case.ref}/propose/", SENT)["Location"] == "/desk/by-two/"
    row = Proposal.objects.get()
    assert holder.get(f"/desk/proposal/{row.ref}/written/").status_code == 409, "not before a second person"
    own = holder.post(f"/desk/proposal/{row.ref}/answer/", {"act": "confirm"})
    assert own.status_code == 409 and "Somebody else has to confirm it" in text(own)
    assert SENT["reason"] in text(senior.get("/desk/by-two/"))
    assert senior.post(f"/desk/proposal/{row.ref}/answer/", {"act": "confirm"}).status_code == 302
    assert Event.objects.filter(kind="case.exported", case_ref=case.ref).count() == 1
    answer = senior.get(f"/desk/proposal/{row.ref}/written/")
    said = answer.content.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="case-{case.ref}.txt"'
    for part in (
        "sealed-place",
        making.draft().facts,
        making.draft().explanation,
        "Reasons of the affected.",
    ):
        assert part in said, part
    for hidden in (NAME_SENTINEL, EMAIL_SENTINEL, WHY_SENTINEL, "second paragraph"):
        assert hidden not in said, hidden
    assert Opened.objects.filter(purpose="export", ref=case.ref).count() == 1
    assert browser("other").get(f"/desk/proposal/{row.ref}/written/").status_code == 409, "the two alone"
    Proposal.objects.update(ended_at=timezone.now() - export.WRITTEN_WITHIN - timedelta(minutes=1))
    assert senior.get(f"/desk/proposal/{row.ref}/written/").status_code == 409


def test_refused_with_a_reason_or_taken_back(browser, people, case):
    row = proposed(people, case)
    senior = browser("senior")
    wrong = senior.post(f"/desk/proposal/{row.ref}/answer/", {"act": "refuse"})
    assert wrong.status_code == 422
    said = {"act": "refuse", f"{row.ref}-reason": "The court did not ask."}
    assert senior.post(f"/desk/proposal/{row.ref}/answer/", said).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.second_id) == ("refused", people["senior"].user_id)
    assert "The court did not ask." in text(browser("holder").get("/desk/by-two/"))
    another = proposed(people, case)
    browser("holder").post(f"/desk/proposal/{another.ref}/answer/", {"act": "refuse"})
    another.refresh_from_db()
    assert (another.state, another.second_id) == ("refused", None)
    with pytest.raises(Conflict):
        two_people.confirm(actor=people["senior"], proposal_ref=another.ref)


def test_what_cannot_be_proposed(people, case):
    for changes, path in (
        ({"why": "because"}, "why"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ):
        with pytest.raises(Invalid) as wrong:
            proposed(people, case, **changes)
        assert [fault.path for fault in wrong.value.faults] == [path]
    with pytest.raises(NotFound):
        proposed(people, case, verb="sell")
    with pytest.raises(Invalid):
        two_people.propose(actor=people["holder"], notice_ref=case.items.get().notice.ref, **SENT)
    with pytest.raises(Forbidden):
        two_people.propose(actor=people["auditor"], case_ref=case.ref, **SENT)
    with pytest.raises(Forbidden):
        two_people.propose(actor=people["admin"], case_ref=case.ref, **SENT)
    proposed(people, case)
    with pytest.raises(Conflict):
        proposed(people, case)


def test_what_nobody_confirms_lapses(people, case):
    row = proposed(people, case)
    assert two_people.expire_proposals(now=timezone.now() + timedelta(days=6, hours=23)) == 0
    Proposal.objects.update(expires_at=timezone.now())
    with pytest.raises(Conflict):
        two_people.confirm(actor=people["senior"], proposal_ref=row.ref)
    assert two_people.expire_proposals(now=timezone.now()) == 1
    row.refresh_from_db()
    assert (row.state, row.second) == ("expired", None)


def test_the_database_refuses_one_person_as_two(people, case):
    row = proposed(people, case)
    for changes in (
        {"second_id": people["holder"].user_id},
        {"state": "done", "ended_at": timezone.now()},
        {"state": "done", "ended_at": timezone.now(), "second_id": people["holder"].user_id},
        {"state": "refused"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=row.pk).update(**changes)


def test_where_the_act_fails_the_proposal_still_waits(people, case, monkeypatch):
    def fails(actor, row):
        raise Refused("Not today.")

    verb = two_people.verbs()["export"]
    monkeypatch.setitem(two_people._verbs, "export", two_people.Verb(fails, verb.about, verb.roles))
    row = proposed(people, case)
    events = Event.objects.count()
    with pytest.raises(Refused):
        two_people.confirm(actor=people["senior"], proposal_ref=row.ref)
    row.refresh_from_db()
    assert (row.state, Event.objects.count()) == ("proposed", events)


def test_another_module_can_have_two_people_do_something(people, case, monkeypatch):
    done = []
    monkeypatch.setattr(two_people, "_verbs", {})
    two_people.register(
        "hold", lambda actor, row: done.append(row.until), about=frozenset({"case", "notice"}),
        roles=frozenset({"administrator", "senior_reviewer"}), until=True,
    )  # fmt: skip
    until = timezone.localdate() + timedelta(days=30)
    notice = case.items.get().notice
    said = {"verb": "hold", "why": "dispute", "reason": "A court case.", "notice_ref": notice.ref}
    with pytest.raises(Invalid):
        two_people.propose(actor=people["admin"], **said)
    row = two_people.propose(actor=people["admin"], until=until, **said)
    two_people.confirm(actor=people["senior"], proposal_ref=row.ref)
    assert done == [until]
    assert Event.objects.filter(kind="proposal.done", case_ref=row.ref).count() == 1
    with pytest.raises(ValueError, match="no words"):
        two_people.register("sell", lambda actor, row: None, about=frozenset(), roles=frozenset())


def test_the_reason_lies_under_the_key_of_what_it_is_about(browser, people, case):
    row = proposed(people, case)
    from fairnotice.cases.models import SealedValue

    assert SealedValue.objects.get(owner="proposal", row=row.ref).key_id == case.subject_key
    assert SENT["reason"] not in str(Event.objects.get(kind="proposal.made").open)
    assert SENT["reason"] not in text(browser("admin").get("/desk/by-two/"))
    assert sealed.read("proposal", row.ref, "reason") == SENT["reason"]


def test_whoever_is_involved_does_not_learn_of_it(browser, people, case):
    row = proposed(people, case)
    CaseInvolved.objects.create(case=case, user_id=people["senior"].user_id, kind="involved")
    senior = browser("senior")
    assert row.ref not in text(senior.get("/desk/by-two/"))
    for act in ("confirm", "refuse"):
        assert senior.post(f"/desk/proposal/{row.ref}/answer/", {"act": act}).status_code == 404
    assert senior.get(f"/desk/proposal/{row.ref}/written/").status_code == 404
    assert senior.get(f"/desk/case/{case.ref}/propose/").status_code == 404
