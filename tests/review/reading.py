"""Reading an answer of the site in a test."""

from __future__ import annotations

import html


def text(response) -> str:
    """The page as a person reads it: no escapes."""
    return html.unescape(response.content.decode())
