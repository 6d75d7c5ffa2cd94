"""What a state is called on screen and which tone it has. The word carries the meaning; colour only helps."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Tones: wait (somebody has to act), busy (somebody is acting), done (stands), past (no longer stands), alert.
BADGES: dict[str, tuple[Promise | str, str]] = {
    "received": (_("Received"), "wait"),
    "acknowledged": (_("Acknowledged"), "busy"),
    "attached": (_("In a case"), "busy"),
    "returned": (_("Returned"), "past"),
    "withdrawn": (_("Withdrawn"), "past"),
    "suspended": (_("Stored, not processed"), "alert"),
    "open": (_("Open"), "wait"),
    "claimed": (_("Claimed"), "busy"),
    "awaiting": (_("Waiting for the holder"), "wait"),
    "decided": (_("Decided"), "done"),
    "appealed": (_("Appealed"), "wait"),
    "reviewed": (_("Reviewed"), "done"),
    "closed": (_("Closed"), "past"),
    "proposed": (_("Proposed"), "wait"),
    "in_force": (_("In force"), "done"),
    "expired": (_("Expired"), "past"),
    "lapsed": (_("Lapsed"), "past"),
    "upheld": (_("Upheld"), "done"),
    "reversed": (_("Reversed"), "past"),
    "partly_reversed": (_("Partly reversed"), "past"),
    "omitted": (_("Omitted"), "past"),
    "pending": (_("Pending"), "wait"),
    "confirmed": (_("Confirmed"), "done"),
    "failed": (_("Failed"), "alert"),
    "restoring": (_("Being restored"), "busy"),
    "restore_failed": (_("Could not be restored"), "alert"),
    "restored": (_("Restored"), "done"),
    "refused": (_("Refused by the second person"), "past"),
    "drafted": (_("Drafted"), "wait"),
    "approved": (_("Approved"), "busy"),
    "withheld": (_("Withheld"), "past"),
    "published": (_("Published"), "done"),
    "queued": (_("Waiting to be sent"), "wait"),
    "dispatched": (_("Sent"), "busy"),
    "unreachable": (_("Nobody could be told"), "past"),
    "overdue": (_("Overdue"), "alert"),
    "sending": (_("On its way"), "busy"),
    "retrying": (_("To be tried again"), "wait"),
    "delivered": (_("Delivered"), "done"),
    "reminded": (_("Reminded"), "busy"),
    "taken": (_("Taken on"), "done"),
    "answered": (_("Answered"), "done"),
    "escalated": (_("Passed further up"), "past"),
    "undeliverable": (_("Could not be delivered"), "alert"),
    "declined": (_("Not wanted"), "past"),
    "spared": (_("No longer needed"), "past"),
    "stopped": (_("Stopped"), "past"),
    "new": (_("Not read yet"), "busy"),
    "waiting": (_("Waits for a person"), "wait"),
    "held": (_("Held back"), "alert"),
    "passed_on": (_("Passed on"), "done"),
    "filed": (_("Needs nothing"), "past"),
    "dismissed": (_("No notice"), "past"),
    "draft": (_("Not started"), "wait"),
    "running": (_("Running"), "busy"),
    "done": (_("Done"), "done"),
    "dropped": (_("Left out"), "past"),
    "assessed": (_("Assessed"), "done"),
    "urgent": (_("Urgent"), "alert"),
}


def describe(state: str) -> tuple[Promise | str, str]:
    """(label, tone) of a state with blanks, hyphens or underscores; an unknown one keeps its own words."""
    key = state.strip().lower().replace(" ", "_").replace("-", "_")
    return BADGES.get(key, (key.replace("_", " ").capitalize(), "past"))
