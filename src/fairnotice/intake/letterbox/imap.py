"""The IMAP door: once a minute, what is new in the operator's folder is stored, and only then marked."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from fairnotice.intake.letterbox.imap_link import Account, Gone, NotGiven, Trouble, Visit, visit
from fairnotice.intake.letterbox.kept import Letter

logger = logging.getLogger("fairnotice.imap")
#: Letters in one visit; the next one goes on.
MOST = 500


@dataclass(frozen=True)
class Health:
    """How the last visit went: when (ISO 8601, UTC), what went wrong ("" for nothing), how many letters were
    stored. Says nothing about any letter."""

    at: str
    trouble: str
    stored: int


def account() -> Account | None:
    """The folder that the settings name, None where none is set."""
    said: dict[str, Any] = settings.FN_IMAP
    if not said["host"]:
        return None
    return Account(**{**said, "password_file": Path(said["password_file"])})


def poll(where: Account, stop: Callable[[], bool] = lambda: False) -> int:
    """Store and mark what is new; how many letters were stored for the first time. What goes wrong is said
    in the log and in `health`, and tried again with the next visit."""
    before = health()
    stored, trouble = 0, ""
    server = f"the IMAP server at {where.host}:{where.port}"
    try:
        with visit(where) as folder:
            for uid in folder.new()[:MOST]:
                if stop():
                    break
                try:
                    stored += _take(folder, uid)
                except NotGiven:
                    trouble = f"{server}: it does not give a letter that it lists; the others were taken"
    except Trouble as error:
        trouble = f"{server}: {error}"
    except Exception:
        _write(Health(_now(), "a letter from the IMAP server could not be stored here", stored))
        raise
    if trouble and (before is None or before.trouble != trouble):
        logger.warning("%s; trying again each minute", trouble)
    elif not trouble and before is not None and before.trouble:
        logger.info("%s: all is well again", server)
    _write(Health(_now(), trouble, stored))
    return stored


def _take(folder: Visit, uid: str) -> bool:
    letter = Letter()
    try:
        for piece in folder.pieces(uid):
            letter.add(piece)
    except Gone:
        return False
    _received, known = letter.store()
    folder.done(uid)
    return not known


def _now() -> str:
    return timezone.now().isoformat(timespec="seconds")


def health() -> Health | None:
    """How the last visit went, None where there was none."""
    try:
        return Health(**json.loads(_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write(said: Health) -> None:
    file = _file()
    part = file.with_suffix(".part")
    part.write_text(json.dumps(asdict(said)), "utf-8")
    os.replace(part, file)


def _file() -> Path:
    folder: Path = settings.FN_DATA
    return folder / "imap.json"
