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
    "needs-a-person": gettext_noop("A person wrote it in their own words: choose what it is about."),
    "no-place": gettext_noop("No exact place was found in it."),
    "no-words": gettext_noop("It says nothing about why."),
    "unreadable": gettext_noop("It could not be taken apart."),
    "too-deep": gettext_noop("It is nested too deeply."),
    "too-many-parts": gettext_noop("It has too many parts."),
    "too-slow": gettext_noop("Reading it took too long."),
    "too-big": gettext_noop("It is too big; only its beginning was kept."),
    "encrypted": gettext_noop("It is encrypted."),
    "xarf-version": gettext_noop("It is a report in a version that is not read."),
    "xarf-schema": gettext_noop("It is a report that breaks its own schema."),
    "not-an-item": gettext_noop("It is about traffic or a machine, not about an item."),
    "invalid": gettext_noop("Something that a notice needs is missing or wrong."),
    "signature-unchecked": gettext_noop("Nobody could check who sent it."),
    "failed": gettext_noop("The program failed on it several times."),
    "flood": gettext_noop("Very many came in at once."),
}
