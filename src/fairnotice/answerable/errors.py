"""What can be wrong with a change of the register, in words for the person who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the field, a fixed name for machines, and a sentence. `series` names the
    delegations that stand in the way."""

    path: str
    code: str
    message: str
    series: tuple[int, ...] = ()


class RegisterError(Exception):
    """Base of all refusals of the register. The text can be shown as it is."""


class Unfit(RegisterError):
    """The change breaks a rule of the register; `faults` says each. Nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(fault.message for fault in faults))


class Changed(RegisterError):
    """What the person saw is no longer how it is. Nothing was overwritten."""


class Unknown(RegisterError):
    """There is no such row."""
