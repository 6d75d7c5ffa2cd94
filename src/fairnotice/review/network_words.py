"""The network in words: what a delegation says, what a change would change, how much space there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairnotice.answerable.actions.delegate import Terms
from fairnotice.answerable.models import Delegation


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact before and after."""

    label: str
    before: str
    after: str


def terms(said: Delegation | Terms) -> Iterator[tuple[str, str]]:
    """(label, words) of all that can be corrected."""
    yield _("From"), day(said.valid_from)
    yield _("Until"), day(said.valid_until) if said.valid_until else _("no end is known")
    public = said.visibility == Delegation.Visibility.PUBLIC
    yield _("Who may see it"), _("everybody") if public else _("only people who work here")
    yield _("Shared with another lease"), _("yes") if said.shared else _("no")
    hours = said.answer_hours
    yield (
        _("Time to answer a notice"),
        ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours} if hours else _("as the settings say"),
    )
    yield _("Source"), said.source


def differences(old: Delegation, new: Delegation | Terms) -> list[Difference]:
    """What is not the same in the two."""
    pairs = zip(terms(old), terms(new), strict=True)
    return [Difference(label, was, will) for (label, was), (_label, will) in pairs if was != will]


def day(value: date) -> str:
    return date_format(value, "j F Y")


def amount(number: int, space: str) -> str:
    """A number of addresses, networks, AS numbers or names, counted in words."""
    if space == "ipv6" and number and number % 2**64 == 0:
        nets = number // 2**64
        return ngettext("%(n)s network of /64", "%(n)s networks of /64", nets) % {"n": grouped(nets)}
    words = {"n": grouped(number)}
    if space in ("ipv4", "ipv6"):
        return ngettext("%(n)s address", "%(n)s addresses", number) % words
    if space == "as":
        return ngettext("%(n)s AS number", "%(n)s AS numbers", number) % words
    if space == "domain":
        return ngettext("%(n)s domain", "%(n)s domains", number) % words
    return ngettext("%(n)s server", "%(n)s servers", number) % words


def grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def space_name(space: str) -> str:
    """The name of an address space."""
    names = {
        "ipv4": _("IPv4"),
        "ipv6": _("IPv6"),
        "as": _("AS numbers"),
        "domain": _("Domains"),
        "server": _("Servers"),
    }
    return names[space]
