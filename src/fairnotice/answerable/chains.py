"""The chain of organisations that answer for one location: plain values, no database, no network.

A chain that is shown with a notice is stored as its JSON. That JSON names the host that was reported, so it
belongs into a sealed column. Its words are made when it is read, in the reader's language.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from django.utils.translation import gettext as _

from fairnotice.answerable.resources import Json, Target

FROM_REGISTRY = ("allocation", "registrar")
UNRECORDED = "unrecorded"
_CHANNELS = ("mail", "xarf", "arf", "rest", "form")


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """One way to reach an organisation's abuse desk; `own` where it stands for the resource alone."""

    channel: str
    address: str
    verified: bool = False
    known_bad: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One organisation in the chain and how the resource came to it.

    `kind` is a kind of delegation, or "unrecorded" where it is only known that it passed the resource on.
    `registry` marks an organisation that hands out resources and answers for no use of them. Dates are ISO
    8601; `valid_until` is the first day on which it no longer holds.
    """

    handle: str
    name: str
    kind: str
    resource: str
    country: str = ""
    valid_from: str | None = None
    valid_until: str | None = None
    source: str = ""
    visibility: str = "private"
    registry: bool = False
    contacts: tuple[ContactPoint, ...] = ()

    @property
    def contact(self) -> ContactPoint | None:
        """The contact to use: the resource's own, else the organisation's; never one that is known not to
        work."""
        working = [point for point in self.contacts if not point.known_bad]
        return min(
            working,
            key=lambda point: (
                not point.own,
                not point.verified,
                _CHANNELS.index(point.channel),
                point.address,
            ),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class Chain:
    """`links` run from the registry's side to the holder. `problem` says why the text names no place at
    all."""

    at: date
    target: Target | None = None
    links: tuple[Link, ...] = ()
    problem: str = ""

    @property
    def holder(self) -> Link | None:
        """The organisation nearest to the item; None where none is known."""
        return self.links[-1] if self.links else None

    @property
    def answering(self) -> Link | None:
        """The organisation to write to: the nearest to the holder that has a working contact, never a
        registry."""
        for link in reversed(self.links):
            if link.registry:
                return None
            if link.contact is not None:
                return link
        return None

    @property
    def contact(self) -> ContactPoint | None:
        """Where to write to `answering`."""
        return self.answering.contact if self.answering else None

    @property
    def reason(self) -> str:
        """How the chain and its contact were found, in words."""
        if self.problem or self.target is None:
            return self.problem
        holder = self.holder
        if holder is None:
            return _("No organisation is recorded here for this location.")
        if self.target.text == holder.resource:
            found = _("%(resource)s itself is recorded.") % {"resource": holder.resource}
        else:
            found = _("%(target)s is part of %(resource)s.") % {
                "target": self.target.text,
                "resource": holder.resource,
            }
        return f"{found} {self._contact_words(holder)}"

    def _contact_words(self, holder: Link) -> str:
        link = self.answering
        if link is None or link.contact is None:
            return _("No working contact is recorded below the registry.")
        if link is holder:
            if link.contact.own:
                return _("%(name)s named a contact for it.") % {"name": link.name}
            return _("%(name)s is reached at its general contact.") % {"name": link.name}
        passed = self.links[self.links.index(link) + 1 :]
        words = {"name": link.name, "holder": holder.name}
        if any(point.known_bad for other in passed for point in other.contacts):
            return _("A mailbox nearer to it is known not to work, so %(name)s above it is named.") % words
        return _("%(holder)s has no contact here, so %(name)s above it is named.") % words

    def public(self) -> Chain:
        """The chain without its first private link and all below it, as the public may see it.

        The contact and the words follow from what is left, so nothing of the rest shows through them.
        """
        cut = next((i for i, link in enumerate(self.links) if link.visibility != "public"), len(self.links))
        return replace(self, links=self.links[:cut])

    def contact_json(self) -> Json | None:
        """Whom to write to, for programs: organisation, channel and address; None where there is nobody."""
        answering, contact = self.answering, self.contact
        if answering is None or contact is None:
            return None
        return {"organisation": answering.handle, "channel": contact.channel, "address": contact.address}

    def to_json(self) -> Json:
        """Plain JSON to be stored sealed; `reason` and `contact` are there for readers without this
        program."""
        return {
            "v": 1,
            "at": self.at.isoformat(),
            "target": self.target.to_json() if self.target else None,
            "problem": self.problem,
            "links": [_link_json(link) for link in self.links],
            "contact": self.contact_json(),
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises ValueError or KeyError where `data` was not made by `to_json`."""
        if data.get("v") != 1:
            raise ValueError("unknown version of a stored chain")
        return cls(
            at=date.fromisoformat(data["at"]),
            target=Target.from_json(data["target"]) if data["target"] else None,
            problem=data["problem"],
            links=tuple(
                Link(**{**link, "contacts": tuple(ContactPoint(**point) for point in link["contacts"])})
                for link in data["links"]
            ),
        )


def _link_json(link: Link) -> Json:
    data = asdict(link)
    data["contacts"] = [asdict(point) for point in link.contacts]
    return data
