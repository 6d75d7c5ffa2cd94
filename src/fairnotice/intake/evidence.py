"""Takes in files from the form as they arrive: each is sealed piece by piece, and is never whole in memory or
in the clear on a disk. What may not come in is dropped, and a sentence says which and why; the rest of the
form is read all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from fairnotice.cases import uploads
from fairnotice.cases.forms.typed import Typed
from fairnotice.law.evidence import takes_files
from fairnotice.law.problems import PROBLEM_BY_SLUG
from fairnotice.plumbing.limits import limit

#: Set by `site.bodies` where only the beginning of a request was read, since it is too long or too many came.
CUT = "fairnotice.cut"
#: Name of the field.
FIELD = "evidence"
#: Files that one sender may send in a minute; a whole office may share an address.
PER_MINUTE = 60


class Arriving(FileUploadHandler):
    """Seals what arrives. `came` is what came whole; `said` tells what did not, and why."""

    chunk_size = 65_536

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._request = request
        self.came: list[uploads.Incoming] = []
        self.said: list[str] = []
        self._now: uploads.Incoming | None = None
        self._cut = str(request.META.get(CUT, ""))
        self._number = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Called where one begins; a form without a chosen file never gets here."""
        super().new_file(*args, **kwargs)
        name = str(self.file_name or "")
        self._number += 1
        if self._cut:
            # All of it that was read stood before this file.
            if self._cut == "busy":
                self.said.append(_("Many files are arriving just now. Wait a minute and add yours again."))
            else:
                self.said.append(uploads.too_big(name))
        elif self._number > settings.FN_EVIDENCE["count"]:
            most = settings.FN_EVIDENCE["count"]
            self.said.append(_("One report takes at most %(count)s files.") % {"count": most})
        elif not uploads.room():
            self._no_room()
        elif limit("notice-evidence", self._request, PER_MINUTE):
            self.said.append(_("Many files came from your network. Wait a minute and add yours again."))
        else:
            self._now = uploads.Incoming(name)
            return
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Sealed at once; nothing is passed on to anything else that would keep it."""
        if self._now is None:
            raise SkipFile
        if self._now.length + len(raw_data) > settings.FN_EVIDENCE["one"]:
            self.said.append(uploads.too_big(self._now.name))
            self._drop()
            raise SkipFile
        try:
            self._now.write(raw_data)
        except OSError:
            self._drop()
            self._no_room()
            raise SkipFile from None
        return None

    def file_complete(self, file_size: int) -> None:
        """It is whole, and is kept only when `take` says so."""
        if self._now is None:
            return
        if self._now.length == 0:
            self.said.append(_("“%(name)s” is empty. It was not kept.") % {"name": self._now.name})
            self._drop()
        else:
            self.came.append(self._now)
            self._now = None

    def drop_all(self) -> int:
        """Whatever came and was not kept is gone; how many came whole."""
        self._drop()
        count = len(self.came)
        while self.came:
            self.came.pop().discard()
        return count

    def _drop(self) -> None:
        if self._now is not None:
            self._now.discard()
            self._now = None

    def _no_room(self) -> None:
        self.said.append(_("There is no room for files just now. Your report can be sent without."))


@contextmanager
def arriving(request: HttpRequest) -> Iterator[Arriving]:
    """Around whatever reads the form. What nobody kept inside is gone afterwards, also after a failure."""
    handler = Arriving(request)
    request.upload_handlers = [handler]
    try:
        yield handler
    finally:
        handler.drop_all()


def take(handler: Arriving, typed: Typed, *, ours: bool) -> list[str]:
    """The files that came wait for the notice that is being typed; what there is to say about those that do
    not. `ours`: whether a page of ours sent them."""
    said = handler.said
    problem = typed.texts.get("problem", "")
    if ours and problem not in PROBLEM_BY_SLUG:
        # Nothing is thrown away for a choice that is not made yet; nor taken, since no page of ours sends it.
        handler.drop_all()
        return said
    if not ours or not settings.FN_EVIDENCE["count"] or not takes_files(problem):
        if handler.drop_all() + len(typed.files) and ours:
            said = [_("With a report about this, we take no files. What you added was thrown away unread.")]
        uploads.drop(uploads.handles(typed.files))
        typed.files = []
        return said
    here = uploads.handles(typed.files)
    gone = len(here)
    waiting = uploads.waiting(here)
    if len(waiting) < gone:
        said.append(_("A file is no longer here: we keep it for an hour only. Please add it again."))
    typed.files = [one.token for one in waiting]
    together, most = sum(one.length for one in waiting), settings.FN_EVIDENCE
    while handler.came:
        one = handler.came.pop(0)
        if len(typed.files) >= most["count"]:
            one.discard()
            said.append(_("One report takes at most %(count)s files.") % {"count": most["count"]})
        elif together + one.length > most["notice"]:
            one.discard()
            said.append(uploads.too_big_together())
        else:
            together += one.length
            try:
                typed.files.append(uploads.sign(one.finish()))
            except OSError:
                said.append(_("There is no room for files just now. Your report can be sent without."))
    uploads.renew(uploads.handles(typed.files))
    return list(dict.fromkeys(said))


def take_out(typed: Typed, number: str) -> None:
    """The file of this number is taken out again, for good."""
    if number.isascii() and number.isdigit() and len(number) < 3 and int(number) < len(typed.files):
        uploads.drop(uploads.handles([typed.files.pop(int(number))]))


def limits(there: int) -> dict[str, int]:
    """What a page says about how many more may come, and how big, where so many are there."""
    most = settings.FN_EVIDENCE
    return {"count": most["count"], "left": most["count"] - there, "one_mb": most["one"] // 1_000_000}
