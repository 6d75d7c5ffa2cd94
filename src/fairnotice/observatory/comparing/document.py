"""A comparison as JSON that one can cite and ask again, as CSV, and as text. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from fairnotice import __version__
from fairnotice.harmonised.categories import TOTAL
from fairnotice.harmonised.cells import inert
from fairnotice.law.taxonomy import CATEGORIES
from fairnotice.law.words import gettext_noop
from fairnotice.observatory import citing
from fairnotice.observatory.comparing.comparison import CompareError, Comparison, compare
from fairnotice.observatory.comparing.definitions import (
    COLUMN_WORDS,
    COMPARED,
    GENERAL_LIMITS,
    NOT_COMPARED,
    SHARES,
)
from fairnotice.observatory.comparing.lines import SIGNS, Line, worth_showing
from fairnotice.observatory.comparing.peers import DELAY, DELAY_WORDS, PEER_LIMITS, STANDINGS, Beside
from fairnotice.observatory.comparing.reported import Reported
from fairnotice.observatory.store import Store
from fairnotice.translog.encoding import printable

FORMAT: Final = "fair-notice-comparison/1"
_KEYS: Final = frozenset(
    {
        *("format", "reported", "platforms", "period", "peers", "own", "statements", "coverage"),
        *("lines", "beside", "answers", "sha256"),
    }
)
_OF_ID: Final = {one.id: one for one in COMPARED}
_SHARE_OF_ID: Final = {one.id: one for one in SHARES}
_ALL: Final = gettext_noop("all together")
Say = Callable[[str], str]
"""How words are translated."""

CSV_HEAD: Final = (
    *("table", "id", "row", "figure", "unit", "reported", "public_data", "difference", "level", "agreement"),
    *("own", "peers", "lowest", "lower_quarter", "middle", "upper_quarter", "highest", "standing", "why"),
)


def document(found: Comparison) -> dict[str, Any]:
    """Everything as plain JSON values: what was reported, what was asked, what came of it, and its digest."""
    reported = found.reported
    made: dict[str, Any] = {
        "format": FORMAT,
        "program": f"Fair Notice {__version__}",
        "reported": {
            "name": reported.name,
            "services": list(reported.services),
            "files": reported.files,
            "figures": [[name, row, value] for (name, row), value in sorted(reported.figures.items())],
        },
        "platforms": list(found.platforms),
        "period": [found.coverage.since.isoformat(), found.coverage.until.isoformat()],
        "peers": list(found.peers),
        "own": found.own,
        "statements": found.statements,
        "coverage": {
            "days": found.coverage.days,
            "there": found.coverage.there,
            "missing": [[first.isoformat(), last.isoformat()] for first, last in found.coverage.missing],
            "damaged": [day.isoformat() for day in found.coverage.damaged],
        },
        "lines": [asdict(line) for line in found.lines],
        "beside": [asdict(one) for one in found.beside],
        "notes": list(found.notes),
        "limits": [*GENERAL_LIMITS, *PEER_LIMITS],
        "answers": [citing.document(answer, rows=False) for answer in found.answers],
    }
    made["sha256"] = citing.digest(made)
    return made


def dumps(found: Comparison) -> str:
    """The text of the file."""
    return citing.written(document(found))


def check(found: object) -> dict[str, Any]:
    """A document that was read as JSON. Raises CitingError where it is no comparison."""
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise citing.CitingError(f"its format is not {FORMAT}")
    if missing := sorted(_KEYS - set(found)):
        raise citing.CitingError(f"it has no {', '.join(missing)}")
    try:
        _reported(found)
        _period(found)
    except (TypeError, KeyError, ValueError, AttributeError):
        raise citing.CitingError("its parts are not those of a comparison") from None
    for name, kind in (("platforms", str), ("peers", str), ("lines", dict), ("beside", dict)):
        if not isinstance(found[name], list) or any(not isinstance(one, kind) for one in found[name]):
            raise citing.CitingError("its parts are not those of a comparison")
    if not isinstance(found["answers"], list) or not found["answers"]:
        raise citing.CitingError("it names nothing that was asked")
    for answer in found["answers"]:
        citing.check(answer)
    return found


def verify(found: dict[str, Any], store: Store, ask: citing.Ask) -> citing.Verified:
    """Ask again what the comparison asked, and compare again. Raises what `ask` raises."""
    faults: list[str] = []
    said: list[str] = []
    if citing.digest(found) != found["sha256"]:
        faults.append("Something in it was changed: its sha256 is another one.")
    asked = True
    for answer in found["answers"]:
        one = citing.verify(answer, store, ask)
        faults += one.faults
        said += one.said
        asked = asked and one.asked_again
    if asked:
        faults += _again(found, store, ask)
        if found["own"]:
            said.append(
                "The operator's own practice beside its peers rests on its cases; it was not recounted."
            )
    return citing.Verified(tuple(dict.fromkeys(faults)), tuple(dict.fromkeys(said)), asked)


def _again(found: dict[str, Any], store: Store, ask: citing.Ask) -> Iterator[str]:
    reported = _reported(found)
    try:
        now = compare(
            reported,
            store,
            ask,
            platforms=found["platforms"],
            period=_period(found),
            peers=found["peers"],
            alone=found["own"],
        )
    except CompareError as error:
        yield f"It cannot be compared again: {error}."
        return
    made = document(now)
    if made["statements"] != found["statements"]:
        yield f"Compared again, it has {made['statements']} statements; the file says {found['statements']}."
    if made["coverage"] != found["coverage"]:
        yield "Compared again, other days of the period are there, or damaged, than the file says (coverage)."
    for name, what in (("lines", "figure"), ("beside", "share")):
        if name == "beside" and found["own"]:
            continue
        if made[name] != found[name]:
            then = {_line_key(one): one for one in found[name]}
            again = {_line_key(one): one for one in made[name]}
            differing = [key for key in {**then, **again} if then.get(key) != again.get(key)]
            come = f"{what} comes" if len(differing) == 1 else f"{what}s come"
            yield f"Compared again, {len(differing)} {come} out otherwise: {', '.join(differing[:5])}."


def _line_key(one: dict[str, Any]) -> str:
    return f"{one.get('id')} {one.get('row', '')}".strip()


def _reported(found: dict[str, Any]) -> Reported:
    said = found["reported"]
    figures = {(str(name), str(row)): int(value) for name, row, value in said["figures"]}
    return Reported(str(said["name"]), tuple(said["services"]), None, None, figures, dict(said["files"]))


def _period(found: dict[str, Any]) -> tuple[date, date]:
    since, until = found["period"]
    return date.fromisoformat(since), date.fromisoformat(until)


# --- words


def figure_words(name: str, row: str, say: Say = str, *, short: bool = False) -> str:
    """What a line is about: "Own initiative, illegal content, content removed: Violence". `short`: where the
    part of the report stands above it."""
    if name == DELAY:
        return say(DELAY_WORDS)
    if share := _SHARE_OF_ID.get(name):
        text = say(share.words)
        return text % {"what": say(COLUMN_WORDS[share.column])} if share.column else text
    one = _OF_ID[name]
    what = say(one.words)
    if one.part in (5, 6):
        column = say(COLUMN_WORDS[one.column])
        what = column[:1].upper() + column[1:] if short else f"{what}, {column}"
    if not row:
        return what
    return f"{what}: {say(_ALL) if row == TOTAL else say(CATEGORIES.get(row, row))}"


def amount(value: float | None, unit: str) -> str:
    """As people read it: 1,204 or 12.3 %."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value * 100:.1f} %"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def apart(line: Line) -> str:
    """The difference as people read it: +12.3 %, or −4.0 points for shares."""
    if line.difference is None:
        return "–"
    sign = "+" if line.difference > 0 else "−" if line.difference < 0 else "±"
    points = " points" if line.unit == "share" else " %"
    return f"{sign}{abs(line.difference) * 100:.1f}{points}"


