"""Views for the pages: asked once for each state of the store, one at a time, and remembered."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from fairnotice.observatory.asking import EngineError, NoDays, ask
from fairnotice.observatory.question import Question
from fairnotice.observatory.store import Store, StoreError
from fairnotice.observatory.topics import Choice, Topic, View, show, tally

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

#: So many answers are remembered. Their tables are some kilobytes each.
REMEMBERED = 200
#: So many seconds somebody waits while others are being answered. Counting takes all cores, so that two at a
#: time would be no faster, and a crowd must not take the site down.
PATIENCE = 20.0

_memory: OrderedDict[Hashable, object] = OrderedDict()
_lock, _counting = threading.Lock(), threading.Lock()


class Busy(Exception):
    """Others are being answered; come again."""


class Unavailable(Exception):
    """The store cannot be read here; the operator's log says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds: platforms by size, days, statements."""

    platforms: tuple[str, ...]
    days: int
    first: date
    last: date
    statements: int


def store() -> Store | None:
    """The store of this site; None where there is none."""
    folder = settings.FN_OBSERVATORY_STORE
    return Store(Path(folder)) if folder and Path(folder).is_dir() else None


def known() -> Known | None:
    """None where the store has no day. Raises Busy and Unavailable."""
    found = store()
    if found is None:
        return None

    def count() -> Known | None:
        try:
            result = ask(found, Question(by=("platform",)))
        except NoDays:
            return None
        sizes = tally.counts(result, "platform")
        days = {one.day for one in result.inputs}
        names = tuple(str(name) for name, _size in sizes.most_common() if name)
        return Known(names, len(days), min(days), max(days), sizes.total())

    return _once(found, "known", count)


def view(topic: Topic, choice: Choice) -> View | None:
    """None where the store has none of the days. Raises Busy and Unavailable."""
    found = store()
    if found is None:
        return None

    def answer() -> View | None:
        try:
            return show(topic, choice, lambda question: ask(found, question))
        except NoDays:
            return None

    return _once(found, (topic.name, choice), answer)


def forget() -> None:
    """Drop everything that is remembered."""
    with _lock:
        _memory.clear()


def state(found: Store) -> Hashable:
    """Changes with every day that comes, goes or is replaced, since a day is moved to its place whole."""
    stamps = []
    for day in found.days():
        try:
            manifest = (day.folder / "manifest.json").stat()
        except OSError:
            continue  # it was taken out meanwhile
        stamps.append((day.folder.name, manifest.st_ino, manifest.st_mtime_ns, manifest.st_size))
    return (str(found.path), hash(tuple(stamps)), len(stamps))


def _once(found: Store, what: Hashable, make: Callable[[], Answer]) -> Answer:
    try:
        key = (state(found), what)
    except OSError as error:
        logger.warning("the observatory cannot read its store: %s", error)
        raise Unavailable from error
    with _lock:
        if key in _memory:
            _memory.move_to_end(key)
            return _memory[key]  # type: ignore[return-value]  # made by the same function
    if not _counting.acquire(timeout=PATIENCE):
        raise Busy
    try:
        with _lock:
            # Somebody else may have asked the same while we waited.
            if key in _memory:
                return _memory[key]  # type: ignore[return-value]  # the same
        answer = make()
    except (StoreError, EngineError, ImportError, OSError) as error:
        logger.warning("the observatory cannot answer: %s", error)
        raise Unavailable from error
    finally:
        _counting.release()
    with _lock:
        _memory[key] = answer
        while len(_memory) > REMEMBERED:
            _memory.popitem(last=False)
    return answer
