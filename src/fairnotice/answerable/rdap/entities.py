"""Organisations, and desks of theirs, as entities (RFC 9083 section 5.1). None lists what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from fairnotice.answerable.chains import ContactPoint
from fairnotice.answerable.models import Contact
from fairnotice.answerable.rdap.jcard import card
from fairnotice.answerable.rdap.shown import Listed
from fairnotice.answerable.rdap.words import Json, entity_address, link

# Role of a contact -> role of an entity (RFC 9083 section 10.2.4). The letters of the law go to "legal".
ROLES = {"abuse": "abuse", "technical": "technical", "legal": "notifications"}
# Kind of a delegation -> what its holder is to the object. Whoever hosts something did not register it.
HOLDS_AS = {"registrar": "registrar", "reseller": "reseller", "hosting": "technical", "cdn": "technical"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of an organisation."""

    handle: str
    name: str
    country: str = ""
    url: str = ""


def organisation(facts: Facts, roles: Sequence[str] = (), nested: Sequence[Json] = ()) -> Json:
    """An organisation as an entity; `nested` are desks of it, or whoever answers in its stead."""
    own = entity_address(facts.handle)
    found: Json = {
        "objectClassName": "entity",
        "handle": facts.handle,
        "vcardArray": card(facts.name, kind="org", country=facts.country, url=facts.url),
    }
    if roles:
        found["roles"] = list(roles)
    if nested:
        found["entities"] = list(nested)
    return {**found, "status": ["active"], "links": [link(own, "self", own)]}


def desk_handle(handle: str, role: str) -> str:
    """No organisation's handle has a tilde, so the two never meet."""
    return f"{handle}~{role.upper()}"


def desk(facts: Facts, role: str, points: Sequence[ContactPoint]) -> Json:
    """A desk of an organisation (`role` of ROLES) as an entity with a handle of its own."""
    own = entity_address(desk_handle(facts.handle, role))
    name = f"{facts.name}: {Contact.Role(role).label}"
    return {
        "objectClassName": "entity",
        "handle": desk_handle(facts.handle, role),
        "vcardArray": card(name, kind="group", points=points),
        "roles": [ROLES[role]],
        "links": [link(own, "self", own), link(own, "up", entity_address(facts.handle))],
    }


def facts_of(listed: Listed) -> Facts:
    version = listed.version
    return Facts(listed.organisation.handle, version.name, version.country, version.url)


def looked_up(listed: Listed) -> Json:
    """The answer for an organisation's handle: who it is, its desks, and what no entity here lists."""
    facts = facts_of(listed)
    desks = [desk(facts, role, points) for role, points in listed.contacts.items() if points]
    return {**organisation(facts, nested=desks), "redacted": withheld()}


def looked_up_desk(listed: Listed, role: str) -> Json | None:
    """The answer for the handle of a desk. Each organisation has an abuse desk here: one that is reached only
    about a single resource shows no address, and so does one that does not exist."""
    points = listed.contacts[role]
    if not points and role != Contact.Role.ABUSE:
        return None
    return desk(facts_of(listed), role, points)


def withheld() -> list[Json]:
    """RFC 9537: what is left out of the answer for each organisation, whether or not it holds anything. As it
    is said of all alike, it tells nothing about one."""
    return [
        {
            "name": {"description": name},
            "prePath": path,
            "pathLang": "jsonpath",
            "method": "removal",
            "reason": {"description": _("No entity here lists what it holds, or whether it holds anything.")},
        }
        for name, path in ((_("Networks held"), "$.networks"), (_("AS numbers held"), "$.autnums"))
    ]
