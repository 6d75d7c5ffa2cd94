"""Files that may come with a notice: why one is not shown, and which notices may have any. Standard library
only."""

from __future__ import annotations

from fairnotice.law.problems import NO_FILES, PROBLEM_BY_SLUG
from fairnotice.law.words import gettext_noop

#: Why a file is not, or not yet, shown; and why one is no longer there.
REASONS: dict[str, str] = {
    "no-virus-check": gettext_noop("It waits for the virus check, which cannot be reached just now."),
    "other-type": gettext_noop("It is of a kind that is not shown here; it can be had as it came in."),
    "damaged": gettext_noop("It cannot be read to its end; it can be had as it came in."),
    "locked": gettext_noop("It needs a password; it can be had as it came in."),
    "no-renderer": gettext_noop("Nothing here can draw a PDF; it can be had as it came in."),
    "too-many-pixels": gettext_noop("It unpacks to far more than any picture needs. Nobody can open it."),
    "too-much": gettext_noop("Reading it took too much time or memory. Nobody can open it."),
    "virus": gettext_noop("The virus check found something in it. Nobody can open it."),
    "lost": gettext_noop("What was stored cannot be opened any more."),
    "taken-back": gettext_noop("Whoever sent it took it back."),
    "withdrawn": gettext_noop("It went with the notice, which was withdrawn."),
    "erased": gettext_noop("It was erased."),
}


def takes_files(problem: str) -> bool:
    """Whether files may come with a notice about this. Never for intimate pictures and children: a copy would
    repeat the harm, and to hold it may be a crime. False where the problem is not known."""
    found = PROBLEM_BY_SLUG.get(problem)
    return found is not None and NO_FILES not in found.flags
