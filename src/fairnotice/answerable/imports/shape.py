"""What a reader makes of a file: statements, and lines that are none. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fairnotice.answerable.resources import Target

#: Role, channel, address.
ContactSaid = tuple[str, str, str]

LONGEST_LINE = 16_384


class Unusable(ValueError):
    """The file as a whole cannot be taken in; the message says why, for whoever brought it."""


class Refused(ValueError):
    """One line cannot be taken in. The message is kept in the open: it never repeats what the line says."""


class BadLine(NamedTuple):
    """A line that did not go in: its number (the first is 1; 0 where no line is to blame), its text, and
    why."""

    number: int
    text: str
    reason: str


@dataclass(slots=True)
class Statement:
    """One organisation, and what one line says that it holds. Empty text and None: the line does not say.

    Without a `name` the organisation has to be listed already. A delegation without `valid_from` began on a
    day that the file does not know; `says_end` tells an open end from one that is not mentioned.
    """

    number: int
    text: str
    handle: str
    name: str = ""
    country: str = ""
    url: str = ""
    basis: str = ""
    contacts: tuple[ContactSaid, ...] = ()
    resource: Target | None = None
    from_handle: str = ""
    kind: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    says_end: bool = False
    visibility: str = ""
    shared: bool | None = None
    answer_hours: int | None = None
    source: str = ""


Entry = Statement | BadLine


@dataclass(slots=True)
class Reading:
    """What a reader is told, and what it tells besides its statements.

    `own` is the handle of the operator's organisation, `listed` finds the handle of a listed organisation by
    its handle or name ("" for none). `left_out` counts what the file says that is none of this register's
    business.
    """

    own: str = ""
    listed: Callable[[str], str] = field(default=lambda _name: "")
    left_out: int = 0
