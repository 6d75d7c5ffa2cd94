"""Letters for the tests, part by part."""

from __future__ import annotations

import json
from base64 import encodebytes
from collections.abc import Iterable
from typing import Any

HEAD = (
    "From: A Writer <writer@example.org>\nTo: abuse@example.com\nSubject: A false shop\nMIME-Version: 1.0\n"
)
TOKEN = "a" * 25 + "7"
OUR_ID = "0123456789abcdef" * 2 + "@fair.example"


def letter(text: str, *headers: str, head: str = HEAD) -> bytes:
    """A letter of one part."""
    return (head + "".join(f"{line}\n" for line in headers) + "\n" + text).encode()


def parts(kind: str, *bodies: str, headers: Iterable[str] = ()) -> bytes:
    """A letter of parts; each body begins with its headers and a blank line."""
    body = "".join(f"--b\n{one}\n" for one in bodies) + "--b--\n"
    return letter(body, f"Content-Type: multipart/{kind}; boundary=b", *headers)


def feedback(fields: str, *more: str, words: str = "An abuse report") -> bytes:
    """An abuse report of RFC 5965."""
    return parts(
        "report; report-type=feedback-report",
        f"Content-Type: text/plain\n\n{words}",
        f"Content-Type: message/feedback-report\n\n{fields}",
        *more,
    )


def json_part(value: Any, name: str = "xarf.json", coded: bool = True) -> str:
    """A JSON file as a part."""
    text = json.dumps(value) if not isinstance(value, str) else value
    if not coded:
        return f"Content-Type: application/json; name={name}\n\n{text}"
    said = encodebytes(text.encode()).decode()
    return f"Content-Type: application/json; name={name}\nContent-Transfer-Encoding: base64\n\n{said}"


def with_json(value: Any, **how: Any) -> bytes:
    """A letter with words and a JSON file."""
    return parts("mixed", "Content-Type: text/plain\n\nSee the file", json_part(value, **how))


TEMPLATE = """Dear team,

Where: https://shop.example.net/offer
  hxxps://shop[.]example[.]net/cart
Problem: scam
Why: The shop takes money
and sends nothing.
Law: Criminal code, fraud
I believe this is accurate: yes

--
A Writer
"""
