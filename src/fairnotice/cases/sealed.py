"""Put and read personal values: always with the subject's key, the row and the field they belong to. Every
reading is noted first (`cases.opening`)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from fairnotice.cases import opening
from fairnotice.cases.models import SealedValue
from fairnotice.vault import sealing
from fairnotice.vault.errors import Erased


def put(owner: str, row: str, key_id: str, values: Mapping[str, str | bytes]) -> None:
    """Seal every non-empty value under `key_id`, bound to (owner, row, field): texts, or bytes as they came
    in. Replaces an earlier value."""
    given = {name: value for name, value in values.items() if value}
    if not given:
        return
    blobs = sealing.seal_many(key_id, table=owner, row=row, values=given)
    SealedValue.objects.bulk_create(
        [
            SealedValue(owner=owner, row=row, field=name, key_id=key_id, blob=blob)
            for name, blob in blobs.items()
        ],
        update_conflicts=True,
        unique_fields=["owner", "row", "field"],
        update_fields=["key_id", "blob"],
    )


def replace(owner: str, row: str, key_id: str, name: str, value: str) -> int:
    """Seal the value in the place of any earlier one ("" removes it) and return its length, which a plain
    column keeps so that the database can ask for a reason without knowing it."""
    text = value.strip()
    drop(owner, row, name)
    # Where the case has been erased already, what is said about it later is not kept either.
    with suppress(Erased):
        put(owner, row, key_id, {name: text})
    return len(text)


def read(owner: str, row: str, name: str) -> str | None:
    """The value, or None where there is none. Raises vault's Erased when its key has been destroyed."""
    found = SealedValue.objects.filter(owner=owner, row=row, field=name).first()
    if found is None:
        return None
    opening.note(owner, row, name)
    return sealing.unseal(found.key_id, bytes(found.blob), table=owner, row=row, field=name)


def read_many(owner: str, row: str, names: Iterable[str]) -> dict[str, str]:
    """Several values of one row; "" for those that were never given or are erased."""
    wanted = set(names)
    values = dict.fromkeys(names, "")
    for found in SealedValue.objects.filter(owner=owner, row=row, field__in=wanted):
        opening.note(owner, row, found.field)
        try:
            values[found.field] = sealing.unseal(
                found.key_id, bytes(found.blob), table=owner, row=row, field=found.field
            )
        except sealing.Erased:
            continue
    return values


def put_json(owner: str, row: str, key_id: str, name: str, value: Any) -> None:
    """Seal a JSON value (the chain that was found, the body of a statement)."""
    put(owner, row, key_id, {name: json.dumps(value, ensure_ascii=False)})


def read_json(owner: str, row: str, name: str) -> Any:
    """The JSON value, or None."""
    text = read(owner, row, name)
    return None if text is None else json.loads(text)


def read_bytes(owner: str, row: str, name: str) -> bytes | None:
    """The bytes, or None where there are none. Raises vault's Erased when their key has been destroyed."""
    found = SealedValue.objects.filter(owner=owner, row=row, field=name).first()
    if found is None:
        return None
    opening.note(owner, row, name)
    return sealing.unseal_bytes(found.key_id, bytes(found.blob), table=owner, row=row, field=name)


def exists(owner: str, row: str, name: str) -> bool:
    """Whether a value was given, without opening it."""
    return SealedValue.objects.filter(owner=owner, row=row, field=name).exists()


def drop(owner: str, row: str, name: str) -> None:
    """Remove one value for good."""
    SealedValue.objects.filter(owner=owner, row=row, field=name).delete()
