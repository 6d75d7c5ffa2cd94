"""What the self-check of a provider can find: a fixed name for programs, and words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: "mend": something is wrong; "look": it may be as it should be, and somebody should know.
MEND, LOOK = "mend", "look"


@dataclass(frozen=True, slots=True)
class Kind:
    """`title` names it in a list, `good` says that there is none, `how` says how to mend it."""

    weight: str
    title: Promise
    good: Promise
    how: Promise


KINDS: Mapping[str, Kind] = {
    "no-contact": Kind(
        MEND,
        _("Nobody here can be written to about it"),
        _("Each of our resources has an abuse contact of ours."),
        _("Add an abuse contact to our organisation. Until then notices go to whoever gave us the resource."),
    ),
    "bad-mailbox": Kind(
        MEND,
        _("Our contact is known not to work"),
        _("None of our contacts is known not to work."),
        _("Make the mailbox work and mark it, or end the contact and add another one."),
    ),
    "not-verified": Kind(
        MEND,
        _("Our contact was never confirmed"),
        _("Every contact of ours was confirmed to work."),
        _("Write to it. When the answer comes, mark the contact as working."),
    ),
    "not-held": Kind(
        MEND,
        _("We passed on what we are not recorded as holding"),
        _("We hold all that we passed on."),
        _("Record how we hold it, or take back what was recorded in error."),
    ),
    "outside": Kind(
        MEND,
        _("It goes further than what we hold, in addresses or in time"),
        _("All that we passed on lies within what we hold, in addresses and in time."),
        _("Correct the days of one of the two, or give back what is no longer ours."),
    ),
    "overlap": Kind(
        MEND,
        _("Two leases cover the same addresses at the same time"),
        _("No two leases cover the same addresses without being marked as shared."),
        _("Give one of them back, correct its days, or mark one as shared if both sides know of it."),
    ),
    "crossing": Kind(
        LOOK,
        _("Two ranges of ours cross each other"),
        _("No two ranges of ours cross each other."),
        _("Look whether both were written down rightly. What was recorded in error can be taken back."),
    ),
    "ran-out": Kind(
        MEND,
        _("It ran out within the last year, and nobody recorded what came then"),
        _("Nothing ran out without somebody recording it."),
        _("Does the holder still have it? Then record it anew. Else nothing is to be done."),
    ),
    "ends-soon": Kind(
        LOOK,
        _("It ends within 30 days"),
        _("Nothing ends within 30 days."),
        _("If it goes on, correct its last day in time. If it ends, nothing is to be done."),
    ),
    "holder-silent": Kind(
        LOOK,
        _("Who holds it from us has no working contact"),
        _("Everybody who holds something from us can be written to."),
        _("Notices about it come to us. Ask the holder for an abuse contact and add it there."),
    ),
}
