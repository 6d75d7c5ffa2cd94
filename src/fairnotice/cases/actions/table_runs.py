"""A table of notices comes in: kept whole, read line by line, each line a notice of its own.

A line is worked through in the same transaction that counts it, so a run can be stopped, killed and taken up
again, and no line comes in twice. What is wrong with a line is kept, and the other lines come in.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Sequence

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.cases import sealed
from fairnotice.cases.actions import receive
from fairnotice.cases.actions.submit import submit_notice
from fairnotice.cases.drafts import Fault, NoticeDraft
from fairnotice.cases.errors import Conflict, Invalid, Refused
from fairnotice.cases.models import Notice, TableLine, TableMapping, TableRun
from fairnotice.cases.models.case import OPEN_STATES
from fairnotice.cases.permissions import Actor, require
from fairnotice.cases.steps import STALE, step
from fairnotice.cases.tables import mapping as mappings
from fairnotice.cases.tables import table as tables
from fairnotice.cases.tables.mapping import LineFault, Mapping
from fairnotice.cases.tables.table import Line, NoTable, Table
from fairnotice.ledger.append import append
from fairnotice.vault import keys
from fairnotice.vault.errors import VaultError

logger = logging.getLogger("fairnotice.intake")
OWNER, LINE_OWNER, MAPPING_OWNER = "table", "table-line", "table-mapping"
#: Lines in one transaction: few, since nobody else can write meanwhile.
CHUNK = 5
MAX_NAME = 80


@transaction.atomic
def keep(*, actor: Actor | None, raw: bytes) -> tuple[TableRun, bool]:
    """Keep a table, for its columns to be chosen; returns it and whether the same file is here already.
    `actor` None is the command line. Raises Invalid where it is no table, Forbidden."""
    if actor is not None:
        require(actor, "table")
    try:
        table = tables.read(raw)
    except NoTable as error:
        raise Invalid([Fault("table", "table", str(error))]) from None
    received, again = receive.receive(door=table.kind, raw=raw)
    if again:
        return TableRun.objects.get(received=received), True
    receive.settle_filed(received=received, format=table.kind)
    event = append(
        kind="table.kept",
        open={"format": table.kind},
        actor_id=actor.user_id if actor else None,
        case_ref=received.ref,
        follows=received.event,
    )
    run = TableRun.objects.create(
        received=received,
        total=len(table.lines),
        created_at=event.at,
        created_by_id=actor.user_id if actor else None,
        event=event,
    )
    return run, False


@transaction.atomic
def start(*, actor: Actor | None, run: TableRun, mapping: Mapping, receipts: bool = False) -> TableRun:
    """Let the lines come in, read as `mapping` says; `receipts`: each sender with an address gets a letter.
    Raises Invalid with what is missing, Refused, Conflict, Forbidden."""
    if actor is not None:
        require(actor, "table")
    faults = mappings.check_mapping(mapping, table_of(run))
    if faults:
        raise Invalid(faults)
    _move(run, "start", machine=mapping.machine, receipts=receipts, started_at=timezone.now())
    sealed.put_json(OWNER, run.ref, run.received.key_id, "mapping", mapping.to_json())
    _act(run, "table.started", actor)
    return run


@transaction.atomic
def resume(*, actor: Actor | None, run: TableRun) -> TableRun:
    """Go on where it was stopped, with the same mapping. Raises Refused, Conflict, Forbidden."""
    if actor is not None:
        require(actor, "table")
    if run.started_at is None:
        raise Refused(_("Choose first what the columns mean."))
    _move(run, "start")
    _act(run, "table.resumed", actor)
    return run


@transaction.atomic
def stop(*, actor: Actor | None, run: TableRun) -> TableRun:
    """Stop after the lines that are in; it can be taken up again. Raises Refused, Conflict, Forbidden."""
    if actor is not None:
        require(actor, "table")
    _move(run, "stop")
    _act(run, "table.stopped", actor)
    return run


@transaction.atomic
def drop(*, actor: Actor, run: TableRun) -> TableRun:
    """Not wanted after all: no line of it came in. Raises Refused, Conflict, Forbidden."""
    require(actor, "table")
    _move(run, "drop", finished_at=timezone.now())
    _act(run, "table.dropped", actor)
    return run


@transaction.atomic
def save_mapping(*, actor: Actor | None, name: str, mapping: Mapping) -> TableMapping:
    """Keep a mapping under a name, in the place of an earlier one. Raises Invalid, Forbidden."""
    if actor is not None:
        require(actor, "table")
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise Invalid(
            [Fault("name", "name", _("Give it a name of at most %(most)s letters.") % {"most": MAX_NAME})]
        )
    kept = TableMapping.objects.filter(label=name).first()
    if kept is None:
        kept = TableMapping(label=name, key_id=keys.new_key("subject"))
    kept.changed_at = timezone.now()
    kept.save()
    sealed.put_json(MAPPING_OWNER, kept.ref, kept.key_id, "mapping", mapping.to_json())
    return kept


def table_of(run: TableRun) -> Table:
    """The file of a run, taken apart. Raises vault's Erased."""
    return tables.read(receive.raw_of(run.received))


