"""Whoever wants to know how an import gets on. This one does not."""

from __future__ import annotations

from fairnotice.answerable.imports.deciding import Difference
from fairnotice.answerable.imports.shape import BadLine


class Stopped(Exception):
    """The import was asked to stop. What was written stays; the same file goes on where it was."""


class Watch:
    """Told of an import as it goes on. `shows`: whether it wants every difference, in words."""

    shows = False

    def begin(self, size: int) -> None:
        """The file has so many bytes."""

    def moved(self, position: int, lines: int) -> None:
        """So many of its bytes are read, so many lines dealt with. May raise Stopped."""

    def bad(self, line: BadLine) -> None:
        """A line stays out."""

    def differs(self, difference: Difference) -> None:
        """Something was added, changed or ended; in a dry run, it would be."""
