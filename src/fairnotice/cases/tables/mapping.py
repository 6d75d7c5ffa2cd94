"""What the columns of a table mean, and the notice that a line stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from fairnotice.cases.contact import without_contact
from fairnotice.cases.drafts import Fault, ItemDraft, NoticeDraft, check_notice
from fairnotice.cases.tables.table import Line, Table
from fairnotice.law.problems import PROBLEM_BY_SLUG, PROBLEMS
from fairnotice.law.words import gettext_noop

#: Field -> what it is called on screen.
FIELDS: dict[str, str] = {
    "location": gettext_noop("Where it is: the address"),
    "note": gettext_noop("Note about the place"),
    "problem": gettext_noop("Kind of problem"),
    "why": gettext_noop("Why it is illegal or breaks a rule"),
    "law": gettext_noop("Which law"),
    "clause": gettext_noop("Which rule, by its reference"),
    "name": gettext_noop("Name of who reports it"),
    "email": gettext_noop("E-mail address of who reports it"),
    "language": gettext_noop("Language, as a short code"),
    "good_faith": gettext_noop("Believed to be accurate and complete (yes or no)"),
    "staff_involved": gettext_noop("Somebody at this service is involved (yes or no)"),
    "life_in_danger": gettext_noop("Somebody’s life or safety is in danger now (yes or no)"),
}
#: What may be the same for every line. Never a person, and never somebody's confirmation.
CONSTANTS = ("problem", "why", "law", "clause", "language")
#: Neither shown nor written out again: nobody but the post sees who reported something.
CONTACT = frozenset({"name", "email"})
_GUESSES: dict[str, tuple[str, ...]] = {
    "location": ("location", "url", "address", "link", "uri", "page", "item", "infringing url", "sourceurl"),
    "note": ("note", "notes", "where exactly"),
    "problem": ("problem", "kind", "type", "threat", "category"),
    "why": ("why", "reason", "reasons", "description", "explanation", "comment", "details", "text"),
    "law": ("law",),
    "clause": ("clause", "rule"),
    "name": ("name", "reporter", "notifier", "reported by"),
    "email": ("email", "e-mail", "mail", "contact", "reporter email"),
    "language": ("language", "lang"),
    "good_faith": ("good_faith", "good faith", "confirmed", "accurate"),
    "staff_involved": ("staff_involved", "staff involved"),
    "life_in_danger": ("life_in_danger", "life in danger"),
}
_YES = frozenset({"1", "true", "yes", "y", "x", "ja", "oui", "si", "sí"})
_NO = frozenset({"", "0", "false", "no", "n", "nein", "non"})
_BY_LABEL = {problem.label.casefold(): problem.slug for problem in PROBLEMS}
_MAX_CONSTANT = 10_000


@dataclass(frozen=True)
class Mapping:
    """`columns`: field -> column. `constants`: field -> what every line says. `machine`: a program made the
    list, so nobody confirmed anything and its notices are a program's reports."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    machine: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Mapping:
        """From what `to_json` gave."""
        return cls(dict(said["columns"]), dict(said["constants"]), bool(said["machine"]))

    def for_table(self, table: Table) -> Mapping:
        """The same without columns that this table does not have."""
        known = {name: column for name, column in self.columns.items() if column in table.columns}
        return Mapping(known, dict(self.constants), self.machine)


@dataclass(frozen=True)
class LineFault:
    """What is wrong with a line: the column as the file calls it ("" for the line as a whole), the rule as a
    code, and what to do about it."""

    column: str
    rule: str
    message: str


def guess(table: Table) -> Mapping:
    """What the columns probably mean, by their names."""
    by_name = {name.casefold().replace("_", " "): name for name in reversed(table.columns)}
    found: dict[str, str] = {}
    for name, words in _GUESSES.items():
        column = next((by_name[word] for word in (w.replace("_", " ") for w in words) if word in by_name), "")
        if column and column not in found.values():
            found[name] = column
    return Mapping(found)


