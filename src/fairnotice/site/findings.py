"""What `fairnotice check` finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.conf import settings

from fairnotice.site.config import FILE_NAME

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """Something to mend: `error` keeps the service from doing its work, `warning` may be meant so."""

    level: Level
    text: str
    mend: str


def setting(name: str, text: str, level: Level = "warning") -> Finding:
    """About one setting: what is wrong, and where it stands."""
    return Finding(level, text, f"Set '{name}' in {settings.FN_DATA / FILE_NAME}.")
