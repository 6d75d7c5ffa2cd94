"""Looks at the files that came with notices, one after the other, before anybody sees anything of them."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from fairnotice.cases import files
from fairnotice.cases.actions.files import Found, settle
from fairnotice.cases.errors import Conflict, NotFound, Refused
from fairnotice.cases.models import EvidenceFile
from fairnotice.plumbing import instream
from fairnotice.plumbing.looking.eyes import Eyes
from fairnotice.vault import files as store
from fairnotice.vault.errors import Erased, SealBroken


class NoVirusCheck(Exception):
    """The virus check of the settings cannot be reached: files wait until it can."""


def look_at_waiting(eyes: Eyes, stop: Callable[[], bool] = lambda: False) -> int:
    """Look at all that wait, the oldest first, until asked to stop; how many. Raises NoVirusCheck where one
    is set and cannot be reached, after saying so at each file that waits."""
    done = 0
    while not stop():
        row = EvidenceFile.objects.filter(state="quarantined", notice__isnull=False).order_by("id").first()
        if row is None:
            break
        _look_at(row, eyes)
        done += 1
    return done


def _look_at(row: EvidenceFile, eyes: Eyes) -> None:
    made: list[str] = []
    try:
        try:
            found = _find(row, eyes, made)
        except (store.FileGone, SealBroken):
            found = Found("refused", "", "lost")
        settle(file_ref=row.ref, found=found)
    except (Erased, Conflict, Refused, NotFound):
        # It was removed while somebody looked. What was made of it goes as well.
        for file_id in made:
            store.remove(file_id)
        files.finish_removals()


def _find(row: EvidenceFile, eyes: Eyes, made: list[str]) -> Found:
    if settings.FN_CLAMD and not _is_clean(row):
        return Found("refused", "", "virus")
    seen = eyes.look(store.read(row.key_id, row.original))
    shown = []
    for one in seen.shown:
        stored = store.put(row.key_id, [one.data])
        made.append(stored.id)
        shown.append(
            {
                "id": stored.id,
                "media": one.media,
                "width": one.width,
                "height": one.height,
                "length": stored.length,
            }
        )
    return Found(seen.outcome, seen.media, seen.reason, seen.pages, shown)


def _is_clean(row: EvidenceFile) -> bool:
    try:
        return instream.is_clean(instream.parse(settings.FN_CLAMD), files.original(row))
    except instream.Unreachable:
        waiting = EvidenceFile.objects.filter(state="quarantined", notice__isnull=False)
        waiting.update(reason="no-virus-check")
        raise NoVirusCheck from None
