"""What somebody typed into the form, kept exactly, and the draft that it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fairnotice.cases import uploads
from fairnotice.cases.contact import without_contact
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.law.problems import PROBLEM_BY_SLUG, SKIP_OPERATOR

TEXTS = ("problem", "ground_kind", "law", "clause", "why", "name", "email", "involved", "involved_role")
CONTACT = ("name", "email")
TICKS = ("life_in_danger", "staff_involved", "good_faith")
PREFIX = "items"
FILE = "file"
_FILE = re.compile(rf"{FILE}-[0-9]{{1,2}}")
_ROW = re.compile(rf"{PREFIX}-([0-9]{{1,3}})-(location|note)")


@dataclass
class Row:
    """One item as typed."""

    location: str = ""
    note: str = ""

    @property
    def blank(self) -> bool:
        return not (self.location.strip() or self.note.strip())


@dataclass
class Typed:
    """The whole form as typed: `texts` and `ticks` by field name, `rows` in order, always at least one;
    `files` are the signed handles of files that wait for it."""

    texts: dict[str, str] = field(default_factory=dict)
    ticks: set[str] = field(default_factory=set)
    rows: list[Row] = field(default_factory=lambda: [Row()])
    files: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, posted: Mapping[str, str]) -> Typed:
        """From the fields of a request. Looks at the rows themselves and not at the counter that scripts
        keep, so that no row is lost when the counter is wrong."""
        rows: dict[int, Row] = {}
        for name, value in posted.items():
            match = _ROW.fullmatch(name)
            if match:
                setattr(rows.setdefault(int(match[1]), Row()), match[2], value)
        return cls(
            texts={name: posted.get(name, "") for name in TEXTS},
            ticks={name for name in TICKS if posted.get(name, "")},
            rows=[rows[number] for number in sorted(rows)] or [Row()],
            files=[posted.get(name, "") for name in posted if _FILE.fullmatch(name)],
        )

    @classmethod
    def of(cls, draft: NoticeDraft) -> Typed:
        """What somebody would have typed for this draft. Its name and e-mail address stay out: they are kept
        for delivery alone, and no page shows them."""
        texts = {name: str(getattr(draft, name)) for name in TEXTS if name not in CONTACT}
        ticks = {name for name in TICKS if getattr(draft, name)}
        return cls(texts, ticks, [Row(item.location, item.note) for item in draft.items] or [Row()])

    def data(self) -> dict[str, str]:
        """The fields of a request that says the same; also the hidden fields of the review page."""
        fields = {name: value for name, value in self.texts.items() if value}
        fields |= dict.fromkeys(sorted(self.ticks), "on")
        fields |= {f"{PREFIX}-TOTAL_FORMS": str(len(self.rows)), f"{PREFIX}-INITIAL_FORMS": "0"}
        for number, row in enumerate(self.rows):
            fields[f"{PREFIX}-{number}-location"] = row.location
            fields[f"{PREFIX}-{number}-note"] = row.note
        return fields | {f"{FILE}-{number}": token for number, token in enumerate(self.files)}

    def changed_rows(self, posted: Mapping[str, str], most: int) -> bool:
        """Whether the button that was pressed adds a row or takes one out; it is done then."""
        number = posted.get("remove", "")
        if "add" in posted:
            if len(self.rows) < most:
                self.rows.append(Row())
        elif re.fullmatch("[0-9]{1,3}", number):
            if int(number) < len(self.rows) > 1:
                del self.rows[int(number)]
        else:
            return False
        return True

    def filled(self) -> list[int]:
        """The numbers of the rows in which something was typed, as the draft counts its items."""
        return [number for number, row in enumerate(self.rows) if not row.blank]

    def draft(self) -> NoticeDraft:
        """What it means. A law or rule that was named counts even where "I am not sure" stayed ticked;
        contact details do not where the problem says that nobody is asked who they are."""
        texts = {name: _lines(self.texts.get(name, "")) for name in TEXTS}
        problem = PROBLEM_BY_SLUG.get(texts["problem"])
        kind = texts["ground_kind"] or "unsure"
        if kind == "unsure" and texts["law"].strip():
            kind = "law"
        elif kind == "unsure" and texts["clause"]:
            kind = "rules"
        return without_contact(
            NoticeDraft(
                items=[
                    ItemDraft(_lines(row.location), _lines(row.note)) for row in self.rows if not row.blank
                ],
                problem=texts["problem"],
                why=texts["why"],
                ground_kind=kind,
                law=texts["law"] if kind == "law" else "",
                clause=texts["clause"] if kind == "rules" else "",
                name=texts["name"],
                email=texts["email"].strip(),
                good_faith="good_faith" in self.ticks,
                life_in_danger="life_in_danger" in self.ticks,
                involved=texts["involved"],
                involved_role=texts["involved_role"],
                staff_involved="staff_involved" in self.ticks
                or bool(texts["involved"].strip() or texts["involved_role"])
                or (problem is not None and SKIP_OPERATOR in problem.flags),
                files=uploads.handles(self.files),
            )
        )


def _lines(text: str) -> str:
    # Browsers send each line end as two characters; the counter on the page shows one.
    return text.replace("\r\n", "\n")
