"""Cases by the hundred thousand: one real notice, whose rows are repeated with keys, seals and references of
their own. Run in a process of its own: `python -m bench.restore.made COUNT`."""

from __future__ import annotations

import base64
import os
import secrets
import sys
from pathlib import Path
from typing import Any, TypeVar

_AT_ONCE = 1_000
_EVERY = 5
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
    with tqdm(total=count, desc="cases", disable=None) as bar:
        for start in range(0, count, _AT_ONCE):
            batch = min(_AT_ONCE, count - start)
            _batch(batch)
            if start // _AT_ONCE % _EVERY == 0:
                sequencer.run_once()
            bar.update(batch)
    sequencer.run_once()


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
