"""`fairnotice observatory ingest`, `days`, `forget`: what is in the store, and how it gets there and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairnotice.site.commands import Subparsers


def add_acts(group: Subparsers) -> None:
    """Its commands."""
