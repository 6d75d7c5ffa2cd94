"""Tables of notices, for the desk and the command line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import table_runs
from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.errors import NotFound
from fairnotice.cases.models import TableLine, TableMapping, TableRun
from fairnotice.cases.people import hidden_notices
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.tables import mapping as mappings
from fairnotice.cases.tables.mapping import LineFault, Mapping
from fairnotice.cases.tables.table import Line, Table

PREVIEW = 20


def runs(actor: Actor) -> QuerySet[TableRun]:
    """All tables, the newest first, without those with a line about a case that must not exist for this
    person."""
    return _seen_by(actor).select_related("received", "created_by").order_by("-id")


def _seen_by(actor: Actor) -> QuerySet[TableRun]:
    return TableRun.objects.exclude(lines__notice__in=hidden_notices(actor).values("pk"))


def running() -> list[TableRun]:
    """What the runner goes on with, the oldest first."""
    return list(TableRun.objects.select_related("received__event").filter(state="running").order_by("id"))


def run_for(actor: Actor, ref: str) -> TableRun:
    """One table. Raises NotFound, Forbidden."""
    require(actor, "table")
    found = _seen_by(actor).select_related("received__event", "created_by").filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such table."))
    return found


@dataclass(frozen=True)
class LineView:
    """A line as it would come in. Of who reported it only whether a name or an address was given."""

    number: int
    draft: NoticeDraft
    faults: list[LineFault]

    @property
    def named(self) -> bool:
        """Whether it says who reported it."""
        return bool(self.draft.name or self.draft.email)


def preview(table: Table, mapping: Mapping) -> list[LineView]:
    """The first lines, as they would come in."""
    return [LineView(line.number, *mappings.draft_of(mapping, line)) for line in table.lines[:PREVIEW]]


@dataclass(frozen=True)
class BadLine:
    """A line that did not come in, and why."""

    number: int
    faults: list[LineFault]


def bad_lines(run: TableRun, *, most: int | None = None) -> Iterator[BadLine]:
    """Lines that did not come in, in the order of the file."""
    rows = TableLine.objects.filter(run=run, outcome="bad").order_by("number")
    for number in rows.values_list("number", flat=True)[:most]:
        said = sealed.read_json(table_runs.LINE_OWNER, run.ref, str(number)) or []
        yield BadLine(number, [LineFault(*one) for one in said])


def error_rows(run: TableRun) -> Iterator[list[str]]:
    """The bad lines as a table again: number, column, rule and what to do, then the cells that mean
    something, never who reported it. One row for each fault; the first row names the columns."""
    table, mapping = table_runs.table_of(run), table_runs.mapping_of(run)
    shown = (
        [column for name, column in mapping.columns.items() if name not in mappings.CONTACT]
        if mapping
        else []
    )
    yield ["line", "column", "rule", "message", *shown]
    by_number: dict[int, Line] = {line.number: line for line in table.lines}
    for bad in bad_lines(run):
        cells = mappings.shown_cells(mapping, by_number[bad.number]) if mapping else {}
        for fault in bad.faults:
            yield [
                str(bad.number),
                fault.column,
                fault.rule,
                fault.message,
                *(cells.get(c, "") for c in shown),
            ]


def saved_mappings() -> list[TableMapping]:
    """Mappings that were kept, by name."""
    return list(TableMapping.objects.order_by("label"))


def saved_mapping(ref: str) -> Mapping | None:
    """One of them, None where there is none (any more)."""
    kept = TableMapping.objects.filter(ref=ref).first()
    said = sealed.read_json(table_runs.MAPPING_OWNER, kept.ref, "mapping") if kept else None
    return None if said is None else Mapping.from_json(said)
