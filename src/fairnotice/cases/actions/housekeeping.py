"""What a crash between the two databases leaves behind. The runner calls it once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import models, transaction

from fairnotice.answerable.models import ImportRun
from fairnotice.cases import models as m
from fairnotice.ledger import logs, publishing
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.vault import keys

# Every column that names a key. A test walks all models and fails where one is missing here: its keys would
# be swept away, and what they seal with them.
KEY_COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (m.SealedValue, "key_id"),
    (m.Notice, "notifier_key"),
    (m.Notice, "items_key"),
    (m.Case, "subject_key"),
    (m.Statement, "key_id"),
    (m.Appeal, "key_id"),
    (m.ForwardLetter, "key_id"),
    (m.Received, "key_id"),
    (m.TableMapping, "key_id"),
    (Event, "key_id"),
    (OutboxRow, "key_id"),
    (ImportRun, "key_id"),
)
# A transaction that made a key has ended long before.
OLDER_THAN = timedelta(days=1)


@transaction.atomic
def sweep_keys() -> int:
    """Delete the keys of transactions that were rolled back; returns how many.

    The keys database commits first, so that nothing sealed is ever without its key; what is left over opens
    nothing. Raises LogAhead, and deletes nothing, where the database is older than what was published: the
    keys of what it does not know are needed again when a newer copy is put back."""
    for log in logs.everyone():
        publishing.guard(log)
    return keys.sweep_orphans(_referenced(), OLDER_THAN)


def _referenced() -> Iterator[str]:
    for model, column in KEY_COLUMNS:
        yield from model._default_manager.values_list(column, flat=True).distinct().iterator()
    for personal in Event.objects.exclude(personal={}).values_list("personal", flat=True).iterator():
        yield from (field["key"] for field in personal.values())
