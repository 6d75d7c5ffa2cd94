"""What can be asked of one value of a statement. Each is a plain function of the value, and never raises.

The vectorised engine asks the same functions, once for each distinct value of a column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final


class _Absent:
    """Stands for a field that is not there at all, which the database tells from one that is null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()

# What the database's own language takes off both ends before it asks whether anything is left.
BLANKS = " \t\n\r\x0b\x0c\0"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PUID = re.compile(r"[a-zA-Z0-9_-]+")
_EAN = re.compile(r"[0-9]{13}")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+[^\s]*")


def missing(value: object) -> bool:
    """Absent, null, blank or an empty list: what the database takes for "not given"."""
    if isinstance(value, str):
        return not value.strip(BLANKS)
    return value is ABSENT or value is None or (isinstance(value, list | tuple | Mapping) and not value)


def is_null(value: object) -> bool:
    """A JSON null that was sent."""
    return value is None


def not_text(value: object) -> bool:
    """Given, but no string."""
    return not missing(value) and not isinstance(value, str)


def not_list(value: object) -> bool:
    """Given, but no list of strings."""
    if missing(value):
        return False
    return not isinstance(value, list | tuple) or any(not isinstance(item, str) for item in value)


def not_object(value: object) -> bool:
    """Given, but no object."""
    return not missing(value) and not isinstance(value, Mapping)


def items(value: object) -> tuple[str, ...]:
    """The strings of a list; none of anything else."""
    if isinstance(value, list | tuple):
        return tuple(item for item in value if isinstance(item, str))
    return ()


def text(value: object) -> str:
    """The string, or "" for anything else."""
    return value if isinstance(value, str) else ""


def repeats(value: object) -> bool:
    """A list that holds an item twice."""
    found = items(value)
    return len(set(found)) < len(found)


def day(value: object) -> int:
    """The day as a number that grows by one a day; 0 for what is no date written YYYY-MM-DD."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return 0
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError:  # the 31st of June, the year 0
        return 0


def no_day(value: object) -> bool:
    """Text that is no date written YYYY-MM-DD."""
    return isinstance(value, str) and not missing(value) and not day(value)


def bad_puid(value: object) -> bool:
    """Text that holds more than A-Z a-z 0-9 - and _."""
    return isinstance(value, str) and not missing(value) and not _PUID.fullmatch(value)


def bad_url(value: object) -> bool:
    """Text that is not scheme://host."""
    return isinstance(value, str) and not missing(value) and not _URL.fullmatch(value)


def not_web(value: object) -> bool:
    """An address that no browser opens: neither http nor https."""
    found = text(value)
    return bool(_URL.fullmatch(found)) and not found.lower().startswith(("http://", "https://"))


def bad_ean(value: object) -> bool:
    """Text that is not thirteen ASCII digits."""
    return isinstance(value, str) and not missing(value) and not _EAN.fullmatch(value)


def wrong_check_digit(value: object) -> bool:
    """Thirteen digits whose last does not fit: weighted by 1 and 3 in turn, the sum ends in 0 (GS1)."""
    found = text(value)
    if not _EAN.fullmatch(found):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(found)) % 10 != 0


def ean_number(value: object) -> int:
    """The product number, or 0."""
    found = text(value)
    return int(found) if _EAN.fullmatch(found) else 0


def inside(value: object) -> object:
    """What a content_id holds under its only key, or ABSENT."""
    return value.get("EAN-13", ABSENT) if isinstance(value, Mapping) else ABSENT


def ean_inside(value: object) -> object:
    """The same as the text that the database tests: it takes a number for its digits. What has no digits at
    all, such as a list, is a text that fits nowhere."""
    found = inside(value)
    if found is ABSENT or found is None or isinstance(found, str):
        return found
    if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 10**13:
        return str(found)
    return "?"


def other_keys(value: object) -> bool:
    """A content_id with a key that the database does not know."""
    return isinstance(value, Mapping) and any(key != "EAN-13" for key in value)


def says_nothing(value: object) -> bool:
    """Given, but without a letter or digit of any script: a dash or a dot is no reason."""
    return isinstance(value, str) and not missing(value) and not any(map(str.isalnum, value))


def is_word_null(value: object) -> bool:
    """The word null as a text, alone or as an item: a slip of a program that meant nothing at all."""
    return value == "null" or "null" in items(value)
