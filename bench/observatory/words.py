"""What made statements say: senders, what each of them mostly decides, and its prepared texts.

Every cell is already written as the database writes it: whatever holds a blank, a comma, a quotation mark or
a line break is in quotation marks.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fairnotice.law import enums, taxonomy

PLATFORMS: Final = 80
_VISIBILITY: Final = ("REMOVED", "DISABLED", "DEMOTED", "AGE_RESTRICTED", "LABELLED")
_SAID: Final = (
    "this item was found to offer goods without the notice that buyers need and breaks a clause of our "
    "published terms on misleading offers after a check by a trained person it shows a scene which the rules "
    "on violence do not allow and that several people reported within one week account holder had been told "
    "before and did not change the listing in time so access was limited in states named here until mended "
    "automatic comparison with pictures known from earlier decisions gave a close match sound recording "
    "belongs to somebody else who asked for removal under copyright message calls for harm against a group "
    "because of origin profile pretends to be another person spreads links to pages that collect passwords "
    "price shown differs from what is asked at the end seller could not be traced sample was sent back "
    "advertisement for medicine sold only on prescription promises cure nobody has tested repeated posts in "
    "short time suggest they were written by a program comments below were closed too"
)
_WORDS: Final = (*_SAID.split(), "größere", "privée", "niño", "zgłoszenie", "été", "straße")
_PLACES: Final = ("Market", "Video", "Friends", "Maps", "Travel", "Photo", "Games", "Jobs", "Music", "Shop")

_LANGUAGES: Final = (
    *("BG", "CS", "DA", "DE", "EL", "EN", "ES", "ET", "FI", "FR", "GA", "HR"),
    *("HU", "IT", "LT", "LV", "MT", "NL", "PL", "PT", "RO", "SK", "SL", "SV"),
)


@dataclass(frozen=True, slots=True)
class Practice:
    """What one sender does in one kind of case: the cells that hang together, joined as they stand side by
    side. `head`: decision_visibility and its "other"; `middle`: decision_monetary to decision_account but the
    end of the last; `body`: account_type to content_type_other; `scope`: territorial_scope; `source`:
    source_type to automated_detection. `ends`: whether visibility ends, and the account's limit."""

    head: str
    middle: str
    body: str
    scope: str
    source: str
    ends: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Platform:
    """One sender: its name as a cell, how often it sends, what it does, and its texts of facts as cells."""

    name: str
    weight: float
    practices: tuple[Practice, ...]
    facts: tuple[str, ...]
    automated: tuple[str, ...]
    languages: tuple[str, ...]


def cell(text: str) -> str:
    """As PHP writes it into CSV."""
    if any(mark in text for mark in ' ,"\n\r\t'):
        return '"' + text.replace('"', '""') + '"'
    return text


def codes(items: Sequence[str]) -> str:
    """A list as a cell: JSON, with its quotation marks doubled."""
    return cell(json.dumps(list(items), separators=(",", ":"))) if items else ""


def platforms(seed: int) -> list[Platform]:
    """The same senders for the same seed: a few send most, as in the real database."""
    chance = random.Random(seed)
    return [_platform(number, chance) for number in range(PLATFORMS)]


def _platform(number: int, chance: random.Random) -> Platform:
    many = max(2, round(60 / (1 + number * 0.3)))
    place = _PLACES[number % len(_PLACES)]
    categories = chance.sample(sorted(taxonomy.CATEGORIES), chance.randint(3, 12))
    grounds = [_text(chance, 30, 110) for _ in range(8)]
    explanations = [_text(chance, 60, 300) for _ in range(many)]
    scopes = [_scope(chance) for _ in range(4)]
    return Platform(
        name=cell(f"{place} {number}" if number % 3 else f"{place}{number}"),
        weight=(1 + number) ** -1.3,
        practices=tuple(_practice(chance, categories, grounds, explanations, scopes) for _ in range(many)),
        facts=tuple(cell(_facts(chance)) for _ in range(many * 8)),
        automated=tuple(chance.choices(sorted(enums.AUTOMATED_DECISION), [6, 3, 2], k=3)),
        languages=(*chance.sample(_LANGUAGES, 6), "", "", "EN"),
    )


