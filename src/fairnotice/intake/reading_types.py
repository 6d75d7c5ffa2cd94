"""What a reader says of something that came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fairnotice.cases.drafts import NoticeDraft

Outcome = Literal["notice", "draft", "pass_on", "reply", "automatic", "bounce"]


@dataclass(frozen=True)
class Reading:
    """`outcome`: a whole notice; a draft for a person, whose `reason` is one of `law.doors.REASONS` and whose
    `detail` says what and where; a report about no item (`detail`: what it is, in a few words); an answer to
    a letter of ours; an automatic one; a letter of ours that came back.

    `machine`: its format has no statement of good faith. `receipt_to`: where the one receipt may go, or "".
    """

    outcome: Outcome
    format: str
    draft: NoticeDraft | None = None
    reason: str = ""
    detail: str = ""
    machine: bool = False
    receipt_to: str = ""
