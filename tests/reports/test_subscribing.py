"""Who wants the monthly figures by mail: nobody is written to unasked, nobody can tell who is subscribed, and who
leaves is gone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases import periods, subscribing
from fairnotice.cases.models import PeriodReport, SealedValue, Subscriber
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.append import append
from fairnotice.ledger.models import OutboxRow
from fairnotice.plumbing import floods, limits
from fairnotice.vault import keys

pytestmark = pytest.mark.usefixtures("fn_db")
READER = "reader@example.org"


class Letters:
    """A way out that keeps what it takes; with `refuses`, one that says no for good."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses = refuses

    def send(self, letter: EmailMessage) -> None:
        if self.refuses:
            raise SendFailed("refused", final=True)
        self.taken.append(letter)


@pytest.fixture(autouse=True)
def fresh() -> None:
    limits._full_again.clear()
    floods.forget()


def ask(client: Client, address: str = READER) -> bytes:
    answer = client.post("/reports/subscribe/", {"email": address})
    assert answer.status_code == 200
    return answer.content


def link_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://127\.0\.0\.1:8000(/reports/subscription/\S+)", body.get_content())
    assert found is not None
    return found[1]


def confirmed(client: Client, address: str = READER) -> str:
    """The link of somebody who said yes."""
    ask(client, address)
    subscribing.tick(now=timezone.now())
    port = Letters()
    run_due(port=port)
    link = link_in(port.taken[-1])
    assert client.post(link, {"act": "confirm"}).status_code == 200
    return link


def published(now: datetime | None = None) -> PeriodReport:
    """The report of a month, as the clock would have published it."""
    at = now or timezone.now() + timedelta(days=40)
    event = append(kind="report.monthly", open={"month": periods.last_month(at)})
    figures = [{"subject": "notices", "period": "2026-Q3", "total": None}]
    return PeriodReport.objects.create(
        kind="monthly", period=periods.last_month(at), made_at=at, figures=figures, event=event
    )


def test_the_whole_way_from_the_page_to_the_last_letter(client: Client) -> None:
    assert client.get("/reports/subscribe/").status_code == 200
    link = confirmed(client)
    row = Subscriber.objects.get()
    assert row.state == "confirmed" and READER.encode() not in bytes(row.mac)
    assert READER not in str(Subscriber.objects.values()[0])
    later = timezone.now() + timedelta(days=40)
    month = published(later).period
    assert subscribing.tick(now=later) == 1 and subscribing.tick(now=later) == 0
    port = Letters()
    assert run_due(port=port) == 1
    [letter] = port.taken
    assert letter["To"] == READER and letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"] == f"<http://127.0.0.1:8000{link}>"
    assert letter["Fair-Notice-Reference"] is None and month in str(letter["Subject"])
    body = letter.get_body(("plain",))
    assert body is not None
    assert (
        "Notices received, 2026-Q3: too small to publish" in body.get_content() and link in body.get_content()
    )
    # What a mail program sends by itself (RFC 8058), without a cookie or a page of ours.
    stranger = Client(enforce_csrf_checks=True)
    gone = stranger.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert gone.status_code == 200
    assert not Subscriber.objects.exists() and not SealedValue.objects.filter(owner="subscriber").exists()
    assert keys.is_destroyed(row.key_id)
    assert client.get(link).status_code == 404 == client.post(link, {"act": "confirm"}).status_code


def test_looking_at_a_link_changes_nothing(client: Client) -> None:
    ask(client)
    subscribing.tick(now=timezone.now())
    port = Letters()
    run_due(port=port)
    link = link_in(port.taken[0])
    assert client.get(link).status_code == 200 == client.head(link).status_code
    assert Subscriber.objects.get().state == "asked"
    subscribing.send_monthly(now=timezone.now())
    published()
    assert subscribing.tick(now=timezone.now()) == 0, "who has not said yes gets nothing"


def test_no_answer_tells_who_is_subscribed(client: Client) -> None:
    first = ask(client)
    subscribing.tick(now=timezone.now())
    assert ask(client) == first == ask(client, "another@example.net")
    confirmed(client, "third@example.org")
    assert ask(client, "third@example.org") == first
    subscribing.tick(now=timezone.now())
    assert Subscriber.objects.filter(state="confirmed").count() == 1


