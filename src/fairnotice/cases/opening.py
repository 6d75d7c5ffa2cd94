"""Who has sealed values before them, for what purpose: noted where they are read, written before they are
shown.

`cases.sealed` is the only place that opens what people wrote, and it calls `note` for each value. Outside of
a request of the desk nothing is noted: delivery, the clock, commands and a person's own page behind a code
open what they need for the person whose it is. A page of the desk runs in a `Desk`, which `site.access` sets
for every route that needs an account; there a value can only be read while `review.answers.desk_page` has the
book open, and that writes one row for each thing before the answer leaves. See docs/adr/0028.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field

from fairnotice.cases.permissions import Actor
from fairnotice.law.openings import CONTACT, kind_of


class Unlogged(RuntimeError):
    """A page for people with an account read a sealed value where nobody would have written it down, or one
    that no page may show. A mistake in the program: the page is not shown."""


@dataclass
class Desk:
    """One request of one account. `answers`: something was sent with it, from a page that they had open.
    `seen` maps (owner, row) to the kinds of fields that were read."""

    actor: Actor
    route: str
    answers: bool = False
    is_open: bool = False
    seen: dict[tuple[str, str], set[str]] = field(default_factory=dict)


_desk: ContextVar[Desk | None] = ContextVar("fairnotice_desk", default=None)


def enter(desk: Desk | None) -> Token[Desk | None]:
    """From here on, in this thread, reads are those of this request; None: of nobody at the desk."""
    return _desk.set(desk)


def leave(token: Token[Desk | None]) -> None:
    """Back to what was before `enter`."""
    _desk.reset(token)


def current() -> Desk | None:
    """The request of the desk that is being answered, if one is."""
    return _desk.get()


@contextmanager
def book() -> Iterator[Desk | None]:
    """While a page of the desk is made: what it reads is noted in the given `Desk`. None outside of one."""
    desk = _desk.get()
    if desk is None:
        yield None
        return
    desk.is_open = True
    try:
        yield desk
    finally:
        desk.is_open = False


def note(owner: str, row: str, name: str) -> None:
    """A sealed value is about to be opened. Raises Unlogged."""
    desk = _desk.get()
    if desk is None:
        return
    if (owner, name) in CONTACT:
        raise Unlogged("a page of the desk would have opened a notifier's contact")
    if not desk.is_open:
        raise Unlogged(f"the route {desk.route} would have opened a sealed value that nobody writes down")
    desk.seen.setdefault((owner, row), set()).add(kind_of(owner, name))
