"""What a reader makes of something that came in, before anything of it is stored as a notice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.law.words import gettext_noop

Outcome = Literal["notice", "draft", "pass_on", "reply", "automatic", "bounce"]
Format = Literal["mail", "arf", "x-arf", "xarf", "xarf3", "forward"]

#: Why a person must look, or where it went instead. Plain English; whoever shows it translates it.
REASONS: dict[str, str] = {
    "needs-a-person": gettext_noop("Somebody has to choose what kind of problem this is."),
    "not-confirmed": gettext_noop("The sender did not say that they believe it to be accurate."),
    "no-place": gettext_noop("No exact location was found in it."),
    "no-words": gettext_noop("It has no words that could be read."),
    "too-many-places": gettext_noop("It names more places than one notice takes; the first are filled in."),
    "invalid": gettext_noop("It is nearly a notice, but something in it is missing or wrong."),
    "by-a-program": gettext_noop("A program or a mailing list sent it; it may be no notice at all."),
    "unreadable": gettext_noop("It could not be taken apart."),
    "too-deep": gettext_noop("Its parts lie too deep in each other; not all were read."),
    "too-many-parts": gettext_noop("It has too many parts; not all were read."),
    "too-slow": gettext_noop("Reading it took too much time or memory, so it was stopped."),
    "too-big": gettext_noop("It is too long; only its beginning was read."),
    "encrypted": gettext_noop("It is encrypted or sealed, and no program here opens that."),
    "xarf-version": gettext_noop("It is a report of a version of XARF that is not read here."),
    "xarf-schema": gettext_noop("It is a report that breaks the rules of its own format."),
    "not-an-item": gettext_noop("It is a sound report, but about traffic, a machine or a message."),
    "answer": gettext_noop("It seems to answer a letter that we sent."),
    "auto-reply": gettext_noop("It is an automatic answer, or a mail to many that names no place."),
    "came-back": gettext_noop("A mail server sent a letter of ours back."),
}


@dataclass(frozen=True)
class Envelope:
    """What the mail server said beside the letter (RFC 5321). `sender` is the return path without brackets,
    "" where it was empty (a bounce), None where nobody knows. `hosts` are our own host names, by which a
    Message-ID of ours is known; without them its form alone counts."""

    sender: str | None = None
    recipients: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """`notice`: `draft` can be submitted as it is. `draft`: a person has to look, `draft` holds what was
    understood (perhaps nothing) and `reason` says why. `pass_on`: not about an item. `reply`: seems to answer
    a letter of ours; `draft` holds what it would be if it does not. `automatic`, `bounce`: for nobody.

    `machine` is what `submit_notice` and `check_notice` take. `receipt_to` is the one address to which ONE
    automatic receipt may go, "" where none may (RFC 3834). `reason` is a key of REASONS, "" with a notice.
    """

    outcome: Outcome
    format: Format = "mail"
    draft: NoticeDraft | None = None
    reason: str = ""
    machine: bool = False
    receipt_to: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Reading:
        """From what `to_json` gave. Raises ValueError where it is anything else."""
        try:
            made = cls(**{**said, "draft": draft_from_json(said["draft"])})
        except (TypeError, KeyError, AttributeError):
            raise ValueError("this is no reading") from None
        known = made.outcome in get_args(Outcome) and made.format in get_args(Format)
        if not known or (made.reason and made.reason not in REASONS):
            raise ValueError("this is no reading")
        return made


def draft_to_json(draft: NoticeDraft) -> dict[str, Any]:
    """A draft as plain values."""
    return asdict(draft)


def draft_from_json(said: dict[str, Any] | None) -> NoticeDraft | None:
    """A draft from what `draft_to_json` gave; None stays None. Raises TypeError or KeyError."""
    if said is None:
        return None
    return NoticeDraft(**{**said, "items": [ItemDraft(**item) for item in said["items"]]})
