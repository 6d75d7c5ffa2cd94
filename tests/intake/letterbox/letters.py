"""Letters of many kinds, made here, and looking at what was stored of them."""

from __future__ import annotations

import random
import sqlite3
from email.message import EmailMessage
from pathlib import Path


def kept(folder: Path) -> dict[str, int]:
    """SHA-256 -> length of all that is stored in a data folder, as the database file has it."""
    with sqlite3.connect(f"file:{folder / 'db.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT sha256, size FROM cases_received").fetchall()
    database.close()
    found = {bytes(digest).hex(): size for digest, size in rows}
    assert len(found) == len(rows), "one letter was stored twice"
    return found


def sample(count: int, seed: int = 5) -> list[bytes]:
    """So many different letters with CRLF alone: plain, with parts, with dots, not in ASCII, cut and mixed
    up."""
    chance = random.Random(seed)
    return [_one(number, chance) for number in range(count)]


def _one(number: int, chance: random.Random) -> bytes:
    letter = EmailMessage()
    letter["From"] = f"Somebody <somebody{number}@example.net>"
    letter["To"] = "abuse@example.org"
    letter["Subject"] = f"Report {number} " + "ä" * (number % 40)
    letter["Message-ID"] = f"<{number}.{chance.random()}@example.net>"
    letter.set_content(
        f"https://forum.example.org/post/{number}\n\n.\n..\n.hidden\n" + "Words. " * (number % 90)
    )
    if number % 3 == 0:
        noise = chance.randbytes(chance.randrange(20_000))
        letter.add_attachment(noise, maintype="application", subtype="octet-stream", filename="a.bin")
    if number % 5 == 0:
        letter.add_alternative("<p>A report</p>", subtype="html") if number % 3 else None
    raw = letter.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    if number % 4 == 1:
        at = chance.randrange(len(raw))
        raw = raw[:at] + bytes(chance.randrange(32, 256) for _ in range(30)) + raw[at + 30 :]
    if number % 7 == 2:
        raw = raw[: chance.randrange(len(raw))]
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"").replace(b"\n", b"\r\n")
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"
