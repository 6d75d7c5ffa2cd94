"""What should be mended in our own network: contacts, ends, overlaps. For our own organisation alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from fairnotice.answerable.actions.holdings import held
from fairnotice.answerable.csv_out import csv_text
from fairnotice.answerable.findings import KINDS, MEND
from fairnotice.answerable.invariants import can_hold
from fairnotice.answerable.lookup import said
from fairnotice.answerable.models import Contact, Delegation, Organisation
from fairnotice.answerable.queries.delegations import Shown, shown
from fairnotice.answerable.queries.organisations import ShownContact, contacts
from fairnotice.answerable.queries.own import Network, Pair, network

SOON = timedelta(days=30)
LONG_AGO = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: `code` is one of `findings.KINDS`. `subject` names the resource or contact, `about` who or
    what else is concerned. `ref` names the delegation to mend; without it, it is mended at our own
    organisation's page."""

    code: str
    subject: str
    about: str = ""
    since: date | None = None
    until: date | None = None
    ref: str = ""
    other_ref: str = ""
    organisation: int | None = None

    @property
    def weight(self) -> str:
        return KINDS[self.code].weight


@dataclass(frozen=True, slots=True)
class Report:
    """`groups` has every kind of finding in order, those without findings too."""

    network: Network
    groups: list[tuple[str, list[Finding]]]

    @property
    def findings(self) -> list[Finding]:
        return [finding for _code, found in self.groups for finding in found]

    @property
    def to_mend(self) -> int:
        return sum(finding.weight == MEND for finding in self.findings)

    @property
    def to_look_at(self) -> int:
        return len(self.findings) - self.to_mend


def check(at: date) -> Report | None:
    """The report for a day; None where the settings name no listed organisation."""
    ours = network(at)
    if ours is None:
        return None
    found = [
        *_contacts(ours),
        *_parents(ours),
        *_pairs("overlap", ours.overlaps),
        *_pairs("crossing", ours.crossing),
        *_ends(ours),
    ]
    return Report(ours, [(code, [one for one in found if one.code == code]) for code in KINDS])


def as_csv(report: Report | None) -> str:
    """Every finding in a line; the header alone where there is none."""
    header = ["finding", "weight", "subject", "about", "from", "until", "delegation", "other_delegation"]
    rows = [
        [one.code, one.weight, one.subject, one.about, one.since, one.until, one.ref, one.other_ref]
        for one in (report.findings if report else ())
    ]
    return csv_text(header, rows)


def _contacts(ours: Network) -> Iterator[Finding]:
    own = ours.organisation.pk
    for one in ours.silent_held:
        yield replace(_about(one, "no-contact"), organisation=own)
    for contact in contacts(ours.organisation):
        address, words = contact.contact.address, _contact_words(contact)
        if contact.works is False:
            yield Finding("bad-mailbox", address, words, organisation=own)
        elif contact.works is None and contact.contact.role == Contact.Role.ABUSE:
            yield Finding("not-verified", address, words, organisation=own)
    for one in ours.silent_holders:
        yield replace(_about(one, "holder-silent", one.holder), organisation=one.row.to_org_id)


def _contact_words(shown_contact: ShownContact) -> str:
    role = str(shown_contact.contact.get_role_display())
    if not shown_contact.resource:
        return role
    return _("%(role)s for %(resource)s") % {"role": role, "resource": shown_contact.resource}


def _parents(ours: Network) -> Iterator[Finding]:
    above = {row.series: held(row) for row in Delegation.objects.filter(said(None), to_org=ours.organisation)}
    for one in ours.passed_on:
        child = held(one.row)
        if not child.needs_parent:
            continue
        parent = above.get(child.parent) if child.parent is not None else None
        if parent is None:
            yield _about(one, "not-held", one.holder)
        elif not can_hold(parent, child):
            yield _about(one, "outside", one.holder)


def _pairs(code: str, pairs: Iterable[Pair]) -> Iterator[Finding]:
    for pair in pairs:
        if not pair.agreed:
            one, other = pair.one, pair.other
            also = _("%(resource)s, %(holder)s") % {"resource": other.resource, "holder": other.holder}
            yield Finding(
                code,
                one.resource,
                also,
                max(one.row.valid_from, other.row.valid_from),
                min((row.valid_until for row in (one.row, other.row) if row.valid_until), default=None),
                one.ref,
                other.ref,
            )


def _ends(ours: Network) -> Iterator[Finding]:
    for one in _ran_out(ours.organisation, ours.at):
        yield _about(one, "ran-out", one.holder)
    for one in (*ours.held, *ours.passed_on):
        if one.row.valid_until and one.row.valid_until <= ours.at + SOON and not _goes_on(one.row):
            yield _about(one, "ends-soon", one.holder)


def _ran_out(own: Organisation, at: date) -> list[Shown]:
    rows = (
        Delegation.objects.filter(said(None), Q(to_org=own) | Q(from_org=own))
        .filter(valid_until__gt=at - LONG_AGO, valid_until__lte=at)
        .select_related("from_org", "to_org", "resource")
        .order_by("low", "high", "valid_from", "pk")
    )
    changed = set(
        Delegation.objects.filter(series__in=[row.series for row in rows])
        .values("series")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
        .values_list("series", flat=True)
    )
    return shown(row for row in rows if not _ended_by_hand(row, changed) and not _goes_on(row))


def _ended_by_hand(row: Delegation, changed: set[int]) -> bool:
    # Whoever says anew how long it lasted when the end has come knows of the end.
    last_day = row.valid_until - timedelta(days=1) if row.valid_until else None
    return row.series in changed and last_day is not None and row.recorded_from.date() >= last_day


def _goes_on(row: Delegation) -> bool:
    """Whether the same holder has it by another delegation from then on."""
    return (
        Delegation.objects.filter(said(None), to_org=row.to_org, low__lte=row.low, high__gte=row.high)
        .filter(Q(valid_until=None) | Q(valid_until__gt=row.valid_until), valid_from__lte=row.valid_until)
        .exclude(series=row.series)
        .exists()
    )


def _about(one: Shown, code: str, about: str = "") -> Finding:
    return Finding(code, one.resource, about, one.row.valid_from, one.row.valid_until, one.ref)
