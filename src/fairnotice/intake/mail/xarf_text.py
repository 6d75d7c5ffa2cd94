"""X-ARF 0.1 and 0.2: a mail whose second part has the report as lines of `Name: value`."""

from __future__ import annotations

from fairnotice.intake.mail.fields import Fields, draft_of, first, read_fields
from fairnotice.intake.mail.found import Found
from fairnotice.intake.mail.receipt import sender_of
from fairnotice.plumbing.mail.letter import Letter
from fairnotice.plumbing.mail.words import decoded, storable, text_of

_MARKS = ("X-ARF", "X-XARF")
_MUST = frozenset({"report-type", "source"})
# Sources that are a place; all others are machines and mail addresses.
_PLACES = frozenset({"uri", "url", "http", "https", "website"})
_PROBLEMS = {
    "phishing": "phishing",
    "malware": "malware",
    "malware-attack": "malware",
    "virus": "malware",
    "fraud": "scam",
    "scam": "scam",
    "copyright": "copyright",
    "copyright-infringement": "copyright",
    "trademark": "trademark",
    "child-abuse": "child-abuse",
    "csam": "child-abuse",
}


def is_report(letter: Letter) -> bool:
    """Whether it says of itself that it is one, or carries the part that has its fields."""
    return any(letter.head.get(name) is not None for name in _MARKS) or _fields(letter) is not None


def read(letter: Letter) -> Found:
    """What the report says."""
    fields = _fields(letter)
    if fields is None:
        return Found("x-arf", reason="unreadable")
    kind = first(fields, "report-type").strip().lower().replace("_", "-")
    source = first(fields, "source")
    by_place = first(fields, "source-type").strip().lower() in _PLACES or "://" in source
    name, email = sender_of(letter)
    said = [
        f"A program reports {kind.replace('-', ' ')}, seen at {first(fields, 'date') or 'a time not given'}."
    ]
    said += [f"Found by: {first(fields, 'service')}"] if first(fields, "service") else []
    draft = draft_of(_PROBLEMS.get(kind, "other"), [source], said, storable(text_of(letter)), name, email)
    if not by_place:
        return Found("x-arf", draft, "not-an-item")
    return Found("x-arf", draft, "" if draft.items else "no-place")


def _fields(letter: Letter) -> Fields | None:
    """Of the part called report.txt, else of the second text, where that has what every report has."""
    texts = [part for part in letter.parts if part.kind in ("text/plain", "text/yaml", "application/yaml")]
    named = [part for part in texts if part.name.lower() in ("report.txt", "report.yml", "report.yaml")]
    for part in [*named, *texts[1:2]][:2]:
        fields = read_fields(storable(decoded(part)))
        if fields.keys() >= _MUST:
            return fields
    return None
