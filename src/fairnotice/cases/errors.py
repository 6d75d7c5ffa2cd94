"""What can go wrong in an action, in words that a page or a command can show as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class FaultLike(Protocol):
    """Anything with a place, a code and a sentence; `law` has several."""

    @property
    def path(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...


class ActionError(Exception):
    """Base of all refusals. The text is meant for the person in front of the screen."""


class Invalid(ActionError):
    """The input has faults; each names its field. Nothing was saved."""

    def __init__(self, faults: Sequence[FaultLike]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(f"{f.path}: {f.message}" for f in faults))


class Conflict(ActionError):
    """Somebody else was faster: what you saw is no longer how it is. Nothing was overwritten."""


class NotFound(ActionError):
    """There is no such thing, or it is not for this person; the two look the same."""


class Refused(ActionError):
    """The rules do not allow this now; the text says why."""
