"""Reading the lines of an import: pure, one line at a time, every fault in plain words.

The columns are documented in docs/answerable-import.md and in `actions.import_csv`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import ada_url
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from fairnotice.answerable.models import Contact, Delegation
from fairnotice.answerable.resources import NotALocation, Target, parse_resource

REQUIRED = ("organisation_handle", "organisation_name", "resource", "delegation_kind", "valid_from")
OPTIONAL = (
    "country",
    "organisation_url",
    "contact_role",
    "contact_channel",
    "contact_address",
    "from_handle",
    "valid_until",
    "visibility",
    "source",
)
_HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
_LONGEST_LINE = 16_384
_NOT_FOR = {
    "ip": {"registrar"},
    "as": {"registrar", "cdn"},
    "domain": {"allocation", "sub-allocation", "assignment"},
    "server": {"allocation", "sub-allocation", "assignment", "registrar"},
}
_PUBLIC_BY_DEFAULT = {Delegation.Kind.ALLOCATION, Delegation.Kind.REGISTRAR}


class ImportFormatError(ValueError):
    """The file as a whole cannot be read; the message says what is missing."""


class BadLine(NamedTuple):
    """A line that did not go in: its number (the header is line 1), its text, and why."""

    number: int
    text: str
    reason: str


class Unfit(ValueError):
    """One line cannot be taken in; the message is the reason that is kept with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line, read and checked. Empty text means that the line does not say."""

    number: int
    text: str
    handle: str
    name: str
    country: str = ""
    url: str = ""
    contact: tuple[str, str, str] | None = None
    resource: Target | None = None
    from_handle: str = ""
    kind: str = ""
    valid_from: date = date.min
    valid_until: date | None = None
    visibility: str = ""
    source: str = ""

    @property
    def default_visibility(self) -> str:
        public = self.kind in _PUBLIC_BY_DEFAULT
        return Delegation.Visibility.PUBLIC if public else Delegation.Visibility.PRIVATE


def read(lines: Iterable[bytes | str]) -> Iterator[Row | BadLine]:
    """The rows below the header, faulty ones as BadLine. Raises ImportFormatError for a file without a usable
    header."""
    columns: list[str] | None = None
    delimiter = ","
    for number, raw in enumerate(lines, start=1):
        text = _decode(raw)
        if columns is None:
            columns, delimiter = _header(text)
            continue
        shown = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
        shown = shown.encode("utf-8", "backslashreplace").decode().rstrip("\r\n")[:_LONGEST_LINE]
        if not shown.strip():
            continue
        try:
            if text is None:
                raise Unfit(_("The line is not UTF-8 text."))
            yield _row(number, shown, _cells(text, columns, delimiter))
        except (Unfit, NotALocation) as fault:
            yield BadLine(number, shown, str(fault))
    if columns is None:
        raise ImportFormatError(_("The file is empty: its first line must name the columns."))


def _decode(raw: bytes | str) -> str | None:
    try:
        return raw.decode("utf-8") if isinstance(raw, bytes) else raw.encode("utf-8").decode("utf-8")
    except UnicodeError:
        return None


def _header(text: str | None) -> tuple[list[str], str]:
    if text is None:
        raise ImportFormatError(_("The first line is not UTF-8 text. Save the file as UTF-8 and try again."))
    text = text.removeprefix("\ufeff").rstrip("\r\n")
    known = {*REQUIRED, *OPTIONAL}
    splits = [([name.strip().lower() for name in _split(text, sign)], sign) for sign in (",", ";", "\t")]
    columns, delimiter = max(splits, key=lambda split: len(known.intersection(split[0])))
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise ImportFormatError(_("Missing columns: %(names)s.") % {"names": ", ".join(missing)})
    unknown = [name for name in columns if name not in known]
    if unknown:
        raise ImportFormatError(_("Unknown columns: %(names)s.") % {"names": ", ".join(unknown)})
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise ImportFormatError(_("Columns that stand twice: %(names)s.") % {"names": ", ".join(repeated)})
    return columns, delimiter


def _split(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _cells(text: str, columns: list[str], delimiter: str) -> dict[str, str]:
    if len(text) > _LONGEST_LINE:
        raise Unfit(_("The line is too long."))
    cells = [cell.strip() for cell in _split(text.rstrip("\r\n"), delimiter)]
    if not cells:
        raise Unfit(_("The quotation marks in this line do not match."))
    if len(cells) != len(columns):
        raise Unfit(
            _("The line has %(found)d cells, the header has %(wanted)d.")
            % {"found": len(cells), "wanted": len(columns)}
        )
    if any(not cell.isprintable() for cell in cells):
        raise Unfit(_("The line holds control characters."))
    return dict(zip(columns, cells, strict=True))


def _row(number: int, text: str, cells: dict[str, str]) -> Row:
    handle, name = cells["organisation_handle"], cells["organisation_name"]
    if not _HANDLE.fullmatch(handle):
        raise Unfit(
            _("organisation_handle must be 1 to 64 letters, digits or . _ : / -, a letter or digit first.")
        )
    if not 1 <= len(name) <= 200:
        raise Unfit(_("organisation_name must have 1 to 200 characters."))
    country = cells.get("country", "").upper()
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise Unfit(_("country must be a code of two letters."))
    url, source = cells.get("organisation_url", ""), cells.get("source", "")
    if url:
        _check_web_address("organisation_url", url)
    if len(source) > 64:
        raise Unfit(_("source must have at most 64 characters."))
    row = Row(number, text, handle, name, country, url, contact=_contact(cells), source=source)
    return _with_resource(row, cells)


def _contact(cells: dict[str, str]) -> tuple[str, str, str] | None:
    address = cells.get("contact_address", "")
    role, channel = cells.get("contact_role", "").lower(), cells.get("contact_channel", "").lower()
    if not address:
        if role or channel:
            raise Unfit(_("contact_address is missing."))
        return None
    role, channel = role or Contact.Role.ABUSE.value, channel or Contact.Channel.MAIL.value
    _check_choice("contact_role", role, Contact.Role.values)
    _check_choice("contact_channel", channel, Contact.Channel.values)
    if channel in (Contact.Channel.REST, Contact.Channel.FORM):
        _check_web_address("contact_address", address)
    else:
        try:
            validate_email(address)
        except ValidationError:
            raise Unfit(_("contact_address is not a mail address.")) from None
    return role, channel, address


def _with_resource(row: Row, cells: dict[str, str]) -> Row:
    of_delegation = ("from_handle", "delegation_kind", "valid_from", "valid_until", "visibility")
    if not cells["resource"]:
        stray = [name for name in of_delegation if cells.get(name)]
        if stray:
            raise Unfit(_("resource is missing, but %(names)s is given.") % {"names": ", ".join(stray)})
        return row
    target = parse_resource(cells["resource"])
    kind, from_handle = cells["delegation_kind"].lower(), cells.get("from_handle", "")
    _check_choice("delegation_kind", kind, Delegation.Kind.values)
    if kind in _NOT_FOR[target.kind]:
        raise Unfit(_("This delegation_kind does not go with this kind of resource."))
    if from_handle == row.handle:
        raise Unfit(_("from_handle and organisation_handle are the same."))
    valid_from = _day("valid_from", cells["valid_from"])
    until = cells.get("valid_until", "")
    valid_until = _day("valid_until", until) if until else None
    if valid_until is not None and valid_until <= valid_from:
        raise Unfit(_("valid_until must be later than valid_from: it is the first day without it."))
    visibility = cells.get("visibility", "").lower()
    if visibility:
        _check_choice("visibility", visibility, Delegation.Visibility.values)
    return replace(
        row,
        resource=target,
        from_handle=from_handle,
        kind=kind,
        valid_from=valid_from,
        valid_until=valid_until,
        visibility=visibility,
    )


def _check_choice(column: str, value: str, allowed: list[str]) -> None:
    if value not in allowed:
        raise Unfit(
            _("%(column)s must be one of %(choices)s.") % {"column": column, "choices": ", ".join(allowed)}
        )


def _check_web_address(column: str, value: str) -> None:
    try:
        scheme = ada_url.URL(value).protocol
    except ValueError:
        scheme = ""
    if scheme not in ("https:", "http:") or len(value) > 300:
        raise Unfit(_("%(column)s is not a web address of at most 300 characters.") % {"column": column})


def _day(column: str, value: str) -> date:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise Unfit(_("%(column)s must be a day such as 2025-01-31.") % {"column": column}) from None
