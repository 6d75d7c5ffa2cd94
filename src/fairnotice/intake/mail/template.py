"""A mail that follows the template of docs/mail.md is a whole notice: each field has a line of its own.

Where: https://example.org/page
Problem: phishing
Why: It looks like my bank's page and asks for the password.
Life in danger: no
I believe this is accurate: yes
"""

from __future__ import annotations

import re

from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.intake.mail.places import place_of_line
from fairnotice.law.problems import PROBLEM_BY_SLUG

_FIELD = re.compile(
    r"[ \t*]{0,9}(where|problem|why|law|name|e-?mail|i believe this is accurate|life in danger)"
    r"[ \t*]{0,9}:(.*)",
    re.IGNORECASE,
)
_MANY = ("where", "why")
_YES = re.compile(r"[\s*]*yes\b", re.IGNORECASE)


def read(text: str, name: str, email: str) -> NoticeDraft | None:
    """The draft that this text fills in, None where it does not follow the template. `name` and `email` are
    the sender's; a line of the template that gives or empties them counts more."""
    fields = _fields(text)
    if not {"where", "problem"} <= fields.keys():
        return None
    places = dict.fromkeys(place_of_line(line) for line in fields["where"].split("\n") if line.strip())
    law = fields.get("law", "")
    return NoticeDraft(
        items=[ItemDraft(place) for place in places],
        problem=_problem(fields["problem"]),
        why=fields.get("why") or fields[""],
        ground_kind="law" if law else "unsure",
        law=law,
        name=fields.get("name", name),
        email=fields.get("email", email),
        life_in_danger=bool(_YES.match(fields.get("life in danger", ""))),
        good_faith=bool(_YES.match(fields.get("i believe this is accurate", ""))) or None,
    )


def _fields(text: str) -> dict[str, str]:
    """The lines of each field; under "" those that belong to none. A field that takes many lines ends where
    the next begins, one that takes a single line with it; what comes again is added."""
    found: dict[str, list[str]] = {"": []}
    now = ""
    for line in text.split("\n"):
        field = _FIELD.fullmatch(line)
        if field:
            now = field[1].lower().replace("-", "")
            found.setdefault(now, []).append(field[2].strip())
        elif line.strip() == "--":
            break
        else:
            found[now if now in _MANY else ""].append(line.rstrip())
    return {name: "\n".join(lines).strip() for name, lines in found.items()}


def _problem(said: str) -> str:
    """The slug of a kind of problem: by itself, or by what the form calls it."""
    word = " ".join(said.split()).strip(" .*").lower()
    slug = word.replace(" ", "-").replace("_", "-")
    labels = {problem.label.lower().replace("’", "'"): problem.slug for problem in PROBLEM_BY_SLUG.values()}
    return slug if slug in PROBLEM_BY_SLUG else labels.get(word.replace("’", "'"), "")
