"""Statements as files: calls of up to 100 that can be sent as they are, or the layout of the database's
dumps; and beside them what has changed since about those that the database has."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils import timezone

from fairnotice.cases import filing_leases as leases
from fairnotice.cases import filings
from fairnotice.cases.actions import filing as actions
from fairnotice.cases.models import Filing
from fairnotice.cases.queries.filings import history
from fairnotice.transparencydb import dump

_CHUNK = 200


class FolderNotEmpty(Exception):
    """The folder holds something already: nothing is written over."""


@dataclass
class Written:
    """`counts` by word: "written", and why others were not: "held", "rejected", "erased", "sending",
    "accepted". `files` in order."""

    counts: Counter[str] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)


def export(
    folder: Path, form: str, since: date | None = None, until: date | None = None, *, everything: bool = False
) -> Written:
    """Write the statements whose measures took effect from `since` to `until`, both days included, as "json"
    or "csv". JSON holds what is not in the database yet, so that no call is refused for what it repeats;
    with `everything`, and as CSV, also what is. What a person has to look at, or was erased, is only counted.
    Raises FolderNotEmpty, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FolderNotEmpty
    place = leases.place()
    actions.prepare(place=place, now=timezone.now(), most=1_000_000)
    done = Written()
    wanted = {"queued", "accepted", "sending"} if everything or form == "csv" else {"queued"}
    rows = _rows(place, since, until, wanted, done)
    if form == "csv":
        _as_csv(folder, rows, done)
    else:
        _as_calls(folder, rows, done)
    _changes(folder, place, since, until, done)
    actions.exported(place=place, form=form, statements=done.counts["written"])
    return done


def _all(place: str, since: date | None, until: date | None) -> Iterator[Filing]:
    found = Filing.objects.filter(place=place).select_related("decision__case", "decision__event", "event")
    if since:
        found = found.filter(applied_on__gte=since)
    if until:
        found = found.filter(applied_on__lte=until)
    last = 0
    while chunk := list(found.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield from chunk
        last = chunk[-1].pk


def _rows(
    place: str, since: date | None, until: date | None, wanted: set[str], done: Written
) -> Iterator[tuple[Filing, dict[str, object]]]:
    """Each with its object, looked at once more as if it were sent."""
    for filing in _all(place, since, until):
        if filing.state not in wanted:
            done.counts[filing.state] += 1
            continue
        try:
            looked = filings.look(filing)
        except filings.TextsErased:
            done.counts["erased"] += 1
            continue
        if looked.hindered(cleared=filing.cleared):
            actions.stop_one(filing_ref=filing.ref)
            done.counts["held"] += 1
            continue
        done.counts["written"] += 1
        yield filing, looked.object


def _as_calls(folder: Path, rows: Iterator[tuple[Filing, dict[str, object]]], done: Written) -> None:
    call: list[dict[str, object]] = []
    for _filing, made in rows:
        call.append(made)
        if len(call) == leases.CALL:
            _write_call(folder, call, done)
            call = []
    if call:
        _write_call(folder, call, done)


def _write_call(folder: Path, call: list[dict[str, object]], done: Written) -> None:
    path = folder / f"statements-{len(done.files) + 1:05d}.json"
    with _new(path) as file:
        json.dump({"statements": call}, file, ensure_ascii=False, indent=1)
        file.write("\n")
    done.files.append(path)


def _as_csv(folder: Path, rows: Iterator[tuple[Filing, dict[str, object]]], done: Written) -> None:
    path = folder / "statements.csv"
    name = str(settings.FN_OPERATOR["name"])
    with _new(path) as file:
        dump.write(
            (
                dump.to_row(
                    made,
                    uuid=filing.uuid,
                    platform_name=name,
                    created_at=filing.accepted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
                    if filing.accepted_at
                    else "",
                )
                for filing, made in rows
            ),
            file,
        )
    done.files.append(path)


def _changes(folder: Path, place: str, since: date | None, until: date | None, done: Written) -> None:
    """One line of JSON for each statement of which the database does not know how it stands now."""
    path = folder / "changed-since.jsonl"
    with _new(path) as file:
        for filing in _all(place, since, until):
            if filing.state != "accepted":
                continue
            steps = [one for one in history(filing.decision, filing) if one.since and one.what != "upheld"]
            if not steps:
                continue
            said = [
                {"at": one.at.isoformat(timespec="seconds"), "what": one.what, "measure": one.detail,
                 "day": one.day.isoformat() if one.day else None}
                for one in steps
            ]  # fmt: skip
            line = {"puid": filing.puid, "uuid": filing.uuid, "since": said}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            done.counts["changed"] += 1
    done.files.append(path)


def _new(path: Path) -> TextIO:
    """A new file for this user alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