def check_mapping(mapping: Mapping, table: Table) -> list[Fault]:
    """What is missing before any line can be read."""
    faults = []
    for name, column in mapping.columns.items():
        if name not in FIELDS:
            faults.append(Fault(name, "field", _("There is no such field.")))
        elif column not in table.columns:
            faults.append(Fault(name, "column", _("The file has no such column.")))
    for name, text in mapping.constants.items():
        if name not in CONSTANTS:
            say = _("This cannot be the same for every line.")
            faults.append(Fault(name, "constant", say))
        elif len(text) > _MAX_CONSTANT:
            faults.append(Fault(name, "too_long", _("This is too long.")))
    if "location" not in mapping.columns and not any(line.items for line in table.lines):
        faults.append(Fault("location", "missing", _("Choose the column that says where the item is.")))
    for name, say in (
        ("problem", _("Choose a column, or one kind of problem for all lines.")),
        ("why", _("Choose a column, or write one reason for all lines.")),
    ):
        if name not in mapping.columns and not mapping.constants.get(name, "").strip():
            faults.append(Fault(name, "missing", say))
    if not mapping.machine and "good_faith" not in mapping.columns:
        say = _(
            "Choose the column in which each sender confirms that it is accurate, or say that a program made "
            "the list."
        )
        faults.append(Fault("good_faith", "missing", say))
    return faults


def draft_of(mapping: Mapping, line: Line) -> tuple[NoticeDraft, list[LineFault]]:
    """The notice that the line stands for, and everything that is wrong with it."""
    faults: list[LineFault] = [LineFault("", "line", line.fault)] if line.fault else []

    def said(name: str) -> str:
        column = mapping.columns.get(name)
        text = line.cells.get(column, "").strip() if column else ""
        return text or mapping.constants.get(name, "").strip()

    problem, wrong = _problem(said("problem"))
    faults += [LineFault(_called(mapping, "problem"), "choice", say) for say in wrong]
    truths: dict[str, bool | None] = {}
    for name in ("good_faith", "staff_involved", "life_in_danger"):
        truths[name] = _truth(said(name))
        if truths[name] is None:
            say = _("Say yes or no here.")
            faults.append(LineFault(_called(mapping, name), "choice", say))
    law, clause = said("law"), said("clause")
    draft = without_contact(
        NoticeDraft(
            items=_items(line, said("location"), said("note")),
            problem=problem,
            why=said("why"),
            ground_kind="rules" if clause else "law" if law else "unsure",
            law="" if clause else law,
            clause=clause,
            name=said("name"),
            email=said("email"),
            good_faith=None if mapping.machine else bool(truths["good_faith"]),
            staff_involved=bool(truths["staff_involved"]),
            life_in_danger=bool(truths["life_in_danger"]),
            language=said("language"),
            source_type="SOURCE_TYPE_OTHER_NOTIFICATION" if mapping.machine else "SOURCE_ARTICLE_16",
        )
    )
    told = {(fault.column, fault.rule) for fault in faults}
    for fault in check_notice(draft, machine=mapping.machine):
        found = as_line_fault(mapping, fault)
        # An unreadable cell was named already; the field that it leaves empty is not a second fault.
        if line.fault or (found.column and any(column == found.column for column, _rule in told)):
            continue
        faults.append(found)
    return draft, faults


def as_line_fault(mapping: Mapping, fault: Fault) -> LineFault:
    """A fault of the notice, said of the column that it came from."""
    name = fault.path.split(".")[-1] if fault.path.startswith("items.") else fault.path
    return LineFault(_called(mapping, "location" if name == "items" else name), fault.code, fault.message)


def shown_cells(mapping: Mapping, line: Line) -> dict[str, str]:
    """The cells that may be shown or written out: those that mean something, and never who reported it."""
    return {
        column: line.cells.get(column, "") for name, column in mapping.columns.items() if name not in CONTACT
    }


def _called(mapping: Mapping, name: str) -> str:
    return mapping.columns.get(name, name)


def _items(line: Line, location: str, note: str) -> list[ItemDraft]:
    if line.items:
        return [ItemDraft(place, words) for place, words in line.items]
    places = [place.strip() for place in location.splitlines() if place.strip()]
    return [ItemDraft(place, note) for place in places]


def _problem(text: str) -> tuple[str, Iterable[str]]:
    folded = text.casefold().strip()
    slug = folded.replace("_", "-").replace(" ", "-")
    for one in (slug, _BY_LABEL.get(folded, "")):
        if one in PROBLEM_BY_SLUG:
            return one, ()
    if not text:
        return "", ()
    known = ", ".join(problem.slug for problem in PROBLEMS)
    return "", (_("There is no such kind of problem. Use one of: %(known)s.") % {"known": known},)


def _truth(text: str) -> bool | None:
    folded = text.casefold()
    return True if folded in _YES else False if folded in _NO else None
