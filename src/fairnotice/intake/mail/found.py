"""What a reader of one format says about a report that came by mail."""

from __future__ import annotations

from dataclasses import dataclass

from fairnotice.cases.drafts import NoticeDraft


@dataclass(frozen=True)
class Found:
    """`reason` is "" where `draft` is one that may be a whole notice, "not-an-item" where it is about none;
    otherwise a person has to look."""

    format: str
    draft: NoticeDraft | None = None
    reason: str = ""
