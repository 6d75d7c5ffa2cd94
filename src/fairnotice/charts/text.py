"""How wide words are, as far as a server without fonts can tell, and breaking them into lines. Pure."""

from __future__ import annotations

import unicodedata

#: Shares of the font size: generous for a system font, since a line that is too long would leave its box.
NARROW, COMMON, CAPITAL, WIDE, WHOLE = 0.42, 0.64, 0.78, 1.0, 1.05
_THIN = frozenset("iljtfrI.,:;|'!()[] ")


def width(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide a text is at a font size, in the same unit."""
    return sum(_share(character) for character in text) * size * (1.12 if bold else 1.0)


def _share(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F") or not character.isprintable():
        return WHOLE
    if character in _THIN:
        return NARROW
    if character in "mMW@%":
        return WIDE
    return CAPITAL if character.isupper() or character in "w&" else COMMON


def lines(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most `room`: broken at spaces, and inside a word only where the word alone is
    too wide. No character but spaces is lost. An empty text has no lines."""
    found: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            found.append(line)
        *whole, line = _pieces(word, room, size, bold=bold)
        found += whole
    return [*found, line] if line else found


def _pieces(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    found, piece = [], ""
    for character in word:
        if piece and width(piece + character, size, bold=bold) > room:
            found.append(piece)
            piece = ""
        piece += character
    return [*found, piece]