def mapping_of(run: TableRun) -> Mapping | None:
    """How its lines are read; None before it was started."""
    said = sealed.read_json(OWNER, run.ref, "mapping")
    return None if said is None else Mapping.from_json(said)


@transaction.atomic
def run_lines(*, run: TableRun, lines: Sequence[Line], mapping: Mapping, most: int = CHUNK) -> int:
    """Work through the next lines of `lines`, all of the file, in one transaction; how many they were. With
    none left the run is done. Raises Conflict where another process was faster."""
    todo = lines[run.position : run.position + most]
    if not todo:
        _move(run, "finish", finished_at=timezone.now())
        _act(run, "table.finished", None)
        return 0
    counted = dict.fromkeys(("notice", "duplicate", "bad"), 0)
    for line in todo:
        counted[_take(run, line, mapping)] += 1
    moved = TableRun.objects.filter(pk=run.pk, state="running", position=run.position).update(
        position=F("position") + len(todo),
        notices=F("notices") + counted["notice"],
        duplicates=F("duplicates") + counted["duplicate"],
        bad=F("bad") + counted["bad"],
    )
    if not moved:
        raise Conflict(STALE)
    run.refresh_from_db()
    return len(todo)


def _take(run: TableRun, line: Line, mapping: Mapping) -> str:
    draft, faults = mappings.draft_of(mapping, line)
    mac = _mac(draft)
    if not faults:
        earlier = _earlier(mac)
        if earlier is not None:
            return _record(run, line, "duplicate", mac, notice=earlier)
        try:
            submitted = submit_notice(
                draft=draft,
                door=run.received.door,
                machine=mapping.machine,
                receipt="code" if run.receipts else "none",
                actor_id=run.created_by_id,
            )
        except Invalid as error:
            faults = [mappings.as_line_fault(mapping, Fault(f.path, f.code, f.message)) for f in error.faults]
        except (DatabaseError, OSError, VaultError):
            raise  # nothing about this line: the whole is tried again
        except Exception as error:
            # Its class alone: an exception's text may quote the line.
            logger.error("line of a table not taken: %s", type(error).__name__)
            faults = [LineFault("", "failed", _("The program failed on this line."))]
        else:
            return _record(run, line, "notice", mac, notice=submitted.notice)
    return _record(run, line, "bad", mac, faults=faults)


def _earlier(mac: bytes) -> Notice | None:
    """A notice that says the same in a table, as long as nobody has decided it: then nothing is lost. Later
    it may be about the same item that came back."""
    return (
        Notice.objects.filter(
            table_lines__content_mac=mac,
            table_lines__outcome="notice",
            state="attached",
            items__case__state__in=OPEN_STATES,
        )
        .order_by("id")
        .first()
    )


def _record(
    run: TableRun,
    line: Line,
    outcome: str,
    mac: bytes,
    *,
    notice: Notice | None = None,
    faults: Sequence[LineFault] = (),
) -> str:
    TableLine.objects.create(run=run, number=line.number, outcome=outcome, notice=notice, content_mac=mac)
    if faults:
        said = [[fault.column, fault.rule, fault.message] for fault in faults]
        sealed.put_json(LINE_OWNER, run.ref, run.received.key_id, str(line.number), said)
    return outcome


def _mac(draft: NoticeDraft) -> bytes:
    return hmac.digest(keys.named_secret("table"), draft.digest(), "sha256")


def _move(run: TableRun, act: str, **changes: object) -> None:
    state = step("table", run.state, act)
    seen = TableRun.objects.filter(pk=run.pk, state=run.state, version=run.version)
    if not seen.update(state=state, version=F("version") + 1, **changes):
        raise Conflict(STALE)
    run.refresh_from_db()


def _act(run: TableRun, kind: str, actor: Actor | None) -> None:
    append(
        kind=kind,
        open={},
        actor_id=actor.user_id if actor else None,
        case_ref=run.received.ref,
        follows=run.received.event,
    )
