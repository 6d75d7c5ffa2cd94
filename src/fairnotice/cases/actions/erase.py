"""Personal data goes: its keys are destroyed, its sealed values and codes removed, and the log says so.

One transaction removes the rows, writes the event and notes which keys go; then the keys are destroyed, which
cannot be undone. Whoever is killed in between has lost nothing and kept nothing: `finish` does the rest, at
every run and at every start. See docs/adr/0030-erasure.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fairnotice.answerable.models import ImportBadLine, ImportRun
from fairnotice.cases import files, holds, uploads
from fairnotice.cases import models as m
from fairnotice.cases.errors import NotFound, Refused
from fairnotice.ledger.append import append
from fairnotice.ledger.models import Event, OutboxRow
from fairnotice.plumbing.sqlite import scrub
from fairnotice.vault import keys
from fairnotice.vault.errors import UnknownKey

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class By:
    """Who decided an erasure, and on which of `law.retention.GROUNDS`. Nobody stands in it where the schedule
    did, or the person whose data it is; else two people, who are not the same."""

    ground: str = "schedule"
    first: int | None = None
    second: int | None = None

    @property
    def word(self) -> str:
        """As it stands in the log."""
        if self.first is not None:
            return "two-people"
        return "schedule" if self.ground == "schedule" else "person"


SCHEDULE = By()


@dataclass
class _Gone:
    """What one erasure takes along: the reference in whose name it is written, and the event that it
    follows."""

    of: str
    keys: set[str]
    case_ref: str = ""
    follows: Event | None = None
    # Single values, where their key must stay.
    values: Q | None = None
    # What else of the database goes, in the same transaction.
    then: list[Callable[[], object]] = field(default_factory=list)


def erase(*, what: str, ref: str, by: By = SCHEDULE, now: datetime | None = None) -> m.Erasure:
    """Erase one thing: a kind of `law.retention` and the reference of its row ("notice" also where nobody had
    decided). What is gone already stays so: Raises NotFound for that and for what never was, and Refused
    where a hold keeps it or somebody in its case has still to be heard."""
    erasure = begin(what=what, ref=ref, by=by, now=now)
    complete(erasure)
    return erasure


def erase_each(things: Iterable[tuple[str, str]], *, now: datetime) -> int:
    """Erase what the schedule names, a transaction each; what changed meanwhile is left. Returns how many.

    One that fails keeps none of the others: what went wrong first is raised when all have had their turn."""
    count, failed = 0, None
    for what, ref in things:
        try:
            _finish(begin(what=what, ref=ref, now=now))
        except (NotFound, Refused):
            continue
        except Exception as error:
            failed = failed or error
            continue
        count += 1
    if count:
        _scrub()
    if failed is not None:
        raise failed
    return count


def finish() -> int:
    """Complete what was cut off between its transaction and the end of its keys. Returns how many."""
    waiting = list(m.Erasure.objects.filter(unfinished__isnull=False).order_by("id"))
    for erasure in waiting:
        _finish(erasure)
    if waiting:
        _scrub()
    return len(waiting)


def forget_destroyed(about_to_be: Iterable[str] = ()) -> int:
    """Remove what lies sealed under keys that are destroyed, or are about to be: after an older copy of the
    database was put back, in which it lies again. Returns how many values."""
    gone = {*keys.destroyed_ids(), *about_to_be}
    held = set(m.SealedValue.objects.values_list("key_id", flat=True).distinct())
    found = sorted(gone & held)
    count = 0
    with transaction.atomic():
        for start in range(0, len(found), _BATCH):
            some = found[start : start + _BATCH]
            count += m.SealedValue.objects.filter(key_id__in=some).delete()[0]
        _wipe_outbox(gone)
        at = timezone.now()
        for model, column in ((m.Notice, "notifier_key"), (m.Case, "subject_key"), (m.Received, "key_id")):
            rows = model._default_manager.filter(erased_at=None)
            lost = [pk for pk, key in rows.values_list("pk", column).iterator() if key in gone]
            for start in range(0, len(lost), _BATCH):
                some_rows = model._default_manager.filter(pk__in=lost[start : start + _BATCH])
                some_rows.update(erased_at=at)
        erased = m.Notice.objects.filter(erased_at__isnull=False)
        m.AccessCode.objects.filter(
            Q(notice__in=erased) | Q(case__in=m.Case.objects.filter(erased_at__isnull=False))
        ).delete()
        m.NoticeItem.objects.filter(notice__in=erased).update(item_key=None)
        m.Case.objects.filter(erased_at__isnull=False).update(item_key=None)
        if count:
            append(kind="erasure.replayed", open={"values": count})
    if count:
        _scrub()
    return count


_BATCH = 500


def check(*, what: str, ref: str) -> None:
    """Raises what `erase` would raise now; changes nothing."""
    _OF[what](ref, timezone.now())


@transaction.atomic
def begin(*, what: str, ref: str, by: By = SCHEDULE, now: datetime | None = None) -> m.Erasure:
    """The first half of `erase`, all that can be rolled back: for a caller with rows of its own to write. It
    calls `complete` once that is committed; where it cannot, `finish` does."""
    at = now or timezone.now()
    gone = _OF[what](ref, at)
    values = m.SealedValue.objects.filter(Q(key_id__in=gone.keys) | (gone.values or Q(pk__in=())))
    names = {_name(owner, name) for owner, name in values.values_list("owner", "field").distinct()}
    values.delete()
    _wipe_outbox(gone.keys)
    for act in gone.then:
        act()
    event = append(
        kind="erasure",
        open={"what": what, "fields": sorted(names)[:_NAMED], "ground": by.ground, "by": by.word},
        actor_id=by.second,
        case_ref=gone.case_ref or gone.of,
        follows=gone.follows,
        clear_type="erasure",
    )
    erasure = m.Erasure.objects.create(
        what=what,
        of=gone.of,
        ground=by.ground,
        keys=sorted(gone.keys),
        erased_at=at,
        decided_by_id=by.first,
        second_id=by.second,
        event=event,
    )
    m.ErasureOpen.objects.create(erasure=erasure)
    return erasure


def complete(erasure: m.Erasure) -> None:
    """The second half, which nothing undoes: the keys go."""
    _finish(erasure)
    _scrub()


_NAMED = 60


def _name(owner: str, name: str) -> str:
    # Lines of a table are numbered.
    return owner if name.isdigit() else f"{owner}.{name}"


def _finish(erasure: m.Erasure) -> None:
    try:
        keys.destroy_many(erasure.keys)
    except UnknownKey:
        # The keys database was put back from before they were made: those that it knows go.
        keys.destroy_known(erasure.keys)
    m.ErasureOpen.objects.filter(pk=erasure.pk).delete()


def _scrub() -> None:
    scrub.scrub("default")


def _wipe_outbox(key_ids: Iterable[str]) -> None:
    """What was still to be sent of it is sent to nobody."""
    found = sorted(key_ids)
    for start in range(0, len(found), _BATCH):
        OutboxRow.objects.filter(key_id__in=found[start : start + _BATCH], done_at=None).update(
            done_at=timezone.now(), dead=False, sealed=None, leased_until=None, error_code="erased"
        )


def _contact(ref: str, now: datetime) -> _Gone:
    notice = _one(m.Notice.objects.select_related("event"), ref)
    _check_holds(notice, now)
    named = Q(owner="notice", row=ref, field__in=("name", "email"))
    if not notice.contact_key and not m.SealedValue.objects.filter(named).exists():
        raise NotFound(_ERASED)
    return _Gone(
        of=ref,
        keys={notice.contact_key} - {""},
        follows=notice.event,
        values=named,
        then=[lambda: m.Notice.objects.filter(pk=notice.pk).update(contact_key="")],
    )


def _affected_contact(ref: str, now: datetime) -> _Gone:
    case = _one(m.Case.objects, ref)
    _refuse_held(case, now)
    decisions = list(case.decisions.values_list("ref", flat=True))
    named = Q(owner="decision", row__in=decisions, field="email")
    if not case.contact_key and not m.SealedValue.objects.filter(named).exists():
        raise NotFound(_ERASED)
    return _Gone(
        of=ref,
        keys={case.contact_key} - {""},
        follows=_last_event(case),
        values=named,
        then=[lambda: m.Case.objects.filter(pk=case.pk).update(contact_key="")],
    )


def _notice(ref: str, now: datetime) -> _Gone:
    notice = _one(m.Notice.objects.select_related("event"), ref)
    if notice.erased_at:
        raise NotFound(_ERASED)
    _check_holds(notice, now)
    if notice.state != "withdrawn" and notice.items.exclude(case=None).exclude(case__state="closed").exists():
        raise Refused(_("A case about it is not over yet."))
    own = [notice.notifier_key, notice.items_key, notice.contact_key]
    received = m.Received.objects.filter(notice=notice)
    letters = m.ForwardLetter.objects.filter(forward__item__notice=notice)
    for rows in (received, letters, m.Appeal.objects.filter(notice=notice)):
        own += rows.values_list("key_id", flat=True)

    def rest() -> None:
        files.remove_of_notice(ref)
        # By its hash one could ask whether a known picture was once here.
        m.EvidenceFile.objects.filter(notice=notice).update(sha256=bytes(32), length=0)
        m.AccessCode.objects.filter(notice=notice).delete()
        m.NoticeItem.objects.filter(notice=notice).update(item_key=None)
        m.Notice.objects.filter(pk=notice.pk).update(erased_at=now, contact_key="")
        letters.update(erased_at=now)
        m.AppealStatus.objects.filter(appeal__notice=notice, erased_at=None).update(erased_at=now)
        m.ForwardToken.objects.filter(forward__item__notice=notice).delete()
        m.Inbound.objects.filter(notice=notice).update(
            key_mac=secrets.token_bytes(32), digest=secrets.token_bytes(32)
        )
        _forget_macs(m.TableLine.objects.filter(notice=notice), "content_mac")
        _forget_macs(received, "key_mac")
        received.update(erased_at=now)

    return _Gone(of=ref, keys=set(own) - {""}, follows=notice.event, then=[rest])


def _case(ref: str, now: datetime) -> _Gone:
    case = _one(m.Case.objects, ref)
    if case.erased_at:
        raise NotFound(_ERASED)
    _refuse_held(case, now)
    if case.state != "closed":
        raise Refused(_("This case is not over yet."))
    appeals = m.Appeal.objects.filter(decision__case=case, side="affected")

    def rest() -> None:
        m.AccessCode.objects.filter(case=case).delete()
        m.Case.objects.filter(pk=case.pk).update(item_key=None, erased_at=now, contact_key="")
        m.AppealStatus.objects.filter(appeal__in=appeals, erased_at=None).update(erased_at=now)
        # A draft that nobody published may be withheld for what it names.
        m.Publication.objects.filter(decision__case=case, state__in=("drafted", "withheld")).update(
            summary=""
        )

    return _Gone(
        of=ref,
        keys={case.subject_key, case.contact_key, *appeals.values_list("key_id", flat=True)} - {""},
        follows=_last_event(case),
        then=[rest],
    )


def _appeal(ref: str, now: datetime) -> _Gone:
    appeal = _one(m.Appeal.objects.select_related("status", "event", "notice", "decision__case"), ref)
    case = appeal.decision.case
    if appeal.status.erased_at:
        raise NotFound(_ERASED)
    _refuse_held(case, now)
    # Older appeals lie under the key of the notice or the case, which stays.
    shared = {case.subject_key, appeal.notice.notifier_key if appeal.notice else ""}
    return _Gone(
        of=ref,
        keys={appeal.key_id} - shared,
        case_ref=case.ref,
        follows=appeal.event,
        values=Q(owner="appeal", row=ref),
        then=[lambda: m.AppealStatus.objects.filter(pk=appeal.pk).update(erased_at=now)],
    )


def _message(ref: str, now: datetime) -> _Gone:
    received = _one(m.Received.objects.select_related("event"), ref)
    if received.erased_at or received.notice_id:
        raise NotFound(_ERASED)
    rows = m.Received.objects.filter(pk=received.pk)

    def rest() -> None:
        _forget_macs(rows, "key_mac")
        rows.update(erased_at=now)
        transaction.on_commit(lambda: uploads.drop_with(received))

    return _Gone(of=ref, keys={received.key_id}, follows=received.event, then=[rest])


def _letter(ref: str, now: datetime) -> _Gone:
    letter = _one(m.ForwardLetter.objects, ref)
    if letter.erased_at:
        raise NotFound(_ERASED)
    return _Gone(
        of=ref,
        keys={letter.key_id},
        then=[lambda: m.ForwardLetter.objects.filter(pk=letter.pk).update(erased_at=now)],
    )


def _import(ref: str, now: datetime) -> _Gone:
    run = ImportRun.objects.filter(pk=ref, finished_at__isnull=False).first()
    lines = ImportBadLine.objects.filter(run=run)
    if run is None or not lines.exists():
        raise NotFound(_ERASED)
    return _Gone(of=ref, keys={run.key_id}, then=[lines.delete])


_ERASED = gettext_lazy("There is no such thing here, or it is erased already.")
_OF: dict[str, Callable[[str, datetime], _Gone]] = {
    "contact": _contact,
    "affected-contact": _affected_contact,
    "notice": _notice,
    "undecided-notice": _notice,
    "case": _case,
    "appeal": _appeal,
    "message": _message,
    "letter": _letter,
    "import": _import,
}


def _one(rows: models.QuerySet[Row] | models.Manager[Row], ref: str) -> Row:
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_ERASED)
    return found


def _check_holds(notice: m.Notice, now: datetime) -> None:
    for item in notice.items.select_related("case"):
        if item.case is not None:
            _refuse_held(item.case, now)


def _refuse_held(case: m.Case, now: datetime) -> None:
    if holds.held(case, timezone.localdate(now)):
        raise Refused(_("Two people put a hold on this case, so nothing of it is erased until that ends."))


def _last_event(case: m.Case) -> Event | None:
    return Event.objects.filter(case_ref=case.ref).order_by("-id").first()


def _forget_macs(rows: models.QuerySet[models.Model], column: str) -> None:
    """By a keyed hash one could still ask whether something known was once here."""
    for row in rows:
        type(row)._default_manager.filter(pk=row.pk).update(**{column: secrets.token_bytes(32)})
