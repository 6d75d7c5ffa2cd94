"""The files of notices as people see them: at the desk, and behind the code of whoever sent them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from fairnotice.cases import files, uploads
from fairnotice.cases.errors import NotFound, Refused
from fairnotice.cases.models import AccessCode, CaseInvolved, EvidenceFile, Notice
from fairnotice.cases.people import visible_cases
from fairnotice.cases.permissions import ACTIONS, Actor
from fairnotice.law.evidence import REASONS, takes_files


@dataclass(frozen=True)
class FileView:
    """One file. `name` is "" where it is not for this role, or gone; `openable`: there is something made of
    it to look at; `to_be_had`: as it came in, for a purpose."""

    ref: str
    state: str
    reason: str
    name: str
    media: str
    length: int
    sha256: str
    pages: int
    shown: int
    openable: bool
    to_be_had: bool


def _view(row: EvidenceFile, *, named: bool, may_open: bool = True) -> FileView:
    return FileView(
        ref=row.ref,
        state=row.state,
        reason=_(REASONS[row.reason]) if row.reason else "",
        name=uploads.name_of(row) if named else "",
        media=row.media,
        length=row.length,
        sha256=bytes(row.sha256).hex(),
        pages=row.pages,
        shown=len(row.shown),
        openable=may_open and row.state == "ready",
        to_be_had=may_open and row.state in ("ready", "kept"),
    )


def of_notice(actor: Actor, notice: Notice) -> list[FileView]:
    """The files of a notice that this actor found through a case; names for roles that see sealed texts."""
    may = _may_read(actor, notice)
    return [_view(row, named=may, may_open=may) for row in files.of_notice(notice)]


def _may_read(actor: Actor, notice: Notice) -> bool:
    """By role; and nobody who is kept out of one of its cases, though they may see another."""
    kept_out = CaseInvolved.objects.filter(user_id=actor.user_id, kind="involved", case__items__notice=notice)
    return bool(actor.roles & ACTIONS["see_sealed"]) and not kept_out.exists()


def file_for(actor: Actor, ref: str) -> EvidenceFile:
    """A file of a notice in a case that this person may see, and may read. For anybody else it looks as if
    it did not exist. Raises NotFound."""
    row = (
        EvidenceFile.objects.select_related("notice__event")
        .filter(ref=ref, notice__items__case__in=visible_cases(actor))
        .exclude(state="removed")
        .distinct()
        .first()
    )
    if (
        row is None
        or row.notice is None
        or not _may_read(actor, row.notice)
        or not takes_files(row.notice.problem)
    ):
        raise NotFound(_("There is no such file."))
    return row


def case_of(actor: Actor, row: EvidenceFile) -> str:
    """The reference of the first case of its notice that this person may see."""
    cases = visible_cases(actor).filter(items__notice=row.notice_id).order_by("id")
    return cases.values_list("ref", flat=True).first() or ""


def refuse_closed(row: EvidenceFile) -> None:
    """Raises Refused for a file of which nothing is handed out, or not yet."""
    if row.state == "quarantined":
        raise Refused(_("This file has not been looked at yet. Nothing of it is shown before that."))
    if row.state not in ("ready", "kept"):
        raise Refused(_("Nobody can open this file."))


def view_of(row: EvidenceFile) -> FileView:
    """The file that `file_for` found."""
    return _view(row, named=True)


def own(access: AccessCode) -> list[FileView]:
    """What whoever sent a notice sent along with it."""
    if access.notice is None:
        return []
    return [_view(row, named=True) for row in files.of_notice(access.notice)]


def without_check() -> int:
    """How many files wait because the virus check cannot be reached."""
    waiting = EvidenceFile.objects.filter(state="quarantined", reason="no-virus-check")
    return int(waiting.aggregate(n=Count("id"))["n"])
