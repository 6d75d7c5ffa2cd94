"""Who holds what: pass a resource on, give it back, correct what was recorded, take back what was recorded in
error.

Nothing is overwritten. A row is closed, and what is said from now on is a new row of the same series, so
that what was known on an earlier day can still be shown.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from fairnotice.answerable.actions import holdings
from fairnotice.answerable.actions.recording import close, moment, new_series, queue, tell
from fairnotice.answerable.errors import Changed, Fault, Unfit, Unknown
from fairnotice.answerable.invariants import NOT_FOR
from fairnotice.answerable.models import Change, Delegation, Organisation
from fairnotice.answerable.resources import Target
from fairnotice.answerable.rows import resource_row, target_of
from fairnotice.answerable.spans import span_of
from fairnotice.ledger import append as ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What can be corrected about a delegation. Who holds which resource from whom is its identity: where
    that is wrong, the delegation is retracted and another one recorded."""

    valid_from: date
    valid_until: date | None = None
    visibility: str = "private"
    shared: bool = False
    answer_hours: int | None = None
    source: str = "desk"


@transaction.atomic
def delegate(
    *, actor_id: int | None, resource: Target, holder: str, giver: str = "", kind: str, terms: Terms
) -> Delegation:
    """Record that `holder` has `resource` from `giver` (handles; an empty giver is a registry, or nobody
    recorded).

    The parent is found: the narrowest delegation by which the giver holds the resource all that time.
    Raises Unfit.
    """
    queue()
    faults = terms_faults(terms)
    if kind not in Delegation.Kind.values:
        faults.append(Fault("kind", "unknown", _("There is no such kind of delegation.")))
    elif kind in NOT_FOR[resource.kind]:
        words = _("This kind of delegation does not go with this kind of resource.")
        faults.append(Fault("kind", "resource", words))
    to_org = Organisation.objects.filter(handle=holder).first()
    if to_org is None:
        faults.append(Fault("holder", "unknown", _("This organisation is not listed.")))
    from_org = Organisation.objects.filter(handle=giver).first() if giver else None
    if giver and from_org is None:
        faults.append(Fault("from_handle", "unknown", _("This organisation is not listed.")))
    if faults or to_org is None:
        raise Unfit(faults)
    span = span_of(resource)
    row = Delegation(
        series=new_series(),
        resource=resource_row(resource),
        low=span.low,
        high=span.high,
        from_org=from_org,
        to_org=to_org,
        kind=kind,
        recorded_from=moment(),
        **_columns(terms),
    )
    _save(row)
    _append("answerable.delegated", row, actor_id)
    return row


@transaction.atomic
def correct(*, actor_id: int | None, series: int, version: int, terms: Terms) -> Delegation:
    """Record what a delegation really was. `version` is the row that the person saw. Raises Unfit,
    Changed, Unknown."""
    queue()
    old = _said(series, version)
    if _columns(terms) == {field.name: getattr(old, field.name) for field in fields(Terms)}:
        raise Unfit([Fault("valid_from", "same", _("Nothing was changed."))])
    faults = terms_faults(terms)
    if faults:
        raise Unfit(faults)
    new = _next(old, moment(old), **_columns(terms))
    _append("answerable.corrected", new, actor_id)
    return new


@transaction.atomic
def give_back(
    *, actor_id: int | None, series: int, version: int, on: date, with_below: bool = False
) -> list[Delegation]:
    """The resource went back to its giver; `on` is the first day on which the holder no longer has it.

    What the holder passed on must have ended by then; `with_below` ends it on the same day. Returns the
    new rows, the given-back one last. Raises Unfit, Changed, Unknown.
    """
    queue()
    ended = ending(_said(series, version), on=on, with_below=with_below)
    at = moment(*ended)
    # From the leaves up, so that nothing ever hangs below what has ended.
    done = [_next(row, at, valid_until=on) for row in reversed(ended)]
    _append("answerable.given-back", done[-1], actor_id, below=len(done) - 1)
    return done


