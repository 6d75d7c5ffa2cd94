"""A data folder that was put back from a backup signs nothing until it was compared with what is published.

Nobody can tell from the folder alone whether the log went on after the backup was made. So a restored folder
carries a mark, and while it is there nothing is signed or published, and nothing is served.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from fairnotice.ledger.errors import LogAhead

NAME = "restored.json"


def path() -> Path:
    """Where the mark is."""
    return Path(settings.FN_DATA) / NAME


def mark(folder: Path, made: str) -> None:
    """Put the mark into a restored folder, durably. `made`: when its backup was made, ISO 8601."""
    descriptor = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps({"made": made}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def unsettled() -> str | None:
    """Why the log may not go on, and what to do; None where it may."""
    try:
        raw: Any = json.loads(path().read_text("utf-8"))
        made = str(raw["made"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        made = "an unknown time"
    return (
        f"this data folder was restored from a backup of {made[:19].replace('T', ' ')}, and was not compared "
        "yet with what was published since. Name the newest copy of the published log: fairnotice log "
        "recover --from DIR|URL. If you know that nothing was published since: fairnotice log recover "
        "--nothing-newer. Nothing is signed until then"
    )


def guard() -> None:
    """Raise LogAhead while that is open."""
    reason = unsettled()
    if reason is not None:
        raise LogAhead(reason)


def settle() -> None:
    """Take the mark away: the comparison was made."""
    path().unlink(missing_ok=True)
