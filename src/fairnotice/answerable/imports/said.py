"""What one line states about what, so that another line of the same file can be asked whether it agrees."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairnotice.answerable.imports.scratch import Facts, key_of
from fairnotice.answerable.imports.shape import Refused, Statement
from fairnotice.answerable.resources import Target

_SIGN = "\x1f"


def named(resource: Target | None) -> str:
    """What tells one resource from another, quicker made than its written form; "" for none."""
    if resource is None:
        return ""
    return f"{resource.kind}{resource.start:x}-{resource.end:x}{resource.name}"


def delegation_key(resource: str, giver: str, holder: str, kind: str, valid_from: str) -> bytes:
    """Tells one delegation from another; `valid_from` is empty where the file does not know the day."""
    return key_of("delegation", resource, giver, holder, kind, valid_from)


def contact_key(holder: str, resource: str, role: str, channel: str, address: str) -> bytes:
    return key_of("contact", holder, resource, role, channel, address)


def facts_of(said: Statement) -> list[tuple[bytes, tuple[str, ...]]]:
    """What the line states: key and values, "" for each that it does not state."""
    facts: list[tuple[bytes, tuple[str, ...]]] = [
        (key_of("organisation", said.handle), (said.name, said.country, said.url, said.basis))
    ]
    resource = named(said.resource)
    for contact in said.contacts:
        facts.append((contact_key(said.handle, resource, *contact), ()))
    if said.resource is None:
        return facts
    began = said.valid_from.isoformat() if said.valid_from else ""
    until = (said.valid_until.isoformat() if said.valid_until else "open") if said.says_end else ""
    terms = (
        until,
        said.visibility,
        said.source,
        "" if said.shared is None else str(said.shared),
        "" if said.answer_hours is None else str(said.answer_hours),
    )
    facts.append((delegation_key(resource, said.from_handle, said.handle, said.kind, began), terms))
    return facts


class Agreement:
    """The lines of one file, so far as they were taken in."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[bytes, tuple[int, str]] = {}
        self._new: dict[bytes, tuple[int, str]] = {}
        self._stated: dict[int, list[tuple[bytes, tuple[str, ...]]]] = {}

    def fetch(self, statements: list[Statement]) -> None:
        """Look up what earlier batches said about the same."""
        self._stated = {id(said): facts_of(said) for said in statements}
        keys = {key for facts in self._stated.values() for key, _values in facts}
        self._known, self._new = self._facts.of(keys), {}

    def ask(self, said: Statement) -> dict[bytes, tuple[int, str]]:
        """What is to be remembered of this line if it goes in. Raises Refused where an earlier one
        contradicts."""
        found: dict[bytes, tuple[int, str]] = {}
        for key, values in self._stated[id(said)]:
            number, words = self._new.get(key) or self._known.get(key) or (0, "")
            if not number:
                found[key] = (said.number, _SIGN.join(values))
                continue
            earlier = words.split(_SIGN)
            if any(old and new and old != new for old, new in zip(earlier, values, strict=False)):
                raise Refused(_("Line %(number)d of this file says otherwise.") % {"number": number})
            merged = _SIGN.join(old or new for old, new in zip(earlier, values, strict=False))
            if merged != words:
                found[key] = (number, merged)
        return found

    def remember(self, facts: dict[bytes, tuple[int, str]]) -> None:
        self._new.update(facts)

    def keep(self) -> None:
        """The batch is over."""
        if self._new:
            self._facts.note(self._new)
        self._known, self._new, self._stated = {}, {}, {}
