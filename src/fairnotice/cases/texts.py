"""What a text must keep to before it is stored: characters that a database takes, a length, and for texts
that stay readable in the tables, nothing that leads to a person or a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fairnotice.cases.drafts import UNSTORABLE, Fault
from fairnotice.law.redaction import KIND_WORDS, findings


def character_faults(path: str, text: str) -> list[Fault]:
    """NUL and lone surrogates reach us through JSON escapes; neither can be stored as text."""
    if UNSTORABLE.search(text):
        say = _("This contains characters that cannot be stored. Please take them out.")
        return [Fault(path, "characters", say)]
    return []


def text_faults(path: str, text: str, most: int, missing: str = "") -> list[Fault]:
    """A text that will be sealed. `missing` is what to say where it is empty; "" where it may be."""
    if missing and not text.strip():
        return [Fault(path, "missing", missing)]
    if len(text) > most:
        return [Fault(path, "too_long", _("At most %(most)s characters fit here.") % {"most": most})]
    return character_faults(path, text)


def identifying_faults(path: str, text: str) -> list[Fault]:
    """Refuse what leads to a person or a page, in a text that is public or cannot be erased."""
    kinds = ", ".join(sorted({_(KIND_WORDS[finding.kind]) for finding in findings(text)}))
    if not kinds:
        return []
    say = _("Take out what leads to a person or a page (%(kinds)s).") % {"kinds": kinds}
    return [Fault(path, "identifying", say)]


def open_text_faults(path: str, text: str, most: int, missing: str = "") -> list[Fault]:
    """A text that is stored in the clear: it names nobody and no page."""
    return text_faults(path, text, most, missing) or identifying_faults(path, text)
