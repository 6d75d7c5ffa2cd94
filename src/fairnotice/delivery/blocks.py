"""What a letter is made of: blocks, written down once and shown twice, as plain text and as simple HTML.

The HTML loads nothing and holds no picture, script or style, so that opening a letter tells nobody. Whoever
reads mails as text only gets the same words in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.html import escape
from django.utils.translation import get_language, get_language_bidi


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Bullets:
    """Things side by side."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Labelled:
    """Names, each with its value."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Link:
    """An address of our own. Nobody else's is ever one: it stands as words, defanged."""

    url: str


@dataclass(frozen=True)
class Code:
    """Something to copy letter by letter."""

    text: str


Block: TypeAlias = Paragraph | Section | Bullets | Labelled | Link | Code


def as_text(blocks: Iterable[Block]) -> str:
    """The plain text, a line break at its end. A link or a code directly follows the one before it."""
    parts: list[str] = []
    last: Block | None = None
    for block in blocks:
        together = isinstance(last, Link | Code) and isinstance(block, Link | Code)
        parts.append(("\n" if together else "\n\n") if parts else "")
        parts.append(_text(block))
        last = block
    return "".join(parts) + "\n"


def as_html(blocks: Iterable[Block], *, title: str) -> str:
    """A whole HTML document in the language of now, headed by its title, which the text has as its subject.
    Colours are left to the reader's program."""
    language = get_language() or "en"
    direction = "rtl" if get_language_bidi() else "ltr"
    head = (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{direction}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{escape(title)}</title>\n'
        "</head>\n<body>\n<main>\n"
    )
    heading = f"<h1>{escape(title)}</h1>\n"
    return head + heading + "\n".join(_html(block) for block in blocks) + "\n</main>\n</body>\n</html>\n"


def _text(block: Block) -> str:
    match block:
        case Paragraph(text):
            return text
        case Section(title, lines):
            return "\n".join([title, *(_indented(line) for line in lines)])
        case Bullets(items):
            return "\n".join(f"- {item}" for item in items)
        case Labelled(pairs):
            return "\n".join(f"{name}: {value}" for name, value in pairs)
        case Link(text) | Code(text):
            return f"  {text}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines()) or ""


def _html(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{_lines(text)}</p>"
        case Section(title, lines):
            return "\n".join([f"<h2>{escape(title)}</h2>", *(f"<p>{_lines(line)}</p>" for line in lines)])
        case Bullets(items):
            return "<ul>\n" + "\n".join(f"<li>{_lines(item)}</li>" for item in items) + "\n</ul>"
        case Labelled(pairs):
            rows = (f"<dt>{escape(name)}</dt>\n<dd>{_lines(value)}</dd>" for name, value in pairs)
            return "<dl>\n" + "\n".join(rows) + "\n</dl>"
        case Link(url):
            return f'<p><a href="{escape(url)}">{escape(url)}</a></p>'
        case Code(text):
            return f"<p><code>{escape(text)}</code></p>"


def _lines(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.splitlines())
