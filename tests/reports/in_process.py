"""The checker without its process, for tests of what stands around it."""

from __future__ import annotations

from collections.abc import Sequence

from fairnotice.harmonised.files import Entry
from fairnotice.harmonised.limits import LIMITS, Limits
from fairnotice.plumbing.limited import Answer
from fairnotice.reports import check_worker
from fairnotice.reports.checker import Checked, Checker, _checked


class InProcess(Checker):
    """Answers as the process would."""

    def check(self, entries: Sequence[Entry], limits: Limits = LIMITS) -> Checked:
        """In this process."""
        files = [{"name": one.name, "size": len(one.data), "why": one.why} for one in entries]
        asked = {"files": files, "limits": {name: getattr(limits, name) for name in Limits.__slots__}}
        said, parts = check_worker._check(asked, b"".join(one.data for one in entries))
        return _checked(Answer(said, tuple(parts)))
