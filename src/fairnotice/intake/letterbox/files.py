"""Letters that lie in files: single ones, mbox files of any length, Maildirs. One at a time in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fairnotice.intake.letterbox.kept import Letter

_PIECE = 65_536
# A line that begins the next letter of an mbox (RFC 4155): after an empty one, and with a time of day, so
# that a sentence of a letter that begins with "From" does not cut it in two.
_NEXT = re.compile(rb"From .{0,300}?\d{1,2}:\d{2}", re.DOTALL)


class NoLetters(Exception):
    """There are no letters here; the message says what was looked for."""


def files_of(path: Path) -> list[Path]:
    """The files that hold letters: the path itself, the letters of a Maildir, or the .eml files below a
    folder. Raises NoLetters, FileNotFoundError."""
    if not path.is_dir():
        path.stat()
        return [path]
    if (path / "cur").is_dir() and (path / "new").is_dir():
        return sorted(one for part in ("cur", "new") for one in (path / part).iterdir() if one.is_file())
    found = sorted(one for one in path.rglob("*.eml") if one.is_file())
    if not found:
        raise NoLetters(f"{path}: neither a Maildir (with cur and new) nor a folder with .eml files.")
    return found


def letters_of(path: Path) -> Iterator[tuple[Letter, int]]:
    """Each letter of a file with the number of bytes read for it. A file that begins with "From " is an
    mbox; of that, the lines between letters are no part of them, and nothing else is changed."""
    with path.open("rb") as file:
        if file.read(5) == b"From ":
            file.seek(0)
            yield from _of_mbox(file)
            return
        file.seek(0)
        letter = read(file)
        yield letter, letter.size


def read(file: BinaryIO) -> Letter:
    """The one letter that a file or a pipe holds."""
    letter = Letter()
    while piece := file.read(_PIECE):
        letter.add(piece)
    return letter


def _of_mbox(file: BinaryIO) -> Iterator[tuple[Letter, int]]:
    letter, count = Letter(), 0
    at_start, blank, first = True, b"", True
    while line := file.readline(_PIECE):
        if at_start and (blank or first) and (first or _NEXT.match(line)):
            if not first:
                yield letter, count
                letter, count = Letter(), 0
            first, blank = False, b""
            count += len(line)
            at_start = line.endswith(b"\n")
            while not at_start and (rest := file.readline(_PIECE)):
                count += len(rest)
                at_start = rest.endswith(b"\n")
            continue
        count += len(line)
        if blank:
            letter.add(blank)
            blank = b""
        if at_start and line in (b"\n", b"\r\n"):
            blank = line  # the one that ends a letter is the file's, not the letter's
        else:
            letter.add(line)
        at_start = line.endswith(b"\n")
    yield letter, count
