"""The page that checks a proof, when a year is over and keys have changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import keys, logs, sequencer
from fairnotice.ledger.append import append
from fairnotice.ledger.evidence import build
from fairnotice.ledger.models import Event
from fairnotice.ledger.rotation import rotate
from tests.browser.checker import Checker
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]


def event(text: str) -> Event:
    with transaction.atomic():
        return append(kind="notice.submitted", open={"category": text})


def test_a_file_of_two_years_is_checked_against_both_logs(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = event("in the old year")
    sequencer.run_once()
    year = logs.current().year
    kept = build("statement", [(old, None, {})], promise=True)
    next_year = datetime(year + 1, 1, 1, 0, 5, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: next_year)
    sequencer.run_once()
    new = event("in the new year")
    sequencer.run_once()
    assert [log.year for log in logs.everyone()] == [year, year + 1]
    both = build("statement", [(old, None, {}), (new, None, {})], promise=True)
    monkeypatch.undo()
    checker = Checker(visit)
    for document in (kept, both):
        checker.choose(document)
        assert checker.verdict() == "Verified"
        checker.page.get_by_role("button", name="Check another file").click()
    asked = {request.url.rsplit("/log/", 1)[1] for request in checker.requests}
    assert {f"{year}/checkpoint", f"{year + 1}/checkpoint"} <= asked
    text = checker.choose(both)
    assert "in the old year" in text and "in the new year" in text
    assert f"/log/{year}." in text and f"/log/{year + 1}." in text
    checker.leave()


def test_a_file_from_before_a_change_of_keys_stays_good(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = event("before")
    sequencer.run_once()
    kept, first = build("receipt", [(written, None, {})], promise=True), keys.vkey()
    second = rotate(overlap=timedelta(days=1)).vkey
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    event("after")
    sequencer.run_once()
    fresh = build("receipt", [(written, None, {})], promise=True)
    assert (kept["logs"][0]["vkey"], fresh["logs"][0]["vkey"]) == (first, second)
    checker = Checker(visit)
    for document, signer in ((kept, first), (fresh, second)):
        checker.choose(document)
        assert checker.verdict() == "Verified"
        checker.page.get_by_text("Where it stands").click()
        assert signer in checker.page.locator("#check-result").inner_text()
        checker.page.get_by_role("button", name="Check another file").click()
    checker.leave()
