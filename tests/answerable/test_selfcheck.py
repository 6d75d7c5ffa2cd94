"""The operator's own network and its self-check. Rows are planted past the rules: imports of earlier versions left such
rows, and the check is there to find them."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.utils import timezone

from fairnotice.answerable.actions import delegate
from fairnotice.answerable.csv_out import csv_text, inert
from fairnotice.answerable.findings import KINDS
from fairnotice.answerable.queries import own, selfcheck
from tests.answerable.register import contact, hold, plant, planted_organisation

pytestmark = pytest.mark.usefixtures("fn_db")
DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def ours(settings) -> None:
    settings.FN_OWN_ORGANISATION = "OWN-1"
    planted_organisation("OWN-1")


def found(code: str, day: date = DAY) -> list[tuple[str, str]]:
    report = selfcheck.check(day)
    assert report is not None
    assert [name for name, _ in report.groups] == list(KINDS)
    return [(one.subject, one.about) for one in dict(report.groups)[code]]


def test_sizes_count_every_address_once() -> None:
    plant("198.51.100.0/24", "OWN-1")
    plant("198.51.100.128/25", "OWN-1", since="2021-01-01")
    plant("2001:db8::/47", "OWN-1")
    plant("AS64496-AS64499", "OWN-1")
    plant("example.org", "OWN-1", kind="registrar")
    plant("198.51.100.0/26", "A", giver="OWN-1", kind="lease")
    plant("198.51.100.32/27", "B", giver="OWN-1", kind="lease")
    # Passed on without being held: no part of what we hold.
    plant("192.0.2.0/24", "A", giver="OWN-1", kind="lease")
    network = own.network(DAY)
    assert network is not None
    assert [(space.kind, space.held, space.passed_on, space.kept) for space in network.spaces] == [
        ("ipv4", 256, 64, 192),
        ("ipv6", 2**81, 0, 2**81),
        ("as", 4, 0, 4),
        ("domain", 1, 0, None),
    ]
    assert len(network.held) == 5 and len(network.passed_on) == 3
    before = own.network(date(2019, 12, 31))
    assert before is not None and not (before.held or before.passed_on or before.spaces)


def test_contacts() -> None:
    plant("198.51.100.0/24", "OWN-1")
    plant("2001:db8::/32", "OWN-1")
    assert found("no-contact") == [("198.51.100.0/24", ""), ("2001:db8::/32", "")]
    contact("OWN-1", "net@own.example", own="2001:db8::/32")
    assert found("no-contact") == [("198.51.100.0/24", "")]
    contact("OWN-1", "bad@own.example", bad=True)
    contact("OWN-1", "law@own.example", role="legal")
    assert found("no-contact") == [("198.51.100.0/24", "")]
    assert found("bad-mailbox") == [("bad@own.example", "abuse desk")]
    assert found("not-verified") == [("net@own.example", "abuse desk for 2001:db8::/32")]
    plant("198.51.100.0/25", "A", giver="OWN-1", kind="lease")
    assert found("holder-silent") == [("198.51.100.0/25", "A Ltd")]
    contact("A", "abuse@a.example", own="198.51.100.0/25")
    assert found("holder-silent") == []


def test_overlaps_and_ranges_that_cross() -> None:
    plant("198.51.100.0/24", "OWN-1")
    plant("198.51.100.0/25", "A", giver="OWN-1", kind="lease")
    plant("198.51.100.64/26", "B", giver="OWN-1", kind="lease")
    # Not at the same time, and no lease.
    plant("198.51.100.0/25", "C", giver="OWN-1", kind="lease", until="2021-01-01")
    plant("198.51.100.0/24", "D", giver="OWN-1", kind="hosting")
    assert found("overlap") == [("198.51.100.0/25", "198.51.100.64/26, B Ltd")]
    assert found("crossing") == []
    plant("198.51.100.128-198.51.101.127", "OWN-1", giver="RIR-1")
    assert found("crossing") == [("198.51.100.0/24", "198.51.100.128-198.51.101.127, OWN-1 Ltd")]


def test_what_goes_further_than_what_is_held() -> None:
    held = plant("198.51.100.0/24", "OWN-1", until="2026-06-01")
    plant("198.51.100.0/25", "A", giver="OWN-1", kind="lease", parent=held)
    plant("203.0.113.0/24", "B", giver="OWN-1", kind="lease")
    plant("198.51.100.128/25", "C", giver="OWN-1", kind="lease", until="2026-06-01")
    assert found("outside") == [("198.51.100.0/25", "A Ltd")]
    assert found("not-held") == [("203.0.113.0/24", "B Ltd")]


def test_ends() -> None:
    plant("198.51.100.0/24", "OWN-1")
    plant("198.51.100.0/27", "GONE", giver="OWN-1", kind="lease", until="2026-03-01")
    plant("198.51.100.32/27", "OLD", giver="OWN-1", kind="lease", until="2025-02-28")
    plant("198.51.100.64/27", "RENEWED", giver="OWN-1", kind="lease", until="2026-02-01")
    plant("198.51.100.64/27", "RENEWED", giver="OWN-1", kind="lease", since="2026-02-01", until="2027-01-01")
    plant("198.51.100.96/27", "SOON", giver="OWN-1", kind="lease", until="2026-03-31")
    plant("198.51.100.128/27", "LATER", giver="OWN-1", kind="lease", until="2026-04-01")
    assert found("ran-out") == [("198.51.100.0/27", "GONE Ltd")]
    assert found("ends-soon") == [("198.51.100.96/27", "SOON Ltd")]


def test_what_was_given_back_did_not_run_out() -> None:
    today = timezone.now().date()
    hold("198.51.100.0/24", "OWN-1")
    lease = hold("198.51.100.0/25", "A", giver="OWN-1", kind="lease")
    ending = today + timedelta(days=1)
    delegate.give_back(actor_id=None, series=lease.series, version=lease.pk, on=ending)
    assert found("ran-out", ending) == []
    assert found("ends-soon", today) == [("198.51.100.0/25", "A Ltd")]


def test_a_network_without_fault_has_none() -> None:
    plant("198.51.100.0/24", "OWN-1")
    from fairnotice.answerable.actions.contacts import mark_contact

    made = contact("OWN-1", "abuse@own.example")
    mark_contact(actor_id=None, contact_id=made.pk, works=True)
    report = selfcheck.check(DAY)
    assert report is not None and report.findings == [] and report.to_mend == report.to_look_at == 0


@pytest.mark.parametrize("handle", ["", "NOT-LISTED"])
def test_without_an_organisation_of_ours_there_is_nothing(settings, handle) -> None:
    settings.FN_OWN_ORGANISATION = handle
    plant("198.51.100.0/24", "OWN-1")
    assert own.network(DAY) is None and selfcheck.check(DAY) is None
    assert selfcheck.as_csv(None).count("\n") == 1


def test_cells_run_nothing() -> None:
    for text in ("=CMD()", "+1", "-1", "@x", "\tx", "\rx", "\n=x"):
        assert inert(text) == "'" + text
    assert inert(None) == "" and inert(date(2026, 1, 2)) == "2026-01-02"
    text = csv_text(["a", "b"], [["=1,2", 'say "x"'], [None, 5]])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["'=1,2", 'say "x"'], ["", "5"]]
