"""What a crash between the two databases leaves behind, and files that nobody may keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from fairnotice.answerable.models import ImportRun
from fairnotice.cases import models as m
from fairnotice.cases import sealed
from fairnotice.cases.actions.receive import OWNER, draft_of
from fairnotice.law.problems import NO_FILES, PROBLEM_BY_SLUG
from fairnotice.ledger import logs, publishing
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.vault import keys
from fairnotice.vault.errors import Erased

# Every column that names a key. A test walks all models and fails where one is missing here: its keys would
# be swept away, and what they seal with them.
KEY_COLUMNS: tuple[tuple[type[models.Model], str], ...] = (
    (m.SealedValue, "key_id"),
    (m.Notice, "notifier_key"),
    (m.Notice, "items_key"),
    (m.Notice, "contact_key"),
    (m.Case, "subject_key"),
    (m.Case, "contact_key"),
    (m.Statement, "key_id"),
    (m.Appeal, "key_id"),
    (m.ForwardLetter, "key_id"),
    (m.Received, "key_id"),
    (m.EvidenceFile, "key_id"),
    (m.TableMapping, "key_id"),
    (m.InvolvedContact, "key_id"),
    (m.Subscriber, "key_id"),
    (Event, "key_id"),
    (OutboxRow, "key_id"),
    (ImportRun, "key_id"),
)
# A transaction that made a key has ended long before.
OLDER_THAN = timedelta(days=1)
# Within a day (due-process.md), with an hour for the clock that calls.
KEEP_FILES = timedelta(hours=22)
WITH_FILES = ("mail", "xarf", "file")


@transaction.atomic
def sweep_keys() -> int:
    """Delete the keys of transactions that were rolled back; returns how many.

    The keys database commits first, so that nothing sealed is ever without its key; what is left over opens
    nothing. Raises LogAhead, and deletes nothing, where the database is older than what was published: the
    keys of what it does not know are needed again when a newer copy is put back."""
    for log in logs.everyone():
        publishing.guard(log)
    return keys.sweep_orphans(_referenced(), OLDER_THAN)


def forget_files(*, now: datetime | None = None) -> int:
    """Erase the messages as they came in that may hold pictures which nobody may keep: those about children
    and intimate pictures, once they are a notice or wait as a draft of one. Their words are in the notice or
    the draft; their length and SHA-256 stay. Returns how many."""
    before = (now or timezone.now()) - KEEP_FILES
    # The other doors keep plain fields alone, without files.
    held = m.SealedValue.objects.filter(owner=OWNER, field="raw").values("row")
    old = m.Received.objects.filter(door__in=WITH_FILES, ref__in=held, received_at__lte=before).exclude(
        state="passed_on"
    )
    return sum(_forget(received) for received in old.select_related("notice", "event").iterator())


def forget_originals(*, now: datetime | None = None) -> int:
    """Erase the mails as they came in, with whatever was attached, that a person or a program has read and
    nobody made a notice of, once the days are over that the settings give them. Their words are in the draft,
    their length and SHA-256 stay. Returns how many."""
    before = (now or timezone.now()) - timedelta(days=settings.FN_MAIL_ORIGINAL_DAYS)
    held = m.SealedValue.objects.filter(owner=OWNER, field="raw").values("row")
    old = m.Received.objects.filter(
        door="mail", ref__in=held, received_at__lte=before, state__in=("waiting", "dismissed", "filed")
    )
    return sum(_drop_raw(received) for received in old.select_related("event").iterator())


@transaction.atomic
def _drop_raw(received: m.Received) -> bool:
    sealed.drop(OWNER, received.ref, "raw")
    append(kind="message.erased", open={"what": "raw"}, case_ref=received.ref, follows=received.event)
    return True


@transaction.atomic
def _forget(received: m.Received) -> bool:
    try:
        problem = received.notice.problem if received.notice else draft_of(received).problem
    except Erased:
        return False  # with its key all of it is gone
    found = PROBLEM_BY_SLUG.get(problem)
    if found is None or NO_FILES not in found.flags:
        return False
    return _drop_raw(received)


def _referenced() -> Iterator[str]:
    for model, column in KEY_COLUMNS:
        yield from model._default_manager.values_list(column, flat=True).distinct().iterator()
    for personal in Event.objects.exclude(personal={}).values_list("personal", flat=True).iterator():
        yield from (field["key"] for field in personal.values())
