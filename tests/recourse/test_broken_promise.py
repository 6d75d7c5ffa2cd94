"""Whoever holds a promise that was not kept is told so, with the file that shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from fairnotice.cases.models import Statement
from fairnotice.ledger import logs, sequencer
from fairnotice.ledger.overdue import broken_since
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
SAID = "We did not keep our promise"


@pytest.fixture
def hasty(settings: Settings) -> None:
    """Promises that are over at once: their times are whole seconds, rounded down."""
    settings.FN_PROMISE_DELAY = 0


def test_nothing_is_said_while_there_is_time_or_once_it_is_in_the_log(enter):
    sent = making.notice()
    client = enter(sent.code)
    assert SAID not in client.get("/status/view/").content.decode()
    later = timezone.now() + timedelta(days=2)
    assert broken_since(sent.notice.event, later) is not None
    sequencer.run_once()
    assert broken_since(sent.notice.event, later) is None
    assert SAID not in client.get("/status/view/").content.decode()


def test_the_notifier_is_told_and_gets_the_receipt(enter, hasty):
    sent = making.notice()
    client = enter(sent.code)
    page = client.get("/status/view/").content.decode()
    assert SAID in page and "evidence against us" in page
    assert 'href="/log/check"' in page and 'href="/status/receipt/" download' in page
    assert "no-store" in client.get("/status/view/")["Cache-Control"]
    receipt = client.get("/status/receipt/").json()
    assert receipt["records"][0]["promise"] and receipt["records"][0]["proof"] is None


def test_an_entry_that_was_signed_but_never_published_is_missing(enter, hasty):
    sent = making.notice()
    client = enter(sent.code)
    sequencer.run_once()
    assert SAID not in client.get("/status/view/").content.decode()
    (logs.current().folder() / "checkpoint").unlink()
    assert SAID in client.get("/status/view/").content.decode()


def test_a_statement_whose_promise_was_broken_says_so(affected, hasty):
    decision = making.decided(making.notice(), making.account("r", "reviewer"))
    client = affected(decision)
    statement = Statement.objects.get(audience="affected")
    page = client.get(f"/status/statement/{statement.ref}/").content.decode()
    assert SAID in page
    assert f'href="/status/receipt/?statement={statement.ref}" download' in page
    sequencer.run_once()
    assert SAID not in client.get(f"/status/statement/{statement.ref}/").content.decode()
