"""Cases by the hundred thousand. Run in a process of its own: `python -m bench.restore.made COUNT EXAMPLE`.

One notice goes through a real door. Some hundred more are made of its rows through the models, with keys and
seals of their own. Then these are repeated inside the database, with other ids, references, keys and random
bytes in the place of sealed ones: a backup cannot tell them apart, and it is quick. The log takes all of it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import sys
from pathlib import Path
from typing import Any, TypeVar

_BASE = 1_000
_SMALLEST = 100
Row = TypeVar("Row", bound=Any)


def like(row: Row, **new: object) -> Row:
    """A row with the values of another, but for the key and what is given."""
    model = type(row)
    kept = {
        one.attname: getattr(row, one.attname) for one in model._meta.concrete_fields if not one.primary_key
    }
    made: Row = model(**kept | new)
    return made


def make(count: int, example: Path) -> None:
    """Fill the data folder of this process and let the log take all of it."""
    from fairnotice.site.setup import prepare

    prepare()
    from tqdm import tqdm

    from fairnotice.intake.file_door import submit_file
    from fairnotice.ledger import sequencer

    submit_file(example.read_bytes(), str(example))
    sequencer.run_once()
    first = _highest()
    base = _BASE if count % _BASE == 0 else _SMALLEST
    _batch(base)
    sequencer.run_once()
    last = _highest()
    with tqdm(total=count, desc="cases", initial=base, disable=None) as bar:
        for step in range(1, count // base):
            _repeat(step, first, last)
            sequencer.run_once()
            bar.update(base)


# Table -> column -> what stands there in a repeated row. "+TABLE": moved as far as that table's ids are.
_REF, _KEY = "substr({0}, 1, 7) || printf('%05d', :step)", "printf('%08x', :step) || substr({0}, 9)"
_SEALED = "randomblob(length({0}))"
_CHANGED = {
    "ledger_event": {
        "id": "+ledger_event", "record": _KEY, "case_ref": _REF, "key_id": _KEY,
        "leaf": "leaf(length({0}), :step, id)", "leaf_hash": "leaf_hash(length(leaf), :step, id)",
    },
    "ledger_outboxrow": {
        "id": "+ledger_outboxrow", "ref": _REF, "key_id": _KEY, "message_id": "printf('%05d', :step) || {0}",
    },
    "cases_case": {
        "id": "+cases_case", "ref": _REF, "item_key": _SEALED, "subject_key": _KEY,
    },
    "cases_notice": {
        "id": "+cases_notice", "ref": _REF, "notifier_key": _KEY, "items_key": _KEY,
        "why_commitment": _SEALED, "event_id": "+ledger_event",
    },
    "cases_noticeitem": {
        "id": "+cases_noticeitem", "ref": _REF, "item_key": _SEALED, "case_id": "+cases_case",
        "notice_id": "+cases_notice",
    },
    "cases_accesscode": {"id": "+cases_accesscode", "mac": _SEALED, "notice_id": "+cases_notice"},
    "cases_sealedvalue": {"id": "+cases_sealedvalue", "row": _REF, "key_id": _KEY, "blob": _SEALED},
}  # fmt: skip
_KEYS = {"id": _KEY, "wrapped": _SEALED}


def _highest() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in _CHANGED:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 - our own names
            found[table] = int(cursor.fetchone()[0])
        return found


def _repeat(step: int, first: dict[str, int], last: dict[str, int]) -> None:
    """Once more all rows of the base, whose ids are above `first` and up to `last`."""
    from django.db import connections, transaction

    moved = {table: step * (last[table] - first[table]) for table in last}
    with transaction.atomic(using="keys"):
        link = connections["keys"].connection
        # Those of the base alone: repeated ones begin with the number of their step.
        where = "substr(id, 1, 4) != '0000'"
        link.execute(_insert("vault_key", link, _KEYS, {}, where), {"step": step})
    with transaction.atomic():
        link = connections["default"].connection
        link.create_function("leaf", 3, _made_leaf, deterministic=True)
        link.create_function("leaf_hash", 3, _made_hash, deterministic=True)
        for table, changed in _CHANGED.items():
            where = f"id > {first[table]} AND id <= {last[table]}"
            link.execute(_insert(table, link, changed, moved, where), {"step": step})
        shift, low, high = moved["ledger_event"], first["ledger_event"], last["ledger_event"]
        link.execute(
            "INSERT INTO ledger_waiting (event_id) SELECT id FROM ledger_event WHERE id > ? AND id <= ?",
            [low + shift, high + shift],
        )


def _insert(table: str, link: Any, changed: dict[str, str], moved: dict[str, int], where: str) -> str:
    names = [row[1] for row in link.execute(f"PRAGMA table_info({table})").fetchall()]
    made = []
    for name in names:
        what = changed.get(name, "{0}")
        made.append(f'"{name}" + {moved[what[1:]]}' if what[0] == "+" else what.format(f'"{name}"'))
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({columns}) SELECT {', '.join(made)} FROM {table} WHERE {where}"  # noqa: S608


def _made_leaf(size: int, step: int, event: int) -> bytes:
    return hashlib.shake_128(f"{step} {event}".encode()).digest(size)


def _made_hash(size: int, step: int, event: int) -> bytes:
    return hashlib.sha256(b"\0" + _made_leaf(size, step, event)).digest()


def _batch(count: int) -> None:
    from django.db import transaction

    from fairnotice.cases import models as m
    from fairnotice.cases.models.fields import new_ref
    from fairnotice.ledger.models import Event, OutboxRow, Waiting
    from fairnotice.translog.merkle import leaf_hash
    from fairnotice.vault import sealing

    notice = m.Notice.objects.select_related("event").earliest("id")
    item, case = m.NoticeItem.objects.earliest("id"), m.Case.objects.earliest("id")
    code, letter = m.AccessCode.objects.earliest("id"), OutboxRow.objects.earliest("id")
    texts = [
        ("notice", "why", 170), ("notice", "email", 20), ("item", "location", 46), ("item", "chain", 198),
        ("item", "note", 33), ("case", "location", 46), ("case", "facts", 400), ("case", "explanation", 300),
    ]  # fmt: skip
    keys = _keys([*["subject"] * (3 * count), *["record"] * (2 * count)])
    subject, record = keys[: 3 * count], keys[3 * count :]
    refs = [{"notice": new_ref(), "item": new_ref(), "case": new_ref()} for _ in range(count)]
    with transaction.atomic():
        events = []
        for number in range(2 * count):
            leaf = _leaf(len(notice.event.leaf))
            events.append(
                like(
                    notice.event,
                    record=secrets.token_hex(16),
                    key_id=record[number],
                    leaf=leaf,
                    leaf_hash=leaf_hash(leaf),
                    case_ref=refs[number // 2]["case"],
                    kind=("notice.submitted", "decision.made")[number % 2],
                )
            )
        events = Event.objects.bulk_create(events)
        Waiting.objects.bulk_create(Waiting(event=event) for event in events)
        items = [os.urandom(32) for _ in range(count)]
        cases = m.Case.objects.bulk_create(
            like(case, ref=refs[n]["case"], item_key=items[n], subject_key=subject[3 * n], state="decided")
            for n in range(count)
        )
        notices = m.Notice.objects.bulk_create(
            like(
                notice,
                ref=refs[n]["notice"],
                notifier_key=subject[3 * n + 1],
                items_key=subject[3 * n + 2],
                why_commitment=os.urandom(32),
                event_id=events[2 * n].pk,
            )
            for n in range(count)
        )
        m.NoticeItem.objects.bulk_create(
            like(item, ref=refs[n]["item"], notice_id=notices[n].pk, case_id=cases[n].pk, item_key=items[n])
            for n in range(count)
        )
        m.AccessCode.objects.bulk_create(
            like(code, mac=os.urandom(32), notice_id=notices[n].pk) for n in range(count)
        )
        OutboxRow.objects.bulk_create(
            like(
                letter,
                ref=refs[n]["notice"],
                key_id=subject[3 * n + 1],
                message_id=f"{secrets.token_hex(16)}@x.example",
            )
            for n in range(count)
        )
        values = []
        for n in range(count):
            under = {"case": subject[3 * n], "notice": subject[3 * n + 1], "item": subject[3 * n + 2]}
            for owner in under:
                row = refs[n][owner]
                plain: dict[str, str | bytes] = {
                    field: secrets.token_hex(size // 2) for whose, field, size in texts if whose == owner
                }
                for field, blob in sealing.seal_many(
                    under[owner], table=owner, row=row, values=plain
                ).items():
                    values.append(
                        m.SealedValue(owner=owner, row=row, field=field, key_id=under[owner], blob=blob)
                    )
        m.SealedValue.objects.bulk_create(values)


def _keys(kinds: list[str]) -> list[str]:
    from django.db import transaction
    from django.utils import timezone

    from fairnotice.vault import wrapping
    from fairnotice.vault.models import Key

    rows = []
    with transaction.atomic(using="keys"):
        for kind in kinds:
            key_id = secrets.token_hex(16)
            wrapped, master = wrapping.wrap(secrets.token_bytes(32), "key", key_id, kind)
            rows.append(Key(id=key_id, kind=kind, wrapped=wrapped, master=master, created_at=timezone.now()))
        Key.objects.bulk_create(rows)
    return [row.id for row in rows]


def _leaf(size: int) -> bytes:
    """As many bytes as a real leaf has, of which no two are alike."""
    return base64.b64encode(os.urandom(size * 3 // 4 + 3))[:size]


if __name__ == "__main__":
    make(int(sys.argv[1]), Path(sys.argv[2]))
