"""What is said about a file that is no notice."""

from __future__ import annotations


class Unreadable(ValueError):
    """`message` says what is wrong, `pointer` (RFC 6901) where, "" being the whole file, `name` what the file
    is called. Quotes nothing of it."""

    def __init__(self, message: str, pointer: str = "", name: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer
        self.name = name

    def __str__(self) -> str:
        where = f" (at {self.pointer})" if self.pointer else ""
        return f"{self.name}: {self.message}{where}" if self.name else f"{self.message}{where}"
