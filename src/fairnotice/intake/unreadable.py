"""What is said about a file that is no notice."""

from __future__ import annotations


class Unreadable(ValueError):
    """`message` says what is wrong, `pointer` (RFC 6901) where, "" being the whole file. Quotes nothing of
    it."""

    def __init__(self, message: str, pointer: str = "", name: str = "") -> None:
        self.message = message
        self.pointer = pointer
        where = f" (at {pointer})" if pointer else ""
        super().__init__(f"{name}: {message}{where}" if name else f"{message}{where}")
