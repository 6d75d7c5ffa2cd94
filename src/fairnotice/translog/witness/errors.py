"""What can keep a witness from working. Messages are for the operator and have no final full stop."""

from __future__ import annotations

from fairnotice.translog.errors import TranslogError


class WitnessError(TranslogError):
    """A setting, key, submission or answer is not as it must be."""


class StateError(WitnessError):
    """The state cannot be read or written, or belongs to another process."""


class Locked(StateError):
    """What the witness remembers about a log is older than what it has signed: it signs nothing for it until
    an operator acts.
    """
