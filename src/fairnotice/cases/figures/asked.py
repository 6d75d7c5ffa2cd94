"""What a reader of statistics asked for: read from the address, which anyone may have written."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from fairnotice.cases.figures import words
from fairnotice.cases.queries.statistics import CODES

_YEAR = re.compile(r"[0-9]{4}")


@dataclass(frozen=True)
class Asked:
    """`chosen`: dimension -> code. `faults` says for each parameter in plain words what was left out and
    why."""

    year: int | None = None
    chosen: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, str]:
        """As they stand in an address, without empty ones."""
        year = {} if self.year is None else {"year": str(self.year)}
        return {**year, **self.chosen}

    @property
    def query(self) -> str:
        return urlencode(self.parameters)


def read(
    given: Mapping[str, str], *, years: Collection[int], dims: Collection[str], several: bool, strict: bool
) -> Asked:
    """Read query parameters. Never raises. `several`: whether more than one of `dims` may be chosen at
    once; `strict`: a parameter that does not exist is a fault, as a program would not notice that it was
    left out."""
    faults: dict[str, str] = {}
    text = given.get("year", "").strip()
    year = int(text) if _YEAR.fullmatch(text) and int(text) in years else None
    if text and year is None:
        faults["year"] = _("There are no figures of such a year. A year looks like 2026.")
    chosen: dict[str, str] = {}
    for dim in dims:
        code = given.get(dim, "").strip()
        if code and code not in CODES[dim]:
            what = {"what": words.dimension(dim)}
            faults[dim] = _("%(what)s: there is no such value; it was left out.") % what
        elif code and chosen and not several:
            why = _(
                "Only one of these can be chosen at a time: two together would show figures so small that "
                "they could point at somebody."
            )
            # A page shows something all the same; a program is refused.
            faults[dim] = why if strict else f"{why} {_('Shown is the first.')}"
        elif code:
            chosen[dim] = code
    if strict:
        known = ("year", *dims)
        for name in sorted(set(given) - set(known)):
            names = {"names": ", ".join((*known, "table"))}
            faults[name[:40]] = _("There is no such parameter here. These are: %(names)s") % names
    return Asked(year, chosen, faults)