def unit_of(one: Beside) -> str:
    """Of a line beside peers."""
    return "days" if one.id == DELAY else "share"


def to_csv(found: Comparison) -> str:
    """Both tables in one: `table` says which."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_HEAD)
    for line in found.lines:
        figure = inert(figure_words(line.id, line.row))
        cells = (line.unit, line.reported, line.derived, line.difference, line.level, line.agreement)
        writer.writerow(["report", line.id, line.row, figure, *cells, *[""] * 8, line.why])
    for one in found.beside:
        figure = inert(figure_words(one.id, ""))
        spread = (one.own, one.peers, one.lowest, one.low, one.middle, one.high, one.highest, one.standing)
        writer.writerow(["peers", one.id, "", figure, unit_of(one), *[""] * 5, *spread, ""])
    return out.getvalue()


def to_text(found: Comparison, *, everything: bool = False) -> str:
    """For a terminal. Only what differs and the totals, unless `everything` is asked for."""
    lines = (one for line in _text(found, everything) for one in _apart(line))
    return "\n".join(map(printable, lines)) + "\n"


def _apart(line: str) -> tuple[str, ...]:
    """A heading begins with a line break, which stays one; others would be of somebody else's text."""
    return ("", line[1:]) if line.startswith("\n") else (line,)


def _text(found: Comparison, everything: bool) -> Iterator[str]:
    cover = found.coverage
    yield f"{found.reported.name}, {cover.since} to {cover.until}"
    days = f"{cover.there} of {cover.days} days are in the store."
    if found.platforms:
        names = ", ".join(found.platforms)
        yield f"beside the statements of {names}: {found.statements:,} statements; {days}"
    else:
        yield f"No statements of its own are laid beside it: --platform names it in the public data; {days}"
    if found.own:
        yield f"{found.measures:,} measures of its own cases took effect in these days."
    yield from (f"Note: {note}" for note in found.notes)
    if found.platforms:
        yield from _lines_text(found.lines, everything)
    if found.beside:
        yield from _beside_text(found)
    yield "\nTo read this rightly:"
    general = GENERAL_LIMITS if found.platforms else GENERAL_LIMITS[:1]
    yield from (f"- {limit}" for limit in (*general, *(PEER_LIMITS if found.beside else ())))
    if not found.platforms:
        return
    yield "\nNot compared:"
    yield from (f"- {what}: {why}" for what, why in NOT_COMPARED)


