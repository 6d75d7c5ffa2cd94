"""The words of the docs, taken apart: links, paths and commands."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
# A line of code, as markdown marks it by indenting, or between fences.
_CODE_LINE = re.compile(r"^(?: {4}|\t)(\S.*)$", re.MULTILINE)


def links(text: str) -> list[str]:
    """Targets of all links and pictures."""
    return _LINK.findall(text)


def spans(text: str) -> list[str]:
    """What stands between single backticks."""
    return _SPAN.findall(text)


def anchors(text: str) -> set[str]:
    """Names under which the headings can be linked, as code hosts make them."""
    plain = (re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in _HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain}


def code_lines(text: str) -> list[str]:
    """Everything meant to be typed: code spans, indented lines and lines between fences."""
    fenced = [line for block in text.split("```")[1::2] for line in block.splitlines()[1:]]
    return [*spans(text), *_CODE_LINE.findall(text), *fenced]