def _practice(
    chance: random.Random,
    categories: list[str],
    grounds: list[str],
    explanations: list[str],
    scopes: list[str],
) -> Practice:
    category = chance.choice(categories)
    visible, account = chance.random() < 0.85, ""
    seen = [f"DECISION_VISIBILITY_CONTENT_{chance.choice(_VISIBILITY)}"] if visible else []
    if visible and chance.random() < 0.05:
        seen.append("DECISION_VISIBILITY_OTHER")
    other = "Shown behind a warning" if "DECISION_VISIBILITY_OTHER" in seen else ""
    monetary = "DECISION_MONETARY_SUSPENSION" if chance.random() < 0.03 else ""
    provision = "DECISION_PROVISION_PARTIAL_SUSPENSION" if chance.random() < 0.06 else ""
    if not (seen or monetary or provision) or chance.random() < 0.08:
        account = chance.choice(["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"])
    source = "SOURCE_VOLUNTARY" if chance.random() < 0.85 else chance.choice(sorted(enums.SOURCE_TYPES))
    if category == taxonomy.NOT_SPECIFIED:
        source = "SOURCE_ARTICLE_16"
    return Practice(
        head=f"{codes(seen)},{cell(other)}",
        middle=f"{monetary},,,{provision},,{account}",
        body=",".join(_body(chance, category, account, grounds, explanations)),
        scope=chance.choice(scopes),
        source=source,
        ends=(chance.random() < 0.1, bool(account) and chance.random() < 0.5),
    )


def _body(
    chance: random.Random, category: str, account: str, grounds: list[str], explanations: list[str]
) -> list[str]:
    """account_type to content_type_other."""
    illegal = chance.random() < 0.07
    ground, why = cell(chance.choice(grounds)), cell(chance.choice(explanations))
    keywords = sorted(taxonomy.KEYWORDS[category])
    many = chance.choices([0, 1, 2], [50, 45, 5])[0]
    named = chance.sample(keywords, min(many, len(keywords)))
    added = [chance.choice(sorted(taxonomy.CATEGORIES))] if chance.random() < 0.1 else []
    kinds = ["TEXT", "VIDEO", "IMAGE", "PRODUCT", "AUDIO", "OTHER"]
    kind = chance.choices(kinds, [6, 4, 4, 3, 1, 1], k=1 if chance.random() < 0.8 else 2)
    return [
        chance.choice(["ACCOUNT_TYPE_PRIVATE", "ACCOUNT_TYPE_BUSINESS"]) if account else "",
        f"DECISION_GROUND_{'ILLEGAL' if illegal else 'INCOMPATIBLE'}_CONTENT",
        f"https://rules{chance.randrange(9)}.example/terms#{chance.randrange(40)}"
        if chance.random() < 0.3
        else "",
        *((ground, why, "", "") if illegal else ("", "", ground, why)),
        "" if illegal or chance.random() < 0.6 else chance.choice(["Yes", "No"]),
        category,
        codes(added),
        codes(named),
        cell("Something else that we do not allow") if "KEYWORD_OTHER" in named else "",
        codes(sorted({f"CONTENT_TYPE_{one}" for one in kind})),
        cell("A shared list") if "OTHER" in kind else "",
    ]


def _scope(chance: random.Random) -> str:
    states = sorted(enums.TERRITORIES)
    roll = chance.random()
    if roll < 0.15:
        return ""
    return codes(states if roll < 0.7 else sorted(chance.sample(states, chance.randint(1, 6))))


def _text(chance: random.Random, fewest: int, most: int) -> str:
    length = chance.randint(fewest, most)
    words: list[str] = []
    while sum(map(len, words)) + len(words) < length:
        words.append(chance.choice(_WORDS))
    return " ".join(words).capitalize() + "."


def _facts(chance: random.Random) -> str:
    text = _text(chance, 60, 420)
    roll = chance.random()
    if roll < 0.2:
        text = text.replace(" and ", ", and ").replace(" so ", ", so ")
    elif roll < 0.3:
        text += f' See clause {chance.randint(1, 9)}.{chance.randint(1, 9)} ("offers").'
    elif roll < 0.34:
        text = text.replace(" by ", "\nby ")
    return text
