"""Answering appeals: by somebody else, with reasons, measure by measure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases.actions import appeal as actions
from fairnotice.cases.actions import claim
from fairnotice.cases.models import AppealOutcome
from tests.cases import making
from tests.review.conftest import EMAIL_SENTINEL, NAME_SENTINEL
from tests.review.reading import text

APPEAL_SENTINEL = "Sealed words of the appeal"
REASONS = "Typed reasons: the label is enough."


@pytest.fixture
def decision(people, reported):
    return making.decided(reported, people["holder"])


@pytest.fixture
def appeal(decision):
    access = making.affected_access(decision)
    return actions.lodge(access=access, decision_ref=decision.ref, reasons=APPEAL_SENTINEL)


@pytest.fixture
def held(people, appeal):
    actions.claim_appeal(actor=people["appeals"], appeal_ref=appeal.ref, version=appeal.status.version)
    appeal.status.refresh_from_db()
    return appeal


def url(appeal, verb: str = "") -> str:
    return f"/desk/appeal/{appeal.ref}/{verb}"


def answer(appeal, outcome: str, **change: str) -> dict[str, str]:
    ref = appeal.decision.measures.get().ref
    sent = {"version": str(appeal.status.version), "outcome": outcome, "reasons": REASONS}
    return sent | {f"change-{ref}-{name}": value for name, value in change.items()}


def test_the_list_and_the_page_show_what_was_said(browser, appeal):
    client = browser("appeals")
    assert appeal.ref in text(client.get("/desk/appeals/"))
    page = text(client.get(url(appeal)))
    assert APPEAL_SENTINEL in page and "the court found the opposite" in page and "Take it on" in page
    assert NAME_SENTINEL not in page and EMAIL_SENTINEL not in page


@pytest.mark.parametrize("name", ["auditor", "publisher", "admin"])
def test_other_roles_see_no_sealed_word(browser, appeal, name):
    page = text(browser(name).get(url(appeal)))
    assert "not shown to your role" in page
    for hidden in (APPEAL_SENTINEL, "the court found", "sealed-place"):
        assert hidden not in page


def test_taking_on_and_upholding(browser, appeal):
    client = browser("appeals")
    assert client.get(url(appeal, "decide/"))["Location"] == url(appeal)
    assert client.post(url(appeal, "claim/"), {"version": appeal.status.version}).status_code == 302
    appeal.status.refresh_from_db()
    assert client.get(url(appeal, "decide/")).status_code == 200
    assert client.post(url(appeal, "decide/"), answer(appeal, "upheld")).status_code == 302
    page = text(client.get(url(appeal)))
    assert "The decision stands." in page and REASONS in page
    assert REASONS not in text(browser("auditor").get(url(appeal)))
    assert appeal.ref in text(client.get("/desk/appeals/", {"decided": "1"}))


def test_a_measure_is_replaced_by_a_milder_one(browser, held):
    end = timezone.localdate() + timedelta(days=30)
    sent = answer(
        held,
        "partly_reversed",
        change="replace",
        new_end=end.isoformat(),
        kind="DECISION_VISIBILITY_CONTENT_LABELLED",
        how_to_reverse="The label is taken off.",
    )
    assert browser("appeals").post(url(held, "decide/"), sent).status_code == 302
    new = held.decision.measures.get(replaces__isnull=False)
    assert (new.kind, new.end) == ("DECISION_VISIBILITY_CONTENT_LABELLED", end)


def test_a_measure_ends_earlier(browser, held):
    end = timezone.localdate() + timedelta(days=5)
    sent = answer(held, "partly_reversed", change="shorten", new_end=end.isoformat())
    assert browser("appeals").post(url(held, "decide/"), sent).status_code == 302
    assert held.decision.measures.get().status.end_early == end


def test_a_notifiers_appeal_sends_the_case_back(browser, people, reported):
    decision = making.decided(reported, people["holder"], "NO_ACTION")
    lodged = actions.lodge(
        access=making.notifier_access(reported), decision_ref=decision.ref, reasons="You overlooked it."
    )
    client = browser("appeals")
    client.post(url(lodged, "claim/"), {"version": lodged.status.version})
    page = text(client.get(url(lodged, "decide/")))
    assert "somebody else decides it anew" in page and "partly_reversed" not in page
    lodged.status.refresh_from_db()
    sent = {"version": lodged.status.version, "outcome": "reversed", "reasons": REASONS}
    assert client.post(url(lodged, "decide/"), sent).status_code == 302
    decision.case.refresh_from_db()
    assert decision.case.state == "open"
    case_page = text(browser("holder").get(f"/desk/case/{decision.case.ref}/"))
    assert "somebody else has to decide it" in case_page and "Take it on" not in case_page


@pytest.mark.parametrize(
    ("outcome", "change", "faulty"),
    [
        ("", {}, "id_outcome"),
        ("partly_reversed", {"change": "keep"}, "id_outcome"),
        ("partly_reversed", {"change": "reverse"}, "id_outcome"),
        ("partly_reversed", {"change": "nonsense"}, "-change"),
        ("partly_reversed", {"change": "shorten"}, "-new_end"),
        ("partly_reversed", {"change": "shorten", "new_end": "0001-01-01"}, "-new_end"),
        ("partly_reversed", {"change": "replace", "new_end": "9999-12-31"}, "-"),
        ("partly_reversed", {"change": "shorten", "new_end": "soon"}, "-new_end"),
    ],
)
def test_faults_stand_at_their_field_and_nothing_typed_is_lost(browser, held, outcome, change, faulty):
    reply = browser("appeals").post(url(held, "decide/"), answer(held, outcome, **change))
    page = text(reply)
    assert reply.status_code == 422
    assert REASONS in page
    links = [part.split('"')[0] for part in page.split('href="#')[1:]]
    assert any(faulty in link for link in links)
    assert not AppealOutcome.objects.exists()


def test_an_appeal_that_changed_meanwhile_is_409_and_keeps_what_was_typed(browser, held):
    client = browser("appeals")
    reply = client.post(url(held, "decide/"), answer(held, "upheld") | {"version": "999"})
    assert reply.status_code == 409 and REASONS in text(reply) and "Nothing was decided" in text(reply)
    assert client.post(url(held, "decide/"), answer(held, "upheld")).status_code == 302
    again = client.post(url(held, "decide/"), answer(held, "upheld"))
    assert again.status_code == 409 and REASONS in text(again)


def test_who_was_slower_sees_who_holds_it(browser, held):
    reply = browser("appeals").post(url(held, "claim/"), {"version": "1"})
    assert reply.status_code == 409 and "This was not done" in text(reply)


@pytest.mark.parametrize("name", ["holder", "senior", "publisher", "admin", "auditor"])
def test_other_roles_cannot_answer(browser, held, name):
    for verb in ("claim/", "decide/"):
        assert browser(name).post(url(held, verb), answer(held, "upheld")).status_code == 403


def test_who_decided_cannot_answer(browser, people, reported):
    both = making.account("desk-both", "reviewer", "appeals_reviewer")
    people["both"] = both
    decision = making.decided(reported, both)
    lodged = actions.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    client = browser("both")
    assert "You had a part in this decision" in text(client.get(url(lodged)))
    assert client.post(url(lodged, "claim/"), {"version": lodged.status.version}).status_code == 409


def test_somebody_involved_finds_no_appeal(browser, people, held):
    claim.mark_involved(
        actor=people["senior"], case_ref=held.decision.case.ref, user_id=people["appeals"].user_id
    )
    client = browser("appeals")
    assert client.get(url(held)).status_code == 404
    assert client.post(url(held, "decide/"), answer(held, "upheld")).status_code == 404
    assert held.ref not in text(client.get("/desk/appeals/"))


_TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["\x00", "9" * 300, "0001-01-01", "9999-12-31", "partly_reversed", "replace", "shorten"]
)


@given(outcome=_TYPED, reasons=_TYPED, change=_TYPED, new_end=_TYPED, kind=_TYPED)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_that_is_typed_breaks_the_page(browser, held, outcome, reasons, change, new_end, kind):
    sent = answer(held, outcome, change=change, new_end=new_end, kind=kind) | {
        "reasons": reasons,
        "version": "77",
    }
    assert browser("appeals").post(url(held, "decide/"), sent).status_code in (409, 422)
