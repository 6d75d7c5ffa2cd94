"""What changes the register: taking in a file, and marking a contact as working or not.

The public may rely on who was recorded as answerable, so each act appends one event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fairnotice.answerable.csv_rows import BadLine, Row, Unfit, read
from fairnotice.answerable.models import Contact
from fairnotice.answerable.register_state import State, Writes
from fairnotice.ledger import append as ledger

BATCH = 500


@dataclass
class ImportResult:
    """Lines by what became of them; a line that did several things counts once. `bad` lines are not in."""

    added: int = 0
    unchanged: int = 0
    changed: int = 0
    bad: list[BadLine] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """All lines below the header that are not empty."""
        return self.added + self.unchanged + self.changed + len(self.bad)


def import_csv(
    lines: Iterable[bytes | str],
    *,
    actor_id: int | None,
    source: str = "csv",
    dry_run: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Take in a CSV file, line by line; taking it in again changes nothing.

    The first line names the columns, in any order, parted by comma, semicolon or tab. Needed:
    organisation_handle, organisation_name, resource, delegation_kind, valid_from. Optional: country,
    organisation_url, contact_role, contact_channel, contact_address, from_handle, valid_until, visibility,
    source. A line without a resource states an organisation and its general contact; with one, the contact is
    that resource's own. Their meaning: docs/answerable-import.md.

    Good lines go in, in transactions of `BATCH` lines so that others can write in between; each bad line is
    kept with its reason. Two lines of one file that contradict each other: the later one is bad. `source` is
    recorded where a line names none. `on_progress` gets the number of lines handled. One event is appended at
    the end; where the process dies before, take the file in again. A dry run decides the same and writes
    nothing. Raises ImportFormatError for a file whose header is unusable; then nothing was written.
    """
    result = ImportResult()
    entries = read(lines)
    batches = _Batches(source, dry_run)
    while batch := list(islice(entries, BATCH)):
        _count(result, batches.handle(batch))
        if on_progress is not None:
            on_progress(result.rows)
    if not dry_run:
        with transaction.atomic():
            ledger.append(
                kind="answerable.imported",
                open={
                    "source": source,
                    "rows": result.rows,
                    "added": result.added,
                    "changed": result.changed,
                    "unchanged": result.unchanged,
                    "bad": len(result.bad),
                },
                actor_id=actor_id,
            )
    return result


def mark_contact(*, contact_id: int, works: bool, actor_id: int | None) -> None:
    """Record that a contact answered, or that its mailbox is known not to work. Raises
    Contact.DoesNotExist."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update().select_related("organisation").get(pk=contact_id)
        contact.known_bad = not works
        contact.verified_at = timezone.now() if works else None
        contact.save(update_fields=["known_bad", "verified_at"])
        ledger.append(
            kind="answerable.contact-marked",
            open={
                "organisation": contact.organisation.handle,
                "role": contact.role,
                "channel": contact.channel,
                "works": works,
            },
            actor_id=actor_id,
        )


Outcome = str | BadLine


class _Batches:
    """Handles batch after batch over one picture of the register."""

    def __init__(self, source: str, dry_run: bool) -> None:
        self._source = source
        self._dry_run = dry_run
        self._state = State.load()
        self._said: dict[object, tuple[int, object]] = {}

    def handle(self, batch: list[Row | BadLine]) -> list[Outcome]:
        try:
            return self._write(batch)
        except IntegrityError:
            # Somebody else wrote the same rows meanwhile: look again, and then one line at a time.
            self._state = State.load()
            return [self._write_one(entry) for entry in batch]

    def _write_one(self, entry: Row | BadLine) -> Outcome:
        try:
            return self._write([entry])[0]
        except IntegrityError:
            self._state = State.load()
            return BadLine(
                entry.number, entry.text, _("Another import wrote the same at the same moment. Try again.")
            )

    def _write(self, batch: list[Row | BadLine]) -> list[Outcome]:
        writes = Writes()
        if self._dry_run:
            return [self._take(entry, writes) for entry in batch]
        with transaction.atomic():
            outcomes = [self._take(entry, writes) for entry in batch]
            writes.save()
        return outcomes

    def _take(self, entry: Row | BadLine, writes: Writes) -> Outcome:
        if isinstance(entry, BadLine):
            return entry
        try:
            self._contradiction(entry)
            outcome = self._state.take(entry, self._source, writes)
        except Unfit as fault:
            return BadLine(entry.number, entry.text, str(fault))
        for fact, value in _facts(entry):
            self._said.setdefault(fact, (entry.number, value))
        return outcome

    def _contradiction(self, row: Row) -> None:
        for fact, value in _facts(row):
            number, earlier = self._said.get(fact, (row.number, value))
            if earlier != value:
                raise Unfit(_("Line %(number)d of this file says otherwise.") % {"number": number})


def _facts(row: Row) -> Iterator[tuple[object, object]]:
    """What the line states that another line may contradict."""
    for name in ("name", "country", "url"):
        if value := getattr(row, name):
            yield (name, row.handle), value
    if row.resource is not None:
        key = (row.resource, row.from_handle, row.handle, row.kind, row.valid_from)
        yield ("valid_until", *key), row.valid_until
        for name in ("visibility", "source"):
            if value := getattr(row, name):
                yield (name, *key), value


def _count(result: ImportResult, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, BadLine):
            result.bad.append(outcome)
        elif outcome == "added":
            result.added += 1
        elif outcome == "changed":
            result.changed += 1
        else:
            result.unchanged += 1
