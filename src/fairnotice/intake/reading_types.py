"""What a reader makes of something that came in, before anything of it is stored as a notice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.law.doors import REASONS

Outcome = Literal["notice", "draft", "pass_on", "reply", "automatic", "bounce"]


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
    automatic receipt may go, "" where none may (RFC 3834). `reason` is a key of REASONS, "" with a notice;
    `detail` says what and where, for a person; of what is passed on, what it is in a few words.
    `more`: further whole notices that came in the same message. `about`: as what a report about no item is
    counted, one of a fixed list of words (`report_reader.known_kind`), "" for "other".
    """

    outcome: Outcome
    format: str = "mail"
    draft: NoticeDraft | None = None
    reason: str = ""
    machine: bool = False
    receipt_to: str = ""
    detail: str = ""
    more: tuple[NoticeDraft, ...] = ()
    about: str = ""
    # The MAC of the code that whoever sent it has already, where the door gave one.
    code_mac: bytes = b""

    def to_json(self) -> dict[str, Any]:
        """As plain values, but for `code_mac`, which no reader of letters knows."""
        return {name: value for name, value in asdict(self).items() if name != "code_mac"}

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Reading:
        """From what `to_json` gave. Raises ValueError where it is anything else."""
        try:
            more = tuple(filter(None, map(draft_from_json, said["more"])))
            made = cls(**{**said, "draft": draft_from_json(said["draft"]), "more": more})
        except (TypeError, KeyError, AttributeError):
            raise ValueError("this is no reading") from None
        if made.outcome not in get_args(Outcome) or (made.reason and made.reason not in REASONS):
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
