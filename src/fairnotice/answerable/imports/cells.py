"""From named cells, whatever file they stood in, to a statement: the columns of docs/answerable-import.md."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from fairnotice.answerable.actions.contacts import contact_faults
from fairnotice.answerable.actions.organisations import HANDLE, is_web_address
from fairnotice.answerable.imports.shape import ContactSaid, Refused, Statement
from fairnotice.answerable.invariants import NOT_FOR
from fairnotice.answerable.models import Contact, Delegation, Organisation
from fairnotice.answerable.resources import NotALocation, parse_resource

REQUIRED = ("organisation_handle", "organisation_name", "resource", "delegation_kind", "valid_from")
OPTIONAL = (
    "country",
    "organisation_url",
    "basis",
    "contact_role",
    "contact_channel",
    "contact_address",
    "from_handle",
    "valid_until",
    "visibility",
    "shared",
    "answer_hours",
    "source",
)
KNOWN = frozenset({*REQUIRED, *OPTIONAL})
_OF_DELEGATION = (
    "from_handle",
    "delegation_kind",
    "valid_from",
    "valid_until",
    "visibility",
    "shared",
    "answer_hours",
)
_COUNTRY = re.compile(r"[A-Z]{2}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KINDS = frozenset(Delegation.Kind.values)
_BASES = frozenset(Organisation.Basis.values)
_VISIBILITIES = frozenset(Delegation.Visibility.values)
_ROLES = frozenset(Contact.Role.values)
_CHANNELS = frozenset(Contact.Channel.values)
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def statement_of(number: int, text: str, cells: Mapping[str, str]) -> Statement:
    """The statement that the cells of one line make. Cells are trimmed texts; one that is missing or empty
    says nothing, but for `valid_until`, whose empty cell says that it goes on. Raises Refused."""
    handle, name = cells.get("organisation_handle", ""), cells.get("organisation_name", "")
    if not HANDLE.fullmatch(handle):
        raise Refused(
            _("organisation_handle must be 1 to 64 letters, digits or . _ : / -, a letter or digit first.")
        )
    if not 1 <= len(name) <= 200:
        raise Refused(_("organisation_name must have 1 to 200 characters."))
    country = cells.get("country", "").upper()
    if country and not _COUNTRY.fullmatch(country):
        raise Refused(_("country must be a code of two letters."))
    url, source, basis = cells.get("organisation_url", ""), cells.get("source", ""), cells.get("basis", "")
    if url and not is_web_address(url):
        raise Refused(_("organisation_url is not a web address of at most 300 characters."))
    if len(source) > 64:
        raise Refused(_("source must have at most 64 characters."))
    if basis:
        basis = _choice("basis", basis, _BASES)
    said = Statement(number, text, handle, name, country, url, basis, _contacts(cells), source=source)
    _add_resource(said, cells)
    return said


def _contacts(cells: Mapping[str, str]) -> tuple[ContactSaid, ...]:
    address = cells.get("contact_address", "")
    role, channel = cells.get("contact_role", "").lower(), cells.get("contact_channel", "").lower()
    if not address:
        if role or channel:
            raise Refused(_("contact_address is missing."))
        return ()
    role, channel = role or "abuse", channel or "mail"
    _choice("contact_role", role, _ROLES)
    _choice("contact_channel", channel, _CHANNELS)
    if not is_contact(role, channel, address):
        if channel in ("rest", "form"):
            raise Refused(_("contact_address is not a web address of at most 300 characters."))
        raise Refused(_("contact_address is not a mail address."))
    return ((role, channel, address),)


@lru_cache(maxsize=4096)
def is_contact(role: str, channel: str, address: str) -> bool:
    """Whether one can be reached so; files repeat the same contact on many lines."""
    return not contact_faults(role=role, channel=channel, address=address)


def _add_resource(said: Statement, cells: Mapping[str, str]) -> None:
    if not cells.get("resource"):
        stray = [name for name in _OF_DELEGATION if cells.get(name)]
        if stray:
            raise Refused(_("resource is missing, but %(names)s is given.") % {"names": ", ".join(stray)})
        return
    try:
        said.resource = parse_resource(cells["resource"])
    except NotALocation as fault:
        raise Refused(str(fault)) from None
    said.kind = _choice("delegation_kind", cells.get("delegation_kind", ""), _KINDS)
    if said.kind in NOT_FOR[said.resource.kind]:
        raise Refused(_("This delegation_kind does not go with this kind of resource."))
    said.from_handle = cells.get("from_handle", "")
    if said.from_handle == said.handle:
        raise Refused(_("from_handle and organisation_handle are the same."))
    said.valid_from = day("valid_from", cells.get("valid_from", ""))
    until = cells.get("valid_until")
    said.says_end = until is not None
    said.valid_until = day("valid_until", until) if until else None
    if said.valid_until is not None and said.valid_until <= said.valid_from:
        raise Refused(_("valid_until must be later than valid_from: it is the first day without it."))
    if visibility := cells.get("visibility"):
        said.visibility = _choice("visibility", visibility, _VISIBILITIES)
    if shared := cells.get("shared"):
        said.shared = _YES_NO[_choice("shared", shared, _YES_NO)]
    if hours := cells.get("answer_hours"):
        if not re.fullmatch(r"[0-9]{1,4}", hours, re.ASCII) or not 1 <= int(hours) <= 8760:
            raise Refused(_("answer_hours must be a whole number from 1 to 8760."))
        said.answer_hours = int(hours)


def _choice(column: str, value: str, allowed: Collection[str]) -> str:
    value = value.lower()
    if value not in allowed:
        words = {"column": column, "choices": ", ".join(sorted(allowed))}
        raise Refused(_("%(column)s must be one of %(choices)s.") % words)
    return value


def day(column: str, value: str) -> date:
    """A day such as 2025-01-31. Raises Refused."""
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise Refused(_("%(column)s must be a day such as 2025-01-31.") % {"column": column}) from None
