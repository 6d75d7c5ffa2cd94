"""Whatever is sent to a form of the people who work here, and whatever they ask for: the page answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.answerable.models import Delegation
from fairnotice.cases.actions import appeal, claim, decide, hold, own_data, receive, tokens, two_people
from fairnotice.cases.models import Emergency, Measure, Publication, Statement
from fairnotice.cases.permissions import ADMIN, APPEALS, PUBLISHER, REVIEWER, ROUTES, SENIOR
from tests.cases import file_acts, making, network, received_acts, table_acts
from tests.site.routes import all_routes

pytestmark = pytest.mark.usefixtures("fn_db")
SAMPLE = "aaaaaaaaaaaa"
ROLES = (REVIEWER, SENIOR, APPEALS, PUBLISHER, ADMIN)
# Pages of people who work here, and the door to them.
PATHS = {name: path for name, path in all_routes() if name.startswith(("desk", "account"))}
# Every name that a field of these pages has; "*" stands for the reference in the address.
NAMES = (
    "version", "act", "step", "add", "remove", "user", "summary", "reason", "outcome", "reasons", "text", "note",
    "location", "at", "state", "category", "mine", "effect", "page", "decided", "login", "password", "next",
    "oldpassword", "password1", "password2", "facts", "content_date", "measures-TOTAL_FORMS", "measures-0-end",
    "handle", "name", "country", "url", "basis", "role", "channel", "address", "resource", "from_handle", "holder", "kind",
    "valid_from", "valid_until", "visibility", "shared", "answer_hours", "on", "with_below", "known_on", "search",
    "door", "ref", "why", "problem", "email", "items-0-location", "items-1-note", "forget_sender", "ground_kind", "clause", "law",
    "*-answer", "*-text", "*-reason", "*-channel", "*-email", "*-effect", "*-note", "review-*-act", "review-*-keep_until", "review-*-reason",
)  # fmt: skip
VALUES = st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace").decode()) | st.sampled_from(
    [
        "\x00", "-1", "1", "9" * 400, "0001-01-01", "9999-12-31", "2999-02-30", "x" * 6000, "\u202e", "٣", "%00",
        "confirm", "refuse", "sent", "keep", "end", "upheld", "reversed", "partly_reversed", "email", "letter",
        "unreachable", "confirmed", "failed", "restored", "publish", "preview", "send", "edit", "a@example.org",
        "## 1 A\nb", "//evil.example.org",
    ]
)  # fmt: skip
FIELDS = st.dictionaries(st.sampled_from(NAMES), VALUES | st.lists(VALUES, max_size=2), max_size=8)


def _token_ref() -> str:
    text = making.token("notices")
    found = tokens.find_token(text, "notices")
    assert found is not None
    return found.ref


@pytest.fixture
def refs() -> dict[str, list[str]]:
    """References of one of each thing: a held case, decisions in force and proposed, and what hangs on them."""
    reviewer = making.account("first", REVIEWER)
    told = making.decided(making.notice(), reviewer, reach=decide.Reach("letter"))
    open_ = making.decided(making.notice("https://forum.example.org/8"), reviewer)
    severe = making.decided(
        making.notice("https://forum.example.org/9"), reviewer, "DECISION_PROVISION_TOTAL_SUSPENSION"
    )
    lodged = appeal.lodge(access=making.affected_access(open_), decision_ref=open_.ref, reasons="No.")
    return {
        "decision": [severe.ref, told.ref],
        "statement": list(Statement.objects.values_list("ref", flat=True)),
        "measure": list(Measure.objects.values_list("ref", flat=True)),
        "appeal": [lodged.ref],
        "publication": list(Publication.objects.values_list("ref", flat=True)),
        **forwarding(),
        **kept(open_.case.ref, reviewer.user_id),
    }


def kept(case_ref: str, first: int) -> dict[str, list[str]]:
    """The same of what is held, asked for, proposed and alarming; of accounts, references of nobody."""
    senior = making.account("second", SENIOR)
    until = timezone.localdate() + timedelta(days=30)
    begun = hold.begin(
        first=first, actor=senior, case_ref=case_ref, reason="court", until=until, words="A court."
    )
    sent = making.notice("https://forum.example.org/life", life_in_danger=True, files=[file_acts.handle()])
    asked = own_data.ask(access=making.notifier_access(sent), words="Please.")
    proposal = two_people.propose(
        actor=senior, verb="export", why="court", reason="A court.", case_ref=case_ref
    )
    return {
        "hold": [begun.ref],
        "erasure": [asked.ref],
        "evidence": [sent.notice.evidence.get().ref],
        "emergency": list(Emergency.objects.values_list("ref", flat=True)),
        "proposal": [proposal.ref],
        **{kind: ["AAAA2222BBBB"] for kind in ("safety", "staff", "trust", "elsewhere")},
    }


def forwarding() -> dict[str, list[str]]:
    """The same of a delegation, of a notice that went to its host, and of one that came from another service."""
    network.network()
    sent = network.notice()
    network.confirmed(sent, "HOST-1")
    status = network.of("HOST-1")
    return {
        "network": [f"{series:016x}" for series in Delegation.objects.values_list("series", flat=True)],
        "forward": [status.forward.ref],
        "forwarded": [making.forwarded().ref],
        "item": list(sent.notice.items.values_list("ref", flat=True)),
        "letter": [network.unread_letter(status).ref],
        "client": [making.client().ref],
        "token": [_token_ref()],
        "tables": [table_acts.uploaded().ref],
        "message": [received_acts.waiting().ref, _held_message()],
    }


def _held_message() -> str:
    received = receive.receive(door="mail", raw=b"one more")[0]
    receive.settle_held(received=received, reason="flood")
    return received.ref


@pytest.fixture
def somebody(refs: dict[str, list[str]]) -> Client:
    """Somebody with every role that acts, who holds a case and the appeal."""
    actor = making.account("somebody", *ROLES)
    case = making.case_of(making.notice("https://forum.example.org/10"))
    claim.claim(actor=actor, case_ref=case.ref, version=case.version)
    refs["case"] = [case.ref]
    appeal.claim_appeal(actor=actor, appeal_ref=refs["appeal"][0], version=1)
    client = Client()
    user = get_user_model().objects.get(pk=actor.user_id)
    # Hashing a real one takes long; whoever can sign in has one.
    get_user_model().objects.filter(pk=user.pk).update(password="none$that$fits")
    client.force_login(user)
    return client


def test_every_page_of_people_who_work_here_is_tried() -> None:
    assert set(PATHS) == {name for name in ROUTES if name.startswith(("desk", "account"))}


@pytest.mark.parametrize("names", [sorted(PATHS)[first::14] for first in range(14)])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields=FIELDS, pick=st.integers(0, 9), version=st.sampled_from(["1", "2", "3"]))
def test_nothing_that_is_sent_breaks_a_page(
    somebody: Client,
    refs: dict[str, list[str]],
    names: list[str],
    fields: dict[str, Any],
    pick: int,
    version: str,
) -> None:
    """A share of the pages at a time, since making all that they are about takes longer than asking."""
    for name in names:
        client = Client() if name == "account_login" else somebody
        path, kind = PATHS[name], PATHS[name].split("/")[2]
        ref = refs[kind][pick % len(refs[kind])] if SAMPLE in path else ""
        sent = {"version": version} | {key.replace("*", ref): value for key, value in fields.items()}
        # The client raises what no page has answered; each page finds the same rows.
        with transaction.atomic():
            for ask in (client.get, client.post):
                answer = ask(path.replace(SAMPLE, ref), sent)
                assert answer.status_code < 500, (name, answer.status_code, sent)
            transaction.set_rollback(True)
