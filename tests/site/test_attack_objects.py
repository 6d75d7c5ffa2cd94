"""Every desk page with every reference, asked by somebody who must not know of the case: it does not exist."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import appeal, claim, decide, filing, hold, own_data, two_people
from fairnotice.cases.models import Decision, Filing, Measure, Publication, Statement
from fairnotice.cases.permissions import APPEALS, PUBLISHER, REVIEWER, SENIOR
from fairnotice.ledger.models import Event
from tests.answerable import register
from tests.cases import file_acts, making, network
from tests.site.routes import all_routes

pytestmark = pytest.mark.usefixtures("fn_db")
PLACE = "https://sealed-place.example.org/post/7"
SAMPLE = "aaaaaaaaaaaa"
KINDS = ("case", "decision", "statement", "measure", "appeal", "publication", "forward", "forwarded", "item",
         "letter", "evidence", "hold", "erasure", "emergency", "proposal",
         "filing")  # fmt: skip

# The register of networks, clients, tables, and what came in and is no notice yet.
OF_NO_CASE = ("staff", "network", "client", "token", "tables", "message", "trust", "reports", "statistics")


@pytest.fixture
def refs():
    """The reference of each thing of one decided case with an appeal and of one proposed severe decision."""
    reviewer = making.account("first", REVIEWER)
    register.plant("sealed-place.example.org", "HOST-1", kind="hosting")
    register.contact("HOST-1", network.HOST_DESK)
    sent = making.notice(PLACE, files=[file_acts.handle("sealed-place.txt")], life_in_danger=True)
    decision = making.decided(sent, reviewer, reach=decide.Reach("letter"))
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    other = making.decided(
        making.notice("https://forum.example.net/9"), reviewer, "DECISION_PROVISION_TOTAL_SUSPENSION"
    )
    inbound = making.forwarded("https://sealed-place.example.net/9")
    theirs = inbound.notice.items.get().case
    proposal = two_people.propose(
        actor=reviewer, case_ref=decision.case.ref, verb="export", why="court", reason="The court asked."
    )
    assert theirs is not None
    statement = filed()
    return {
        "cases": [decision.case, other.case, theirs, statement.decision.case],
        "emergency": [sent.notice.emergency.ref],
        "proposal": [proposal.ref],
        "filing": [statement.ref],
        "case": [decision.case.ref, other.case.ref, theirs.ref],
        "forwarded": [inbound.ref],
        "decision": [other.ref, decision.ref],
        "statement": list(Statement.objects.values_list("ref", flat=True)),
        "measure": list(Measure.objects.values_list("ref", flat=True)),
        "appeal": [lodged.ref],
        "publication": list(Publication.objects.values_list("ref", flat=True)),
        "hold": [held(decision.case, reviewer)],
        "erasure": [own_data.ask(access=making.notifier_access(sent), words="Please.").ref],
        **forwarded(sent),
        "evidence": [file_acts.settled(sent.notice.evidence.get().ref)],
    }


def filed():
    """The same of a statement for the EU database, of a decision that took effect."""
    sent = making.notice("https://sealed-place.example.net/filed")
    decision = making.decided(sent, making.account("who filed", REVIEWER))
    filing.prepare(place="sandbox", now=timezone.now())
    return Filing.objects.get(decision=decision)


def held(case, reviewer):
    """The same of a hold on it."""
    until = timezone.localdate() + timedelta(days=30)
    return hold.begin(
        first=reviewer.user_id,
        actor=making.account("second", SENIOR),
        case_ref=case.ref,
        reason="court",
        until=until,
        words="A court asked.",
    ).ref


def forwarded(sent):
    """The same of a notice that went to the host, whose answer no program could read."""
    network.confirmed(sent, "HOST-1")
    status = network.of("HOST-1")
    return {
        "forward": [status.forward.ref],
        "item": list(sent.notice.items.values_list("ref", flat=True)),
        "letter": [network.unread_letter(status).ref],
    }


def signed_in(*roles):
    actor = making.account("outsider", *roles)
    client = Client()
    client.force_login(get_user_model().objects.get(pk=actor.user_id))
    return actor, client


def asked(client, refs):
    """(method, path, answer) for every route of the desk with every reference."""
    for name, path in all_routes():
        if not name.startswith("desk"):
            continue
        kind = path.split("/")[2] if SAMPLE in path else ""
        if kind in OF_NO_CASE:
            continue
        for ref in refs[kind] if kind else [""]:
            here = path.replace(SAMPLE, ref)
            for method in ("get", "post"):
                yield kind, method, here, getattr(client, method)(here, {"version": 1, "act": "confirm"})


def check_hidden(client, refs):
    events = Event.objects.exclude(kind="retention.clock").count()
    everything = [ref for kind in KINDS for ref in refs[kind]]
    seen = set()
    for kind, method, path, answer in asked(client, refs):
        seen.add(kind)
        if kind:
            assert answer.status_code in (404, 405, 403, 422), (method, path, answer.status_code)
        page = answer.content.decode().replace(path, "")
        assert "sealed-place" not in page, (method, path)
        # A form that was refused shows what was asked for, but nothing that was not in the question.
        shown = [ref for ref in everything if ref in page and ref not in path]
        assert not shown, (method, path, shown)
    assert seen >= set(KINDS)
    # That the clock is right may be said by whoever may; it is about no case.
    assert Event.objects.exclude(kind="retention.clock").count() == events
    assert not Decision.objects.filter(status__second__isnull=False).exists()


def test_somebody_involved_finds_nothing_of_the_case_anywhere(refs):
    actor, client = signed_in(REVIEWER, SENIOR, APPEALS, PUBLISHER)
    for case in refs["cases"]:
        claim.mark_involved(actor=actor, case_ref=case.ref, user_id=actor.user_id)
    check_hidden(client, refs)


def test_a_case_about_the_staff_is_hidden_from_reviewers_and_publishers(refs):
    for case in refs["cases"]:
        case.staff_involved = True
        case.save()
    _actor, client = signed_in(REVIEWER, PUBLISHER)
    check_hidden(client, refs)


def test_somebody_with_a_part_in_nothing_does_find_it(refs):
    """The same walk shows the case to whoever may see it, so the tests above can fail."""
    _actor, client = signed_in(REVIEWER, SENIOR, APPEALS, PUBLISHER)
    with pytest.raises(AssertionError):
        check_hidden(client, refs)
