"""XML that a stranger sent: elements, attributes left out, and texts; no document type, so no entities.

Without a document type there is nothing that could grow, fetch or repeat (CWE-611, CWE-776).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from fairnotice.cases.drafts import UNSTORABLE
from fairnotice.intake.unreadable import Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_ELEMENTS = 20_000
MAX_TEXT = 2_000


@dataclass
class Element:
    """An element by its local name. What is not there is an element without anything."""

    name: str = ""
    inside: list[Element] = field(default_factory=list)
    words: str = ""

    def child(self, name: str) -> Element:
        """The first element of that name right in it."""
        return next(self.children(name), _NOTHING)

    def children(self, name: str) -> Iterator[Element]:
        """All of that name right in it."""
        return (one for one in self.inside if one.name == name)

    def text(self, name: str) -> str:
        """What the first element of that name says, on one line."""
        return UNSTORABLE.sub("", " ".join(self.child(name).words.split()))[:MAX_TEXT]


_NOTHING = Element()


def parse(data: bytes) -> Element:
    """The outermost element. Raises Unreadable, and nothing else, for whatever bytes."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The XML is longer than {MAX_BYTES // 1_000_000} MB.")
    parser = expat.ParserCreate(namespace_separator=" ")
    tree = _Tree()
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.words
    parser.StartDoctypeDeclHandler = tree.refuse
    parser.EntityDeclHandler = tree.refuse
    parser.ExternalEntityRefHandler = tree.refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        raise Unreadable(f"This is not XML: {expat.ErrorString(error.code)} ({where}).") from None
    except (ValueError, LookupError, UnicodeError):
        raise Unreadable("This XML is in a character encoding that is not read.") from None
    return tree.root.inside[0]


class _Tree:
    def __init__(self) -> None:
        self.root = Element()
        self._open = [self.root]
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH or self._count > MAX_ELEMENTS:
            raise Unreadable("The XML is nested too deeply, or has too many elements.")
        element = Element(name.rpartition(" ")[2])
        self._open[-1].inside.append(element)
        self._open.append(element)

    def end(self, name: str) -> None:
        self._open.pop()

    def words(self, text: str) -> None:
        element = self._open[-1]
        if len(element.words) < 2 * MAX_TEXT:
            element.words += text[: 2 * MAX_TEXT]

    def refuse(self, *args: object) -> NoReturn:
        raise Unreadable("XML with a document type or entities of its own is not read.")
