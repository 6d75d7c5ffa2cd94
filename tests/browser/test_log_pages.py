"""The pages of the log, with a closed year, keys in every state and nothing yet, seen in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from fairnotice.ledger import rotation, sequencer
from fairnotice.ledger.append import append
from fairnotice.ledger.models import LogKey
from tests.browser.visit import Visit, no_fault

YEAR = datetime.now(UTC).year


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def entry(number: int) -> None:
    with transaction.atomic():
        append(kind="tally.made", open={"number": number})
    sequencer.run_once()


@pytest.fixture
def years(fn_db: None, clock: Callable[[datetime], None]) -> None:
    """A year in which a key was replaced and one stolen, and the next with two keys that sign side by side."""
    clock(datetime(YEAR, 3, 1, 9, 30, tzinfo=UTC))
    entry(1)
    rotation.rotate(overlap=timedelta(days=30))
    clock(datetime(YEAR, 6, 1, 9, 30, tzinfo=UTC))
    entry(2)
    rotation.rotate(reason="stolen")
    rotation.rotate(purpose=LogKey.PROMISE, reason="lost")
    clock(datetime(YEAR + 1, 1, 1, 0, 10, tzinfo=UTC))
    entry(3)
    rotation.rotate(overlap=timedelta(days=30))


@pytest.mark.usefixtures("years")
def test_the_pages_of_two_years(visit: Visit) -> None:
    page = visit.page("/log/")
    assert page.locator("section.card h3").all_inner_texts() == [
        f"The log of {YEAR + 1} open",
        f"The log of {YEAR} closed",
    ]
    no_fault(page, "log-overview")
    page.get_by_role("link", name=f"The log of {YEAR}", exact=True).click()
    badges = page.locator("ul[aria-labelledby] .badge").all_inner_texts()
    assert badges == ["ended", "stolen", "replaced", "ended", "lost"]
    no_fault(page, "log-closed")
    page.get_by_role("link", name=f"The log of {YEAR + 1}", exact=True).click()
    assert page.locator("ul[aria-labelledby] .badge").all_inner_texts() == ["signs", "still signs", "signs"]
    no_fault(page, "log-open")
    page.get_by_role("link", name="What we keep, and for how long").click()
    assert page.get_by_role("heading", level=1).inner_text() == "What we keep, and for how long"
    no_fault(page, "log-retention")
    assert visit.complaints == [] and visit.outside == []


@pytest.mark.usefixtures("fn_db")
def test_before_the_first_notice(visit: Visit) -> None:
    page = visit.page("/log/")
    assert "Nothing has been entered yet" in page.inner_text("main")
    no_fault(page, "log-empty")
    assert visit.complaints == []
