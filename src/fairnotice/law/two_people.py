"""What two people do together: the states and the words of a proposal. Standard library only."""

from __future__ import annotations

from fairnotice.law.words import gettext_noop

STATES = ("proposed", "done", "refused", "expired")
#: A proposal that nobody confirms lapses after so many days.
DAYS = 7

#: Verb -> what it does, as a sentence that goes on after "Proposed:".
VERBS: dict[str, str] = {
    "export": gettext_noop("write the file of the case"),
    "erase": gettext_noop("erase it before its time"),
    "hold": gettext_noop("keep it until a day, whatever the schedule says"),
}

#: Why, as a code beside the words.
REASONS: dict[str, str] = {
    "court": gettext_noop("a court or an authority that may ask for it"),
    "person": gettext_noop("the person whom it is about asked for it"),
    "dispute": gettext_noop("a dispute about it"),
    "mistake": gettext_noop("a mistake that has to be undone"),
    "law": gettext_noop("another duty under the law"),
}