def test_one_question_a_day_for_an_address_and_so_many_an_hour_for_all(
    client: Client, settings: Settings
) -> None:
    now = timezone.now()
    for _ in range(5):
        subscribing.remember(address=READER.upper(), now=now)
        subscribing.remember(address=f" {READER}", now=now)
    assert subscribing.tick(now=now) == 1
    assert subscribing.tick(now=now + timedelta(hours=23)) == 0
    subscribing.remember(address=READER, now=now + timedelta(hours=25))
    assert subscribing.tick(now=now + timedelta(hours=25)) == 1, "who lost the letter can ask again"
    settings.FN_SUBSCRIPTIONS_PER_HOUR = 3
    later = now + timedelta(days=10)
    for number in range(8):
        subscribing.remember(address=f"r{number}@example.org", now=later)
    assert [subscribing.tick(now=later), subscribing.tick(now=later)] == [3, 0]
    assert subscribing.tick(now=later + timedelta(minutes=61)) == 3


def test_without_an_answer_the_address_is_gone_after_two_days(client: Client) -> None:
    now = timezone.now()
    subscribing.remember(address=READER, now=now)
    subscribing.tick(now=now)
    key_id = Subscriber.objects.get().key_id
    assert subscribing.forget(now=now + timedelta(hours=47)) == 0
    assert subscribing.forget(now=now + timedelta(hours=49)) == 1
    assert keys.is_destroyed(key_id) and not Subscriber.objects.exists()
    # The question itself is not sent any more, either.
    assert run_due(port=Letters()) == 0 and not OutboxRow.objects.filter(done_at=None).exists()


def test_an_address_that_refuses_for_good_is_erased_and_nobody_at_the_desk_is_asked(client: Client) -> None:
    confirmed(client)
    now = timezone.now()
    for turn in range(3):
        at = now + timedelta(days=40 + 31 * turn)
        published(at)
        assert subscribing.send_monthly(now=at) == 1
        assert run_due(port=Letters(refuses=True)) == 0
        assert Subscriber.objects.count() == (turn < 2)
        assert not OutboxRow.objects.filter(dead=True).exists()
    ask(client, "second@example.org")
    subscribing.tick(now=timezone.now())
    run_due(port=Letters(refuses=True))
    assert not Subscriber.objects.exists()


def test_a_report_that_arrives_wipes_refusals_before_it(client: Client) -> None:
    confirmed(client)
    Subscriber.objects.update(refusals=2)
    later = timezone.now() + timedelta(days=40)
    published(later)
    subscribing.send_monthly(now=later)
    assert run_due(port=Letters()) == 1
    assert Subscriber.objects.get().refusals == 0


def test_bad_addresses_floods_and_a_site_without_letters(client: Client, settings: Settings) -> None:
    for wrong in (
        "",
        "nobody",
        "a\x00@example.org",
        "x" * 300 + "@example.org",
        "a@example.org\nBcc: b@c.de",
    ):
        answer = client.post("/reports/subscribe/", {"email": wrong})
        assert answer.status_code == 422, wrong
        limits._full_again.clear()
    assert not Subscriber.objects.exists()
    seen = [client.post("/reports/subscribe/", {"email": READER}).status_code for _ in range(9)]
    assert seen.count(200) == 6 and seen[-1] == 429
    settings.FN_SUBSCRIPTIONS_PER_HOUR = 0
    assert "feed.atom" in client.get("/reports/subscribe/").content.decode()
    assert client.post("/reports/subscribe/", {"email": READER}).status_code == 404


def test_a_row_whose_key_is_gone_is_nobody(client: Client) -> None:
    """As after a crash, or where an older copy of the database was put back."""
    link = confirmed(client)
    keys.destroy(Subscriber.objects.get().key_id)
    assert client.get(link).status_code == 404
    later = timezone.now() + timedelta(days=40)
    published(later)
    subscribing.send_monthly(now=later)
    assert not Subscriber.objects.exists()
