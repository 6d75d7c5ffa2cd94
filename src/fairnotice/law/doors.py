"""Where notices come in: one short name for each door. Standard library only.

A door translates; what it brings is the same kind of notice as from any other.
"""

from __future__ import annotations

from fairnotice.law.words import gettext_noop

#: Slug -> what it is called on screen. The slug stands with each notice and each stored message.
DOORS: dict[str, str] = {
    "web": gettext_noop("the form"),
    "json": gettext_noop("the interface for programs"),
    "file": gettext_noop("a file"),
    "xarf": gettext_noop("a machine-readable report"),
    "forward": gettext_noop("another organisation, which forwarded it"),
    "mail": gettext_noop("mail"),
    "csv": gettext_noop("a table"),
    "jsonl": gettext_noop("a list in JSON"),
    "mastodon": gettext_noop("Mastodon"),
    "flag": gettext_noop("a server of the fediverse"),
    "discourse": gettext_noop("Discourse"),
}

#: Why a message waits for a person, in words for that person.
REASONS: dict[str, str] = {
    "needs-a-person": gettext_noop("Somebody has to choose what kind of problem this is."),
    "not-confirmed": gettext_noop("The sender did not say that they believe it to be accurate."),
    "no-place": gettext_noop("No exact location was found in it."),
    "no-words": gettext_noop("It has no words that could be read."),
    "too-many-places": gettext_noop("It names more places than one notice takes; the first are filled in."),
    "invalid": gettext_noop("It is nearly a notice, but something in it is missing or wrong."),
    "by-a-program": gettext_noop("A program or a mailing list sent it; it may be no notice at all."),
    "unreadable": gettext_noop("It could not be taken apart."),
    "too-deep": gettext_noop("Its parts lie too deep in each other; not all were read."),
    "too-many-parts": gettext_noop("It has too many parts; not all were read."),
    "too-slow": gettext_noop("Reading it took too much time or memory, so it was stopped."),
    "too-big": gettext_noop("It is too long; only its beginning was read."),
    "encrypted": gettext_noop("It is encrypted or sealed, and no program here opens that."),
    "xarf-version": gettext_noop("It is a report of a version of XARF that is not read here."),
    "xarf-schema": gettext_noop("It is a report that breaks the rules of its own format."),
    "not-an-item": gettext_noop("It is a sound report, but about traffic, a machine or a message."),
    "answer": gettext_noop("It seems to answer a letter that we sent."),
    "auto-reply": gettext_noop("It is an automatic answer, or a mail to many that names no place."),
    "came-back": gettext_noop("A mail server sent a letter of ours back."),
    "signature-unchecked": gettext_noop("Nobody could check who sent it."),
    "failed": gettext_noop("The program failed on it several times."),
    "flood": gettext_noop("Very many came in at once."),
}