def _lines_text(lines: tuple[Line, ...], everything: bool) -> Iterator[str]:
    shown = worth_showing(lines, everything=everything)
    yield f"\n{'reported':>14} {'public data':>14} {'difference':>13}   figure"
    for one in shown:
        shape, word = SIGNS[one.level]
        about = f"{word}, can only agree roughly" if one.agreement == "roughly" else word
        yield (
            f"{amount(one.reported, one.unit):>14} {amount(one.derived, one.unit):>14} {apart(one):>13} "
            f"{shape} {figure_words(one.id, one.row)} [{about}]" + (f" {one.why}" if one.why else "")
        )
    if len(shown) < len(lines):
        yield f"{len(lines) - len(shown)} more figures are alike, or not judged: --all shows them."


def _beside_text(found: Comparison) -> Iterator[str]:
    yield f"\nBeside {len(found.peers)} peers: {', '.join(found.peers) or 'none'}"
    yield f"\n{'own':>9} {'lowest':>9} {'lower ¼':>9} {'middle':>9} {'upper ¼':>9} {'highest':>9}   share"
    for one in found.beside:
        values = (one.own, one.lowest, one.low, one.middle, one.high, one.highest)
        shape, word = STANDINGS[one.standing]
        yield (
            " ".join(f"{amount(value, unit_of(one)):>9}" for value in values)
            + f" {shape} {figure_words(one.id, '')} [{word}]"
        )
