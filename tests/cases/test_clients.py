"""Clients, their tokens and statuses, and the numbers of what became of their notices."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fairnotice.cases.actions import appeal, clients, confirm, tokens, trusted
from fairnotice.cases.clients import client_named, counts_as_trusted, status_of, usable
from fairnotice.cases.errors import Conflict, Invalid, NotFound, Refused
from fairnotice.cases.models import ApiClient, ApiToken, Decision, Notice, TokenScope, TrustedEnd
from fairnotice.cases.permissions import Actor, Forbidden
from fairnotice.cases.queries import clients as queries
from fairnotice.ledger.models import Event
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"


@pytest.fixture
def admin() -> Actor:
    return making.account("admin", "administrator")


def refused(label: str) -> list[str]:
    with pytest.raises(Invalid) as problem:
        clients.add_client(label=label)
    return [fault.code for fault in problem.value.faults]


def test_a_label_leads_to_nobody_and_is_one_open_clients() -> None:
    for label in (
        "a@b.example",
        "@somebody",
        "call +353 1 234 5678",
        "https://centre.example",
        "centre.example",
    ):
        assert refused(label) == ["identifying"], label
    assert refused("  ") == ["missing"] and refused("n" * 81) == ["too_long"]
    client = clients.add_client(label="A  centre")
    assert client.label == "A centre" and refused("a CENTRE") == ["taken"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiClient.objects.create(label="a centre", created_at=timezone.now())
    clients.close_client(client_ref=client.ref)
    assert clients.add_client(label="A centre") == client_named("a centre")
    assert client_named(client.ref) == client
    with pytest.raises(NotFound):
        client_named("nobody")


@pytest.mark.parametrize("role", ["reviewer", "senior_reviewer", "appeals_reviewer", "publisher", "auditor"])
def test_only_an_administrator_changes_anything(role: str) -> None:
    actor = making.account("other", role)
    making.token("notices")
    token = ApiToken.objects.get()
    ref, draft = token.client.ref, trusted.TrustedDraft()
    acts: list[Any] = [
        lambda: clients.add_client(label="Another", actor=actor),
        lambda: clients.close_client(client_ref=ref, actor=actor),
        lambda: tokens.add_token(client_ref=ref, scopes=["bulk"], actor=actor),
        lambda: tokens.rotate_token(token_ref=token.ref, actor=actor),
        lambda: tokens.revoke_tokens(client_ref=ref, actor=actor),
        lambda: trusted.record_trusted(actor=actor, client_ref=ref, draft=draft),
        lambda: trusted.end_trusted(actor=actor, client_ref=ref, reason="Why."),
    ]
    before = Event.objects.count()
    for act in acts:
        with pytest.raises(Forbidden, match="administrator"):
            act()
    assert Event.objects.count() == before


def test_a_token_is_kept_as_a_mac_and_ends_with_its_last_day() -> None:
    today = timezone.localdate()
    made = tokens.add_token(
        client_ref=making.client().ref, scopes=["bulk", "notices", "bulk"], last_day=today
    )
    row = ApiToken.objects.get()
    assert row.scopes == ["notices", "bulk"] and made.text[-4:] == row.hint
    assert made.text not in repr(made) and made.text not in str(vars(row))
    assert made.text not in str(list(Event.objects.values()))
    assert row.expires_at == timezone.make_aware(
        datetime.combine(today + timedelta(days=1), datetime.min.time())
    )
    assert usable(row.expires_at - timedelta(seconds=1)).exists() and not usable(row.expires_at).exists()
    for day in (today - timedelta(days=1), date.max):
        with pytest.raises(Invalid):
            making.token("bulk", last_day=day)
    for scopes in ([], ["everything"], ["bulk", "desk"]):
        with pytest.raises(Invalid):
            making.token(*scopes)
    with pytest.raises(IntegrityError), transaction.atomic():
        TokenScope.objects.create(token=row, scope="desk")


def test_rotation_never_makes_an_old_token_last_longer() -> None:
    today = timezone.localdate()
    making.token("effects", last_day=today)
    old = ApiToken.objects.get()
    assert old.expires_at is not None
    made = tokens.rotate_token(token_ref=old.ref, grace_days=30)
    before, old = old.expires_at, ApiToken.objects.get(pk=old.pk)
    assert old.expires_at == before and made.token.scopes == ["effects"] and made.token.expires_at is None
    for grace in (-1, tokens.MAX_GRACE_DAYS + 1):
        with pytest.raises(Invalid):
            tokens.rotate_token(token_ref=made.token.ref, grace_days=grace)
    now = tokens.rotate_token(token_ref=made.token.ref, grace_days=0)
    assert tokens.find_token(made.text, "effects") is None and tokens.find_token(now.text, "effects")
    tokens.revoke_tokens(client_ref=making.client().ref, token_ref=now.token.ref)
    with pytest.raises(Refused, match="works no more"):
        tokens.rotate_token(token_ref=now.token.ref)
    with pytest.raises(NotFound):
        tokens.rotate_token(token_ref="AAAAAAAAAAAA")


def test_who_saw_an_older_page_changes_nothing(admin: Actor) -> None:
    making.token("effects")
    client, token = making.client(), ApiToken.objects.get()
    seen = client.version - 1
    before = Event.objects.count()
    draft = trusted.TrustedDraft(
        reference="File 7", country="ie", awarded_on=timezone.localdate(), expires_on=timezone.localdate()
    )
    for act in (
        lambda: clients.close_client(client_ref=client.ref, version=seen),
        lambda: tokens.add_token(client_ref=client.ref, scopes=["bulk"], version=seen),
        lambda: tokens.rotate_token(token_ref=token.ref, version=seen),
        lambda: tokens.revoke_tokens(client_ref=client.ref, version=seen),
        lambda: trusted.record_trusted(actor=admin, client_ref=client.ref, draft=draft, version=seen),
        lambda: trusted.end_trusted(actor=admin, client_ref=client.ref, reason="Why.", version=seen),
    ):
        with pytest.raises(Conflict):
            act()
    assert Event.objects.count() == before and ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reference": " "}, "reference missing"),
        ({"reference": "n" * 501}, "reference too_long"),
        ({"reference": "ask somebody@centre.example"}, "reference identifying"),
        ({"reference": "javascript:alert(1)//example"}, "reference identifying"),
        ({"reference": "https://name:word@register.example/"}, "reference identifying"),
        ({"reference": "ftp://register.example/7"}, "reference identifying"),
        ({"country": "Ireland"}, "country form"),
        ({"awarded_on": None}, "awarded_on missing"),
        ({"awarded_on": timedelta(days=1)}, "awarded_on future"),
        ({"review_on": None}, "expires_on missing"),
        ({"expires_on": timedelta(days=-1)}, "expires_on past"),
        ({"review_on": timedelta()}, "review_on past"),
        ({"review_on": timedelta(days=800)}, "review_on far"),
        ({"areas": ["STATEMENT_CATEGORY_NONE"]}, "areas choice"),
    ],
)
def test_a_status_without_place_or_end_is_not_recorded(admin: Actor, changes: Any, fault: str) -> None:
    today = timezone.localdate()
    days: dict[str, Any] = {
        name: today + value if isinstance(value, timedelta) else value for name, value in changes.items()
    }
    with pytest.raises(Invalid) as problem:
        making.trusted_flagger(admin, **days)
    assert [f"{found.path} {found.code}" for found in problem.value.faults] == [fault]
    assert not TrustedEnd.objects.exists()


def test_a_status_counts_for_its_days_its_areas_and_an_open_client(admin: Actor) -> None:
    client, today = making.client(), timezone.localdate()
    assert not counts_as_trusted(client, FRAUD) and not counts_as_trusted(None, FRAUD)
    making.trusted_flagger(admin, expires_on=today + timedelta(days=9), areas=[FRAUD])
    client.refresh_from_db()
    assert counts_as_trusted(client, FRAUD)
    assert not counts_as_trusted(client, "STATEMENT_CATEGORY_VIOLENCE")
    assert status_of(client, today + timedelta(days=9)) and not status_of(client, today + timedelta(days=10))
    making.trusted_flagger(admin, reference="File 7 of the coordinator, decision 2026/12")
    assert counts_as_trusted(client, "STATEMENT_CATEGORY_VIOLENCE"), "the newer record counts"
    assert [end.kind for end in TrustedEnd.objects.all()] == ["anew"]
    clients.close_client(client_ref=client.ref)
    client.refresh_from_db()
    assert not counts_as_trusted(client, FRAUD)
    assert {end.kind for end in TrustedEnd.objects.all()} == {"anew", "closed"}
    with pytest.raises(Refused):
        trusted.end_trusted(actor=admin, client_ref=client.ref, reason="Why.")


def test_a_decision_names_a_trusted_flagger_only_where_one_sent_a_notice(admin: Actor) -> None:
    reviewer = making.account("r", "reviewer")
    source: dict[str, Any] = {"source_type": "SOURCE_TRUSTED_FLAGGER"}
    with pytest.raises(Invalid) as problem:
        making.decided(making.notice(), reviewer, **source)
    assert [(f.path, f.code) for f in problem.value.faults] == [("source_type", "trusted")]
    making.trusted_flagger(admin)
    sent = making.sent_by(making.client(), "https://forum.example.org/post/8")
    assert making.decided(sent, reviewer, **source).source_type == "SOURCE_TRUSTED_FLAGGER"


class Sender:
    """A client whose notices are decided, each two hours after it came."""

    def __init__(self) -> None:
        self.client = making.client()
        self.reviewer, self.other = making.account("r", "reviewer"), making.account("o", "appeals_reviewer")
        self.senior = making.account("s", "senior_reviewer")
        self.number = 0

    def send(self, hours: float = 2, **values: Any) -> making.Submitted:
        """A notice that came in `hours` ago."""
        self.number += 1
        sent = making.sent_by(self.client, f"https://forum.example.org/post/{self.number}", **values)
        moment = timezone.now() - timedelta(hours=hours)
        Notice.objects.filter(pk=sent.notice.pk).update(received_at=moment)
        return sent

    def decided(self, *kinds: str, hours: float = 2) -> Decision:
        return making.decided(self.send(hours), self.reviewer, *kinds)

    def reverse(self, decision: Decision) -> None:
        access = making.affected_access(decision)
        lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
        appeal.claim_appeal(actor=self.other, appeal_ref=lodged.ref, version=1)
        changes = [appeal.ChangeDraft(one.ref, "reverse") for one in decision.measures.all()]
        appeal.decide_appeal(
            actor=self.other,
            appeal_ref=lodged.ref,
            version=2,
            outcome="reversed",
            reasons="So.",
            changes=changes,
        )

    def total(self) -> queries.Tally:
        return queries.tallies(self.client)[1]


def test_the_numbers_are_those_of_what_was_decided() -> None:
    sender = Sender()
    sender.send(items=[making.ItemDraft("one place"), making.ItemDraft("another place")])
    sender.decided(hours=1)
    sender.decided(hours=5)
    sender.decided("NO_ACTION", hours=9)
    sender.reverse(sender.decided(hours=9))
    proposed = sender.decided(BAN)
    making.notice("https://forum.example.org/post/2")  # nobody's notice about the same item
    total = sender.total()
    assert (total.notices, total.items, total.decided) == (6, 7, 4)
    assert (total.upheld, total.reversed, total.share) == (2, 1, None)
    assert total.median_hours == pytest.approx(7, abs=0.2)
    confirm.confirm(actor=sender.senior, decision_ref=proposed.ref)
    total = sender.total()
    assert (total.decided, total.upheld) == (5, 3)
    assert total.median_hours == pytest.approx(5, abs=0.2)


def test_a_severe_decision_that_nobody_confirmed_decided_nothing() -> None:
    sender = Sender()
    confirm.lapse(decision_ref=sender.decided(BAN).ref)
    assert (sender.total().decided, sender.total().upheld) == (0, 0)


def test_what_was_decided_before_a_notice_is_not_counted_for_it() -> None:
    sender = Sender()
    place = "https://forum.example.org/post/1"
    making.decided(making.notice(place), sender.reviewer)
    late = making.sent_by(sender.client, place)
    assert making.case_of(late).previous is not None
    assert (sender.total().items, sender.total().decided) == (1, 0)


def test_a_percentage_needs_ten_decided_items() -> None:
    assert queries.Tally(None, upheld=6, hours=[1.0] * 9).share is None
    assert queries.Tally(None, upheld=7, hours=[1.0] * 10).share == 70


def test_months_go_back_a_year_and_older_notices_are_left_out() -> None:
    sender = Sender()
    assert queries.first_month(date(2026, 11, 26)) == date(2025, 12, 1)
    assert queries.first_month(date(2026, 12, 1)) == date(2026, 1, 1)
    for hours in (2, 24 * 62, 24 * 700):
        sender.send(hours)
    months, total = queries.tallies(sender.client)
    assert total.notices == 2 and [tally.notices for tally in months] == [1, 1]
    assert months[0].month is not None and months[1].month is not None
    assert months[0].month > months[1].month
    [row] = queries.listed()
    assert (row.notices, row.tokens, row.used_on) == (2, 0, None)
