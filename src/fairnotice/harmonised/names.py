"""Which part a file or sheet is, by its name: for where the header alone does not say."""

from __future__ import annotations

import re

from fairnotice.harmonised.cells import plain

#: Words in names, in the order in which they are looked for; published reports also use translated ones.
_WORDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (6, ("own_initiative_tc", "initiative_tc", "initiative_agb", "initiative_cgu", "terms", "_tc")),
    (5, ("own_initiative", "initiative_illegal", "eigeninitiative", "initiative_propre", "πρωτοβουλ")),
    (10, ("amar", "active_recipients", "aktive_nutzer", "destinataires_actifs", "αποδεκτ")),
    (11, ("qualit", "ποιοτικ")),
    (9, ("human", "personal", "ressources_humaines", "ανθρωπιν", "ανθρώπιν")),
    (8, ("automat", "αυτοματ")),
    (
        7,
        (
            "appeal",
            "recidiv",
            "complaint",
            "beschwerde",
            "recours",
            "réclamation",
            "reclamation",
            "προσφυγ",
            "καταγγελ",
        ),
    ),
    (3, ("order", "anordnung", "injonction", "εντολ", "member_state", "mitgliedstaat")),
    (2, ("categor", "kategorie", "catégorie", "κατηγορ")),
    (4, ("notice", "meldung", "signalement", "notification", "ειδοποι")),
    (1, ("identification", "summary", "identifizierung", "angaben", "résumé", "στοιχεί")),
)
_NUMBER = re.compile(r"^\D{0,3}0?(\d{1,2})(?!\d)")
_PART = re.compile(r"part[\s_-]?(\d{1,2})(?!\d)")
#: "6_own_initiative_TC_version2", "4_notices_Ads": another version, another service.
_VERSION = re.compile(r"[\s_.-]*(?:version|ver|v)[\s_.-]*(\d{1,3})$")
_COPY = re.compile(r"[\s_.-]*(\(\d+\)|copy|final|corrected)$")


def stem(name: str) -> str:
    """The name without folders and ending, compared as people see it."""
    last = re.split(r"[/\\]", name)[-1]
    return plain(re.sub(r"\.[A-Za-z]{2,5}$", "", last))


def number_of(name: str) -> int | None:
    """The number that the name begins with or calls a part's; None where there is none from 1 to 11."""
    text = stem(name)
    found = _PART.search(text) or _NUMBER.match(text)
    return int(found[1]) if found and 1 <= int(found[1]) <= 11 else None


def part_of(name: str) -> int | None:
    """The part that the name tells of: by a word first, since some renumber their sections; else by
    number."""
    text = re.sub(r"[\s-]+", "_", stem(name))
    for part, words in _WORDS:
        if any(word in text for word in words):
            return part
    return number_of(name)


def version_of(name: str) -> int:
    """2 for "..._version2"; 1 where the name says nothing; 1 also for a mere copy."""
    found = _VERSION.search(_COPY.sub("", stem(name)))
    return int(found[1]) if found else 1


def sibling_of(name: str) -> str:
    """What follows the part's own name and makes it another table, for example "ads"; "" where nothing
    does."""
    text = re.sub(r"[\s-]+", "_", _VERSION.sub("", _COPY.sub("", stem(name))))
    found = re.search(
        r"(?:identification|names|orders?|notices|illegal|tc|recidivism|means|resources|amar|qualitative)_+(\w+)$",
        text,
    )
    return found[1] if found else ""
