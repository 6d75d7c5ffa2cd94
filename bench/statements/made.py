"""Makes dump files of our own: rows like those of the daily dumps, a few percent of them faulty.

Ten platforms of very different size; each explains its decisions with a few hundred prepared texts, some with
a number of their own in them. Lengths are those of short paragraphs. The same seed gives the same bytes.
"""

from __future__ import annotations

import csv
import json
import random
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from fairnotice.law import enums, taxonomy
from fairnotice.transparencydb.dump import COLUMNS

Row = dict[str, str]

FAULTY = 0.03
_SAID = (
    "the item was found to offer goods without the notice that buyers need and breaks a clause of our "
    "published terms on misleading offers after a check by a trained person it shows a scene that the rules "
    "on violence do not allow and that was reported by several people in one week account holder was told "
    "before and did not change the listing in time so that access had to be limited in the states named here "
    "until it is mended"
)
_WORDS = _SAID.split()


def write(path: Path, count: int, seed: int = 1) -> None:
    """A CSV with `count` rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows(count, seed):
            writer.writerow([row.get(column, "") for column in COLUMNS])


def rows(count: int, seed: int = 1) -> Iterator[Row]:
    """The rows one by one, as cells; a column that is missing is empty."""
    chance = random.Random(seed)
    platforms = [_Platform(number, chance) for number in range(10)]
    weights = [1 / (1 + number) for number in range(10)]
    for number, platform in enumerate(chance.choices(platforms, weights, k=count)):
        row = platform.row(number, chance)
        if chance.random() < FAULTY:
            chance.choice(BREAKS)(row, chance)
        yield row


class _Platform:
    """One sender: what it does mostly, and how it words it."""

    def __init__(self, number: int, chance: random.Random) -> None:
        self.name = f"Platform {number}"
        self.facts = [_text(chance, 40, 600) for _ in range(300)]
        self.explanations = [_text(chance, 60, 500) for _ in range(200)]
        self.grounds = [_text(chance, 20, 120) for _ in range(40)]
        self.own = 0.02 * number  # how often a text has a number of its own
        self.categories = chance.sample(sorted(taxonomy.CATEGORIES), 6)
        self.scopes = [_scope(chance) for _ in range(12)]

    def row(self, number: int, chance: random.Random) -> Row:
        """A right one."""
        start = date(2026, 1, 1) + timedelta(days=chance.randrange(200))
        hour, minute, second = (chance.randrange(10, most) for most in (24, 60, 60))
        content = start - timedelta(days=int(chance.expovariate(1 / 40)) + 1)
        category = chance.choice(self.categories)
        facts = chance.choice(self.facts)
        if chance.random() < self.own:
            facts += f" Internal number {number}."
        row = {
            "uuid": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "category": category,
            "content_type": _list(
                [chance.choice(["CONTENT_TYPE_TEXT", "CONTENT_TYPE_VIDEO", "CONTENT_TYPE_IMAGE"])]
            ),
            "content_date": f"{max(content, date(2001, 1, 1))} 00:00:00",
            "application_date": f"{start} 00:00:00",
            "decision_facts": facts,
            "source_type": chance.choices(["SOURCE_VOLUNTARY", "SOURCE_ARTICLE_16"], [9, 1])[0],
            "automated_detection": chance.choice(["Yes", "No"]),
            "automated_decision": chance.choice(sorted(enums.AUTOMATED_DECISION)),
            "platform_name": self.name,
            "platform_uid": f"{self.name[-1]}-{number:09d}-{chance.getrandbits(48):012x}",
            "created_at": f"{start} {hour}:{minute}:{second}",
        }
        if category == taxonomy.NOT_SPECIFIED:
            row["source_type"] = "SOURCE_ARTICLE_16"
        self._measure(row, start, chance)
        ground, which = (
            ("illegal_content_legal_ground", "illegal")
            if chance.random() < 0.1
            else ("incompatible_content_ground", "incompatible")
        )
        row["decision_ground"] = f"DECISION_GROUND_{which.upper()}_CONTENT"
        row[ground] = chance.choice(self.grounds)
        row[f"{which}_content_explanation"] = chance.choice(self.explanations)
        if chance.random() < 0.4:
            row["category_specification"] = _list([chance.choice(sorted(taxonomy.KEYWORDS[category]))])
            if "KEYWORD_OTHER" in row["category_specification"]:
                row["category_specification_other"] = chance.choice(self.grounds)
        if chance.random() < 0.7:
            row["territorial_scope"] = chance.choice(self.scopes)
        if chance.random() < 0.5:
            row["content_language"] = chance.choice(["DE", "FR", "EN", "ES", "IT", "PL"])
        return row

    def _measure(self, row: Row, start: date, chance: random.Random) -> None:
        kind = chance.random()
        if kind < 0.8:
            row["decision_visibility"] = _list(
                ["DECISION_VISIBILITY_CONTENT_" + chance.choice(["REMOVED", "DISABLED", "DEMOTED"])]
            )
            if chance.random() < 0.2:
                row["end_date_visibility_restriction"] = f"{start + timedelta(days=90)} 00:00:00"
        elif kind < 0.95:
            row["decision_account"] = "DECISION_ACCOUNT_SUSPENDED"
            row["account_type"] = "ACCOUNT_TYPE_PRIVATE"
        else:
            row["decision_provision"] = "DECISION_PROVISION_PARTIAL_SUSPENSION"


def _text(chance: random.Random, fewest: int, most: int) -> str:
    length = chance.randint(fewest, most)
    words: list[str] = []
    while len(words) * 4 < length:
        words.append(chance.choice(_WORDS))
    text = " ".join(words)[:length].strip().capitalize()
    if chance.random() < 0.2:
        text = text.replace(" so that ", ", so that ").replace(" and ", ", and ", 1)
    if chance.random() < 0.1:
        text += f' See clause {chance.randint(1, 9)}.{chance.randint(1, 9)} ("offers").'
    return text + "."


def _list(items: list[str]) -> str:
    return json.dumps(items, separators=(",", ":"))


def _scope(chance: random.Random) -> str:
    states = sorted(enums.TERRITORIES)
    return _list(states if chance.random() < 0.6 else sorted(chance.sample(states, chance.randint(1, 8))))


def _set(column: str, value: str) -> Callable[[Row, random.Random], None]:
    def change(row: Row, _chance: random.Random) -> None:
        row[column] = value

    return change


def _personal(row: Row, chance: random.Random) -> None:
    mail, number = f"user{chance.randrange(10**6)}@mail.example", chance.randrange(10**6, 10**7)
    row["decision_facts"] += f" Written by {mail} from +49 30 {number}."


def _late(row: Row, _chance: random.Random) -> None:
    row["content_date"] = "2027-01-01 00:00:00"


def _long(row: Row, _chance: random.Random) -> None:
    row["decision_facts"] = "too long " * 600


# Each is one slip of a sender.
BREAKS: tuple[Callable[[Row, random.Random], None], ...] = (
    _personal,
    _late,
    _long,
    _set("category", "STATEMENT_CATEGORY_PIRACY"),
    _set("platform_uid", "not allowed!"),
    _set("decision_ground", ""),
    _set("application_date", "2026-02-31 00:00:00"),
    _set("content_date", "1999-12-31 00:00:00"),
    _set("territorial_scope", '["DE","UK"]'),
    _set("territorial_scope", "[DE, FR]"),
    _set("content_language", "de"),
    _set("decision_facts", ""),
    _set("decision_facts", "-"),
    _set("category_specification", '["KEYWORD_PHISHING","KEYWORD_NUDITY"]'),
    _set("category_specification", '["KEYWORD_OTHER"]'),
    _set("end_date_monetary_restriction", "2026-12-31 00:00:00"),
    _set("content_id_ean", "4006381333932"),
    _set("content_type", "[]"),
    _set("automated_detection", "true"),
    _set("source_identity", "null"),
    _set("decision_ground_reference_url", "clause 4"),
    _set("account_type", "null"),
)  # fmt: skip
