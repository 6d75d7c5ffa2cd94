"""The words of a letter: charsets that are none, pages reduced to their text, signs that cannot be stored."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice

from fairnotice.plumbing.mail.letter import FAULTS, Letter, Part, bytes_of

_MAX_PART = 400_000
_MAX_TEXTS = 10
_HIDDEN = frozenset({"script", "style", "head"})
_BREAKS = frozenset({"p", "br", "div", "tr", "li"})
_TAG = re.compile(r"<(?:(/?)([A-Za-z][A-Za-z0-9]*)|[!?/])")
_HREF = re.compile(r"""\shref\s{0,9}=\s{0,9}(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.I)
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Codecs of Python that are no charset of a letter; some take the square of the length.
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})


def text_of(letter: Letter) -> str:
    """The first plain text that says something, else the first page as words; "" where there is none. What
    was attached as a file is never read, unless the letter is nothing else."""
    return next(_texts(letter), "") or page_of(letter)


def texts_of(letter: Letter) -> str:
    """The same with all plain texts: some programs write a further one behind each picture."""
    return "\n\n".join(islice(_texts(letter), _MAX_TEXTS)) or page_of(letter)


def page_of(letter: Letter) -> str:
    """The first page that says something, as words."""
    pages = (plain(decoded(part)) for part in _read(letter, "text/html"))
    return next((page for page in pages if page.strip()), "")


def _texts(letter: Letter) -> Iterator[str]:
    return (text for part in _read(letter, "text/plain") if (text := decoded(part)).strip())


def _read(letter: Letter, kind: str) -> Iterator[Part]:
    for part in letter.parts:
        if part.kind == kind and (not part.attached or part.message is letter.head):
            yield part


def decoded(part: Part) -> str:
    """The text of a part by its charset; by UTF-8 where that is none."""
    raw = bytes_of(part.message)[:_MAX_PART]
    try:
        charset = str(part.message.get_content_charset() or "utf-8")
        name = codecs.lookup(charset).name
        return raw.decode("utf-8" if name in _NO_CHARSETS else name, "replace")
    except FAULTS:
        return raw.decode("utf-8", "replace")


def plain(html: str) -> str:
    """The words of a page, a line for each paragraph, the address of a link behind its words; scripts and
    styles left out. Each sign is looked at once: Python's own reader takes the square of the length for some
    pages."""
    parts: list[str] = []
    hidden = place = 0
    link = ""
    while (found := _TAG.search(html, place)) is not None:
        if not hidden:
            parts.append(html[place : found.start()])
        mark = "-->" if html.startswith("<!--", found.start()) else ">"
        end = html.find(mark, found.end())
        if end < 0:
            return _unescaped("".join(parts))
        place = end + len(mark)
        name = (found[2] or "").lower()
        if name in _HIDDEN:
            hidden = max(0, hidden + (-1 if found[1] else 1))
        elif name in _BREAKS and not found[1]:
            parts.append("\n")
        elif name == "a" and not hidden:
            if link and found[1] and "".join(parts[-2:]).strip() != link:
                parts.append(f" <{link}>")
            href = None if found[1] else _HREF.search(html, found.end(), min(end, found.end() + 4000))
            link = next((one for one in href.groups() if one), "") if href else ""
            link = link if "://" in link else ""
    return _unescaped("".join(parts) + ("" if hidden else html[place:]))


def storable(text: str) -> str:
    """Line ends as one sign, and without the signs that cannot be stored or shown."""
    return _UNSTORABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except ValueError:  # Python reads no number of more than 4,300 digits
        return text
