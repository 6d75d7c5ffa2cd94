"""Published statements as measures, and measures as the figures that a transparency report has. Pure.

A report counts measures; a statement is about one decision, which may take several. So a statement that names
three restrictions counts three here. Figures have the ids of `cases.counting.definitions`, and rows as the
templates name them: "TOTAL", or a category.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from fairnotice.cases.counting.definitions import RESTRICTION
from fairnotice.cases.counting.rows import row_of
from fairnotice.harmonised.categories import COMMON, NOT_SPECIFIED_NOTICE, OTHER_VIOLATION_TC, TOTAL
from fairnotice.law.trusted import TRUSTED
from fairnotice.observatory.columns import SEPARATOR
from fairnotice.observatory.question import Condition, Question
from fairnotice.observatory.result import Result

LAW, TERMS = "DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"
ON_NOTICE: Final = ("SOURCE_ARTICLE_16", TRUSTED)
OWN_INITIATIVE: Final = ("SOURCE_VOLUNTARY", "SOURCE_TYPE_OTHER_NOTIFICATION")
"""Own initiative: preceded neither by an order nor by a notice under article 16. Of orders there are no
statements (article 17(5))."""
FULLY, BY_PEOPLE = "AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_NOT_AUTOMATED"

_KINDS: Final = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_ABOUT: Final = ("category", "decision_ground", "source_type", "automated_detection", "automated_decision")

Cell = tuple[str, str]
"""(id of a definition, row)."""


class Kind(NamedTuple):
    """What is the same of measures that are counted together; "" where the statement says nothing."""

    measure: str
    category: str
    ground: str
    source: str
    detection: str
    decision: str


@dataclass(slots=True)
class Practice:
    """What one platform, or one operator, did in a period. `statements`: how many there are of it; `bare`: of
    these, those that name no restriction, and so count nowhere."""

    measures: Counter[Kind] = field(default_factory=Counter)
    statements: int = 0
    bare: int = 0

    def add(self, other: Practice) -> None:
        """Several platforms of one service, taken together."""
        self.measures.update(other.measures)
        self.statements += other.statements
        self.bare += other.bare


def question(since: date, until: date, platforms: Iterable[str] = ()) -> Question:
    """What is asked of the public data; of all platforms where none is named. The cube `practice` has it."""
    named = tuple(platforms)
    return Question(
        by=("platform", *_KINDS, *_ABOUT),
        where=(Condition("platform", "is", named),) if named else (),
        since=since,
        until=until,
    )


def practices(result: Result) -> dict[str, Practice]:
    """The answer to `question` by platform."""
    place = {name: at for at, name in enumerate(result.columns)}
    kinds, about = [place[name] for name in _KINDS], [place[name] for name in _ABOUT]
    found: dict[str, Practice] = {}
    for row in result.rows:
        practice = found.setdefault(str(row[place["platform"]] or ""), Practice())
        many = row[place["statements"]]
        if not isinstance(many, int):
            continue
        practice.statements += many
        codes = [code for at in kinds for code in str(row[at] or "").split(SEPARATOR) if code]
        practice.bare += 0 if codes else many
        said = [str(row[at] or "") for at in about]
        for code in codes:
            practice.measures[Kind(code, *said)] += many
    return found


def figures(practice: Practice) -> Counter[Cell]:
    """Every figure that a report and the statements share, as the statements have it."""
    made: Counter[Cell] = Counter()
    for kind, many in practice.measures.items():
        for cell in _cells(kind):
            made[cell] += many
    return made


@lru_cache(maxsize=65536)
def _cells(kind: Kind) -> tuple[Cell, ...]:
    """Everywhere that a measure counts."""
    found: list[Cell] = []
    if kind.source in ON_NOTICE:
        found += _on_notice(kind)
    elif kind.source in OWN_INITIATIVE:
        found += _own(kind)
    if kind.decision in (FULLY, BY_PEOPLE):
        how = "solely" if kind.decision == FULLY else "not"
        found.append((f"automated.total.{how}", ""))
        if kind.source in OWN_INITIATIVE:
            found.append((f"automated.own.{how}", ""))
    return tuple(found)


def _on_notice(kind: Kind) -> Iterable[Cell]:
    if kind.ground not in (LAW, TERMS):
        return
    ground = "law" if kind.ground == LAW else "terms"
    row = row_of(4, kind.category).partition("/")[0]
    for suffix in ("", "_tf") if kind.source == TRUSTED else ("",):
        for place in (TOTAL, row):
            yield f"notices.{ground}{suffix}", place


def _own(kind: Kind) -> Iterable[Cell]:
    name, rows = _own_rows(kind)
    columns = ["measures"]
    if kind.detection == "Yes":
        columns.append("automated")
    if kind.measure in RESTRICTION:
        columns.append(RESTRICTION[kind.measure])
    for column in columns if name else ():
        for row in rows:
            yield f"{name}.{column}", row


def _own_rows(kind: Kind) -> tuple[str, tuple[str, ...]]:
    """Part 5 or 6, and the rows there. Two categories have no row in part 5: such a measure stands with
    "other violation" of part 6, as `cases.counting.rows.own_row` has it. A category that no template knows,
    as those that were given up in 2025, counts in the total alone."""
    if kind.ground not in (LAW, TERMS):
        return "", ()
    if kind.category in (OTHER_VIOLATION_TC, NOT_SPECIFIED_NOTICE):
        return "own_terms", (TOTAL, OTHER_VIOLATION_TC)
    name = "own_illegal" if kind.ground == LAW else "own_terms"
    return name, (TOTAL, kind.category) if kind.category in COMMON else (TOTAL,)
