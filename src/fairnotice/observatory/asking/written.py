"""The SQL of a question, kept from one run to the next where that is asked for.

To write it loads Ibis, which takes longer than most answers; a command that asks once would wait for that
each time. Pure.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fairnotice.observatory import kept
from fairnotice.observatory.asking.engines import Dialect
from fairnotice.observatory.question import Question

MOST: Final = 500
"""Texts that a folder keeps; beyond that the oldest go."""


def sql(question: Question, source: str, dialect: Dialect, folder: Path | None = None) -> str:
    """What `expression.sql` writes. `folder`: where texts are kept; None keeps none. Raises ImportError where
    it has to be written and Ibis is not installed."""
    if folder is None:
        return _new(question, source, dialect)
    # Days and how many rows are shown do not stand in the SQL.
    asked = json.dumps(replace(question, since=None, until=None, top=None).to_json(), sort_keys=True)
    name = hashlib.sha256(f"{asked}\n{source}\n{dialect}\n{_writer()}".encode()).hexdigest()
    path = folder / f"question-{name[:40]}.sql"
    if kept.ours(path):
        try:
            return path.read_text("utf-8")
        except (OSError, ValueError):
            pass
    text = _new(question, source, dialect)
    _keep(path, text)
    return text


def _new(question: Question, source: str, dialect: Dialect) -> str:
    from fairnotice.observatory.asking import expression

    return expression.sql(question, source, dialect)


def _writer() -> str:
    """What a text depends on beside its question: our own writing, and the Ibis that is installed. Neither is
    loaded for that."""
    spec = find_spec("ibis")
    about = os.stat(spec.origin) if spec and spec.origin else None
    installed = f"{about.st_mtime_ns} {about.st_size}" if about else ""
    ours = hashlib.sha256()
    for module in ("asking/expression.py", "asking/folding.py", "asking/days.py", "columns.py"):
        ours.update((Path(kept.__file__).parent / module).read_bytes())
    return f"{ours.hexdigest()} {spec.origin if spec else ''} {installed}"


def _keep(path: Path, text: str) -> None:
    """Written whole or not at all; a folder that cannot be written keeps nothing."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
            file.write(text)
        os.replace(file.name, path)
        there = sorted(path.parent.glob("question-*.sql"), key=lambda one: one.stat().st_mtime)
        for old in there[:-MOST]:
            old.unlink(missing_ok=True)
    except OSError:
        pass
