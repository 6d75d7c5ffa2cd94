"""Rows of a dump by the hundred thousand: one CSV as bytes, written column by column.

Senders come in runs, as they file in bulk; the same seed and number give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from bench.observatory import words
from fairnotice.transparencydb.dump import COLUMNS

DAY = date(2026, 3, 1)
SECONDS = 86_400
_BACK, _AHEAD = 3000, 400  # days known before and after the day
_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_ROWS_A_RUN = 40
_ALIKE = 0.8


def csv(seed: int, number: int, rows: int, total: int) -> bytes:
    """The `number`th CSV of a dump of `total` CSVs: a header, and no line break at its end."""
    made = _tables(seed)
    chance = np.random.default_rng([seed, number])
    platform, practice, texts = made.runs(chance, rows)
    decided = np.minimum(chance.geometric(0.35, rows) - 1, 200)
    content = decided + np.minimum(chance.exponential(30, rows).astype(np.int64), _BACK - 500)
    second = number * (SECONDS // total) + np.sort(chance.integers(0, SECONDS // total, rows))
    lasts = chance.integers(1, _AHEAD, rows)
    days, columns = made.days, made.columns
    visible_ends = np.where(made.ends[practice, 0], _BACK - decided + lasts, _BACK + _AHEAD)
    account_ends = np.where(made.ends[practice, 1], _BACK - decided + lasts, _BACK + _AHEAD)
    barcode = np.where(chance.random(rows) < 0.002, chance.integers(1, 500, rows), 0)
    identity = (chance.random(rows) < 0.004).astype(np.int64)
    detection = (chance.random(rows) < made.detected[practice]).astype(np.int64)
    decision = _pick(chance, platform * 3, 3)
    language = _pick(chance, platform * made.languages, made.languages)
    cells = [
        _uuids(chance, rows),
        columns["head"].gather(practice),
        days.gather(visible_ends),
        columns["middle"].gather(practice),
        days.gather(account_ends),
        columns["body"].gather(practice),
        columns["language"].gather(language),
        days.gather(_BACK - content),
        columns["barcode"].gather(barcode),
        columns["scope"].gather(practice),
        days.gather(_BACK - decided),
        columns["facts"].gather(texts),
        columns["source"].gather(practice),
        columns["identity"].gather(identity),
        columns["detection"].gather(detection),
        columns["decision"].gather(decision),
        columns["name"].gather(platform),
        _names(chance, rows),
        made.seconds.gather(second),
    ]
    frame = pl.DataFrame({str(place): one for place, one in enumerate(cells)})
    lines = frame.select(pl.concat_str(pl.all(), separator=","))
    joined: str = lines.to_series().str.join("\n").item()
    return (",".join(COLUMNS) + "\n" + joined).encode()


@dataclass(slots=True)
class _Tables:
    """Cells to choose from, as columns; what belongs to which sender, as places in them."""

    columns: dict[str, pl.Series]
    days: pl.Series
    seconds: pl.Series
    weights: Any
    first_fact: Any
    facts_of: Any
    first_practice: Any
    practices_of: Any
    ends: Any
    detected: Any
    languages: int = field(default=9)

    def runs(self, chance: np.random.Generator, rows: int) -> tuple[Any, Any, Any]:
        """Of each row its sender, its practice and its text of facts."""
        count = rows // _ROWS_A_RUN * 2 + 10
        long = np.minimum(chance.geometric(1 / _ROWS_A_RUN, count), 100)
        senders = chance.choice(len(self.weights), count, p=self.weights)
        # Most of what a run decides is one and the same, in the same words.
        most = _pick(chance, self.first_practice[senders], self.practices_of[senders])
        reach = np.repeat(np.arange(count), long)
        if len(reach) < rows:
            reach = np.concatenate([reach, np.full(rows - len(reach), count - 1)])
        reach = reach[:rows]
        platform = senders[reach]
        single = _pick(chance, self.first_practice[platform], self.practices_of[platform])
        texts = _pick(chance, self.first_fact[senders], self.facts_of[senders])
        text = _pick(chance, self.first_fact[platform], self.facts_of[platform])
        alike = chance.random(rows) < _ALIKE
        return platform, np.where(alike, most[reach], single), np.where(alike, texts[reach], text)


def _pick(chance: np.random.Generator, first: Any, many: Any) -> Any:
    """For each row a place from `first` on, one of `many`; the earlier ones more often."""
    return first + (chance.random(len(first)) ** 2 * many).astype(np.int64)


@cache
def _tables(seed: int) -> _Tables:
    senders = words.platforms(seed)
    practices = [one for sender in senders for one in sender.practices]
    weights = np.array([sender.weight for sender in senders])
    first = [DAY + timedelta(days=number - _BACK) for number in range(_BACK + _AHEAD)]
    clock = [f"{one // 3600:02}:{one // 60 % 60:02}:{one % 60:02}" for one in range(SECONDS)]
    chance = np.random.default_rng(seed)
    return _Tables(
        columns={
            "head": pl.Series([one.head for one in practices]),
            "middle": pl.Series([one.middle for one in practices]),
            "body": pl.Series([one.body for one in practices]),
            "scope": pl.Series([one.scope for one in practices]),
            "source": pl.Series([one.source for one in practices]),
            "language": pl.Series([code for sender in senders for code in sender.languages]),
            "barcode": pl.Series(["", *(f"40063813{number:05}" for number in range(1, 500))]),
            "facts": pl.Series([text for sender in senders for text in sender.facts]),
            "identity": pl.Series(["", words.cell("An association of rights holders")]),
            "detection": pl.Series(["No", "Yes"]),
            "decision": pl.Series([code for sender in senders for code in sender.automated]),
            "name": pl.Series([sender.name for sender in senders]),
        },
        days=pl.Series([f'"{day} 00:00:00"' for day in first] + [""]),
        seconds=pl.Series([f'"{DAY} {time}"' for time in clock]),
        weights=weights / weights.sum(),
        first_fact=_starts([len(sender.facts) for sender in senders]),
        facts_of=np.array([len(sender.facts) for sender in senders]),
        first_practice=_starts([len(sender.practices) for sender in senders]),
        practices_of=np.array([len(sender.practices) for sender in senders]),
        ends=np.array([one.ends for one in practices]),
        detected=chance.choice([0.0, 0.02, 0.5, 0.95, 1.0], len(practices)),
        languages=len(senders[0].languages),
    )


def _starts(counts: list[int]) -> Any:
    return np.array([0, *accumulate(counts[:-1])])


def _uuids(chance: np.random.Generator, rows: int) -> pl.Series:
    """Random ones of version 4, as texts."""
    made = _HEX[chance.integers(0, 16, (rows, 36), dtype=np.uint8)]
    made[:, [8, 13, 18, 23]] = ord("-")
    made[:, 14] = ord("4")
    made[:, 19] = _HEX[8 + chance.integers(0, 4, rows)]
    return _texts(made)


def _names(chance: np.random.Generator, rows: int) -> pl.Series:
    """What senders call their own statements: forty signs, half of them alike."""
    made = np.empty((rows, 40), dtype=np.uint8)
    made[:, :20] = np.frombuffer(b"moderation-decision-", dtype=np.uint8)
    made[:, 20:] = _HEX[chance.integers(0, 16, (rows, 20), dtype=np.uint8)]
    return _texts(made)


def _texts(signs: Any) -> pl.Series:
    """Rows of ASCII signs as texts, without a step for each."""
    rows, wide = signs.shape
    ends = pa.py_buffer(np.arange(rows + 1, dtype=np.int32) * wide)
    found = pl.from_arrow(pa.StringArray.from_buffers(rows, ends, pa.py_buffer(signs.tobytes())))
    if not isinstance(found, pl.Series):
        raise TypeError("a column of texts was expected")
    return found