def ending(old: Delegation, *, on: date, with_below: bool) -> list[Delegation]:
    """What `give_back` would end, the delegation itself first, parents before children. Raises Unfit."""
    if on <= old.valid_from:
        words = _("It can only end after it began. Was it recorded in error? Then take it back instead.")
        raise Unfit([Fault("on", "before", words)])
    if old.valid_until is not None and old.valid_until <= on:
        raise Unfit([Fault("on", "ended", _("It has ended by that day already."))])
    if not with_below:
        return [old]
    running = holdings.below(old, running_on=on)
    never = [row for row in running if row.valid_from >= on]
    if never:
        words = _("Something was passed on from that day or later. Take that back first.")
        raise Unfit([Fault("on", "later", words, tuple(row.series for row in never))])
    return [old, *running]


@transaction.atomic
def retract(*, actor_id: int | None, series: int, version: int) -> None:
    """It was recorded in error and never was so. Refused while something hangs below it. Raises Unfit,
    Changed, Unknown."""
    queue()
    old = _said(series, version)
    below = holdings.children(old.series)
    if below:
        words = _("Something was passed on from it. Take that back first.")
        raise Unfit([Fault("series", "below", words, tuple(row.series for row in below))])
    close(old, moment(old))
    tell(Change.What.DELEGATION, [old.pk])
    _append("answerable.retracted", old, actor_id)


def _said(series: int, version: int) -> Delegation:
    found = Delegation.objects.select_related("from_org", "to_org", "resource").filter(series=series)
    row = found.filter(pk=version, recorded_until=None).first()
    if row is not None:
        return row
    if not found.exists():
        raise Unknown(_("There is no such delegation."))
    raise Changed(_("Somebody changed this meanwhile. Please look at it again."))


def _next(old: Delegation, at: datetime, **changed: Any) -> Delegation:
    """Close `old` and say the same with other values from now on."""
    copied = {
        f.attname: getattr(old, f.attname) for f in Delegation._meta.concrete_fields if not f.primary_key
    }
    new = Delegation(**{**copied, **changed, "recorded_from": at, "recorded_until": None})
    close(old, at)
    tell(Change.What.DELEGATION, [old.pk])
    _save(new)
    return new


def _save(row: Delegation) -> None:
    """Write the row below the right parent. Raises Unfit where a rule of the register would break."""
    row.parent = holdings.parent_for(row)
    faults = holdings.faults(row)
    if faults:
        raise Unfit(faults)
    row.save(force_insert=True)
    tell(Change.What.DELEGATION, [row.pk])


def terms_faults(terms: Terms) -> list[Fault]:
    """What is wrong with the terms by themselves."""
    faults = []
    if terms.valid_until is not None and terms.valid_until <= terms.valid_from:
        words = _("The end must be later than the start: it is the first day without it.")
        faults.append(Fault("valid_until", "order", words))
    if terms.visibility not in Delegation.Visibility.values:
        faults.append(Fault("visibility", "unknown", _("It is either public or private.")))
    if terms.answer_hours is not None and not 1 <= terms.answer_hours <= 8760:
        words = _("The time to answer is between one hour and a year.")
        faults.append(Fault("answer_hours", "range", words))
    if not 1 <= len(terms.source) <= 64 or not terms.source.isprintable():
        faults.append(Fault("source", "form", _("A source has 1 to 64 characters on one line.")))
    return faults


def _columns(terms: Terms) -> dict[str, Any]:
    return {field.name: getattr(terms, field.name) for field in fields(Terms)}


def _append(kind: str, row: Delegation, actor_id: int | None, **more: int) -> None:
    ledger.append(
        kind=kind,
        open={
            "series": f"{row.series:016x}",
            "resource": target_of(row.resource).text,
            "from": row.from_org.handle if row.from_org else "",
            "to": row.to_org.handle,
            "delegation_kind": row.kind,
            "valid_from": row.valid_from.isoformat(),
            "valid_until": row.valid_until.isoformat() if row.valid_until else "",
            "visibility": row.visibility,
            "source": row.source,
            **more,
        },
        actor_id=actor_id,
    )
