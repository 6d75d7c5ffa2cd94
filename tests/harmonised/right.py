"""A report in which everything is right: all eleven parts of a very large platform, with numbers that add up."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fairnotice.harmonised import indicators
from fairnotice.harmonised.codes import OFFICIAL, STATES
from fairnotice.harmonised.columns import RESTRICTIONS
from fairnotice.harmonised.parts import OTHER_TEXT, PARTS, indicator_row, state_rows
from fairnotice.harmonised.report import Report

SERVICE = "Example Board"
PERIOD = "2026-01-01/2026-06-30"
Rows = list[list[str]]

_PART_1 = {
    "name": "Example Provider Ltd",
    "published": "2026-08-20",
    "previous": "2026-02-27",
    "start": "2026-01-01",
    "end": "2026-06-30",
}
#: Category -> what "other" means there; the second is a further row.
OTHERS = ("A kind of its own", "Another kind")


def right() -> Report:
    """A fresh one, to be broken."""
    parts: dict[int, Rows] = {
        1: [_set(1, row, value=_PART_1[key]) for row, key in zip(PARTS[1].rows, PARTS[1].keys, strict=True)],
        2: [list(row) for row in PARTS[2].rows],
        3: _orders(),
        4: _counted(4, list(PARTS[4].rows), _notices, _medians_4),
        5: _counted(5, list(PARTS[5].rows), _measures),
        6: _counted(6, list(PARTS[6].rows), _measures),
        7: _by_key(7, _APPEALS),
        8: _means(),
        9: _people(),
        10: _recipients(),
        11: [
            _set(
                11, row, value=f"What this provider says about {key}, in its own words, “quoted”; and so on."
            )
            for row, key in zip(PARTS[11].rows, PARTS[11].keys, strict=True)
        ],
    }
    return Report(parts)


def _set(number: int, row: Sequence[str], **cells: str) -> list[str]:
    part = PARTS[number]
    full = list(row)
    for column, place in ((column, part.at(column.key)) for column in part.columns):
        if column.kind == "service":
            full[place] = SERVICE
        elif column.kind == "period":
            full[place] = PERIOD
    for key, text in cells.items():
        full[part.at(key)] = text
    return full


Made = Callable[[int], dict[str, int]]


def _notices(place: int) -> dict[str, int]:
    notices = place % 5 * 7
    flagged = min(notices, place % 3)
    return {
        "notices": notices,
        "notices_tf": flagged,
        "items": notices * 2,
        "items_tf": flagged * 2,
        "law": notices // 2,
        "law_tf": flagged // 2,
        "terms": notices // 3,
        "terms_tf": 0,
    }


def _medians_4(row: dict[str, int]) -> dict[str, str]:
    ends = (("median", "notices", ""), ("median_tf", "notices_tf", "_tf"))
    return {name: "12.5" if row[count] and row[f"law{end}"] else "" for name, count, end in ends}


def _measures(place: int) -> dict[str, int]:
    kinds = {key: (place + shift) % 4 for shift, key in enumerate(RESTRICTIONS)}
    measures = sum(kinds.values())
    return {"measures": measures, "automated": measures // 2, **kinds}


def _acts(place: int) -> dict[str, int]:
    acts, asked = place % 3, place % 2
    return {"act": acts, "act_items": acts * 3, "info": asked}


def _medians_3(row: dict[str, int]) -> dict[str, str]:
    acted, asked = bool(row["act"]), bool(row["info"])
    return {
        "act_inform": "0" if acted else "",
        "act_effect": "30.25" if acted else "",
        "info_inform": "0.5" if asked else "",
        "info_effect": "48" if asked else "",
    }


def _counted(
    number: int,
    rows: Rows | list[tuple[str, ...]],
    made: Made,
    medians: Callable[[dict[str, int]], dict[str, str]] = lambda row: {},
    shift: int = 0,
) -> Rows:
    """Sub-categories from `made`, categories and TOTAL as their sums; in the first category a further "other"."""
    part, place_of = PARTS[number], PARTS[number].at("category")
    found: Rows = []
    sums: dict[int, dict[str, int]] = {}
    total, high = 0, 0
    others = 0
    for place, row in enumerate(rows):
        full = _set(number, row)
        code = full[place_of]
        found.append(full)
        here = len(found) - 1
        if code == "TOTAL":
            total, sums[here] = here, {}
            continue
        if code.startswith("STATEMENT_"):
            high, sums[here] = here, {}
            if code.endswith(("NOT_SPECIFIED_ORDER", "NOT_SPECIFIED_NOTICE")):
                _add(sums, (high, total), made(place + shift))
            continue
        numbers = made(place + shift)
        if code == "KEYWORD_OTHER":
            full[part.at("other")] = OTHERS[0]
            others += 1
        _fill(number, full, numbers, medians(numbers))
        _add(sums, (high, total), numbers)
        if code == "KEYWORD_OTHER" and others == 1:
            further = list(full)
            further[part.at("other")] = OTHERS[1]
            found.append(further)
            _add(sums, (high, total), numbers)
    for here, numbers in sums.items():
        _fill(number, found[here], numbers, medians(numbers))
    assert OTHER_TEXT not in {cell for row in found for cell in row}
    return found


def _add(sums: dict[int, dict[str, int]], places: tuple[int, ...], numbers: dict[str, int]) -> None:
    for place in places:
        for key, number in numbers.items():
            sums[place][key] = sums[place].get(key, 0) + number


def _fill(number: int, full: list[str], numbers: dict[str, int], medians: dict[str, str]) -> None:
    for key, one in numbers.items():
        full[PARTS[number].at(key)] = str(one)
    for key, text in medians.items():
        full[PARTS[number].at(key)] = text


def _orders() -> Rows:
    """DE and EL with orders, and the totals as their sums."""
    part = PARTS[3]
    forgotten = next(place for place, row in enumerate(state_rows("DE")) if _is_lacking(row))
    blocks = {
        # Without the row that the official blank forgets, so with nothing to count in it.
        "DE": _counted(
            3,
            state_rows("DE"),
            lambda place: dict.fromkeys(_acts(place), 0) if place == forgotten else _acts(place),
            _medians_3,
        ),
        "EL": _counted(3, state_rows("EL"), _acts, _medians_3, 1),
    }
    totals = []
    for rows in zip(*blocks.values(), strict=True):
        row = list(rows[0])
        row[part.at("scope")] = "TOTAL"
        numbers = {key: sum(int(one[part.at(key)]) for one in rows) for key in ("act", "act_items", "info")}
        _fill(3, row, numbers, _medians_3(numbers))
        totals.append(row)
    blocks["DE"] = [row for row in blocks["DE"] if not _is_lacking(row)]
    return [*totals, *blocks["DE"], *blocks["EL"]]


def _is_lacking(row: list[str] | tuple[str, ...]) -> bool:
    return row[PARTS[3].at("category")] == "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"


_OUTCOMES = ("total", "upheld", "partially_reversed", "reversed")
_APPEALS = {
    "complaints.omitted": "2",
    "new_restrictions.total": "3",
    "disputes.omitted": "1",
    "disputes.implemented": "0.75",
    "suspended_content.total": "5",
    "suspended_notices.total": "0",
    "suspended_complaints.total": "1",
    **{
        f"{name}.{scope}": text
        for name, texts in {
            "complaints": ("60", "30", "10", "15", "20.5"),
            "visibility": ("30", "15", "5", "8", "18"),
            "service": ("0", "0", "0", "0", ""),
            "account": ("12", "6", "2", "4", "44"),
            "monetary": ("4", "2", "1", "1", "60"),
            "no_action": ("14", "7", "2", "2", "20"),
            "no_action_tf": ("3", "1", "1", "1", "6"),
            "disputes": ("9", "4", "1", "3", "700"),
        }.items()
        for scope, text in zip((*_OUTCOMES, "median"), texts, strict=True)
    },
}


def _by_key(number: int, texts: dict[str, str]) -> Rows:
    return [
        _set(number, row, value=texts[key])
        for row, key in zip(PARTS[number].rows, PARTS[number].keys, strict=True)
        if key in texts
    ]


def _means() -> Rows:
    texts = {
        f"{group}.{one}": text
        for group, row in {
            "total": ("90", "400", "0.97", "0.9", "0.88"),
            "own": ("50", "300", "1", "0.95", "0"),
            "notices": ("0", "120", "", "", ""),
            "notices_tf": ("0", "20", "", "", ""),
        }.items()
        for one, text in zip(("solely", "not", "accuracy", "precision", "recall"), row, strict=True)
    }
    rows = _by_key(8, texts)
    for place, code in enumerate(OFFICIAL):
        for one in indicators.automated_of_language(code):
            rate = "0.9" if place else ""
            text = str(place) if one.kind == "count" else rate
            rows.append(_set(8, indicator_row(8, one), value=text))
    return rows


def _people() -> Rows:
    rows = _by_key(9, {"internal": "40.5", "external": "100", "languages": "120"})
    for place, code in enumerate(OFFICIAL):
        rows.append(_set(9, indicator_row(9, indicators.people_of_language(code)), value=f"{place}.5"))
    return rows


def _recipients() -> Rows:
    counts = {state: 1000 * (place + 1) for place, state in enumerate(STATES)}
    counts = {"TOTAL": sum(counts.values()), **counts}
    return [
        _set(10, indicator_row(10, indicators.recipients_of(state)), value=str(one))
        for state, one in counts.items()
    ]


def nothing_happened() -> Report:
    """What a small host publishes whom nobody wrote to: zeros, no medians, no block for a Member State, and what is
    for very large platforms left as the blank has it."""
    parts: dict[int, Rows] = {}
    for number, part in PARTS.items():
        rows = [(key, _set(number, row)) for key, row in zip(part.keys, part.rows, strict=True)]
        rows = [(key, row) for key, row in rows if not (number == 3 and key.startswith("state:"))]
        for key, row in rows:
            for column in part.columns:
                if column.kind == "count":
                    row[part.at(column.key)] = "0"
                elif column.kind == "other":
                    row[part.at(column.key)] = ""
            text = _nothing(number, key)
            if text is not None:
                row[part.at("value")] = text
        parts[number] = [row for _key, row in rows]
    return Report(parts)


def _nothing(number: int, key: str) -> str | None:
    if number == 1:
        return {**_PART_1, "previous": ""}[key]
    if number == 7:
        return "" if key.endswith((".median", ".implemented")) else "0"
    if number == 8 and not key.startswith("language:"):
        return "0" if key.endswith((".solely", ".not")) else ""
    of_all = ("summary", "information", "automated", "accuracy", "purposes", "safeguards")
    return "In its own words." if number == 11 and key in of_all else None
