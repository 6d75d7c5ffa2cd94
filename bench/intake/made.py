"""Notices in three forms, each about a place of its own, all saying about the same."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from email.message import EmailMessage

WHY = (
    "The post says that I stole money from the club. That is false, and the court has said so in its "
    "judgment of last year. It has been up for two weeks, and people who know me have read it. "
) * 3


def place(number: int) -> str:
    """An item that nobody else reports."""
    return f"https://forum.example.org/thread/{number // 50}/post/{number}"


def in_json(number: int) -> bytes:
    """As a program sends it to the API."""
    notice = {
        "items": [{"location": place(number), "note": "second paragraph"}],
        "problem": "defamation",
        "why": WHY,
        "law": "Section 187 of the criminal code",
        "ground_kind": "law",
        "name": "A notifier",
        "email": f"notifier{number}@example.org",
        "good_faith": True,
    }
    return json.dumps(notice).encode()


def in_xarf(number: int) -> bytes:
    """A report of version 4 about a page that pretends to be another."""
    desk = {"org": "Example Desk", "contact": "desk@example.net", "domain": "example.net"}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    report = {
        "xarf_version": "4.2.0",
        "report_id": str(uuid.UUID(int=number, version=4)),
        "timestamp": now,
        "reporter": desk,
        "sender": desk,
        "source_identifier": "192.0.2.7",
        "category": "content",
        "type": "phishing",
        "url": place(number),
        "description": WHY,
    }
    return json.dumps(report).encode()


def in_mail(number: int) -> bytes:
    """A letter that follows the template of docs/mail.md."""
    letter = EmailMessage()
    letter["From"] = f"notifier{number}@example.org"
    letter["To"] = "notices@forum.example.org"
    letter["Subject"] = "A post about me"
    letter["Message-ID"] = f"<{number}@example.org>"
    letter.set_content(
        f"Where: {place(number)}\nProblem: defamation\nWhy: {WHY}\nI believe this is accurate: yes\n"
    )
    return bytes(letter)
