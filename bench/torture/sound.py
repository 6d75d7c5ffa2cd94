"""Sound letters of every kind that a reader knows: what the mutations start from."""

from __future__ import annotations

import json
import random
from base64 import encodebytes
from collections.abc import Callable

_SAID = "this page shows my bank's sign and asks for the password; it is still there, please look at it today"
_WORDS = _SAID.split(" ")
_SLUGS = ("phishing", "scam", "child-abuse", "other", "no-such-problem", "copyright")


def words(rng: random.Random, most: int = 40) -> str:
    """Some words, a line break here and there."""
    return " ".join(
        rng.choice(_WORDS) + rng.choice(["", "", "", ",", "\n"]) for _ in range(rng.randint(1, most))
    )


def place(rng: random.Random) -> str:
    """A web address, sound or made harmless."""
    host = f"{rng.choice(['shop', 'bank', 'files'])}{rng.randint(1, 99)}.example.{rng.choice(['org', 'net'])}"
    made = f"https://{host}/{rng.randint(1, 9999)}"
    return rng.choice(
        [made, made, made.replace("http", "hxxp").replace(".", "[.]"), host.replace(".", "[.]")]
    )


def head(rng: random.Random, *more: str) -> str:
    """The headers of a letter that somebody wrote."""
    lines = [
        f"Return-Path: <writer{rng.randint(1, 9)}@example.org>",
        f"From: =?utf-8?q?Zo=C3=AB?= Writer <writer{rng.randint(1, 9)}@example.org>",
        "To: abuse@example.com",
        f"Subject: {rng.choice(['A false shop', '=?utf-8?b?w4Rnc3RsaWNo?=', 'Re: Notice 23456789ABCD', ''])}",
        f"Message-ID: <{rng.getrandbits(64):x}@example.org>",
        "MIME-Version: 1.0",
        *more,
    ]
    return "\n".join(lines) + "\n"


def plain(rng: random.Random) -> str:
    """Words and a place."""
    return head(rng, "Content-Type: text/plain; charset=utf-8") + f"\n{words(rng)}\n{place(rng)}\n-- \nme\n"


def page(rng: random.Random) -> str:
    """A page, beside its words or alone."""
    html = f"<html><style>p{{}}</style><p>{words(rng)}</p><a href='{place(rng)}'>here</a>&amp;"
    html += f"&#{rng.randint(1, 99999)};"
    if rng.random() < 0.5:
        return head(rng, "Content-Type: text/html") + "\n" + html
    return mixed(rng, "alternative", [("text/plain", words(rng)), ("text/html", html)])


def template(rng: random.Random) -> str:
    """The template of docs/mail.md, now and then with a fault."""
    said = rng.choice(["yes", "yes", "no", ""])
    return head(rng) + (
        f"\nWhere: {place(rng)}\n{place(rng)}\nProblem: {rng.choice(_SLUGS)}\nWhy: {words(rng)}\n"
        f"Law: {words(rng, 5)}\nI believe this is accurate: {said}\n"
    )


def mixed(rng: random.Random, kind: str, parts: list[tuple[str, str]], *more: str) -> str:
    """Parts behind a boundary."""
    mark = f"b{rng.getrandbits(40):x}"
    text = head(rng, f'Content-Type: multipart/{kind}; boundary="{mark}"', *more) + "\n"
    for type, body in parts:
        text += f"--{mark}\nContent-Type: {type}\n" + ("" if body.startswith("\n") else "\n") + body + "\n"
    return text + f"--{mark}--\n"


def report(rng: random.Random) -> dict[str, object]:
    """A XARF report of version 4."""
    contact = {"org": "A watch", "contact": "reports@example.org", "domain": "example.org"}
    return {
        "xarf_version": rng.choice(["4.2.0", "4.2.0", "4.0.0", "5.0"]),
        "report_id": "00000000-0000-4000-8000-000000000001",
        "timestamp": "2026-01-11T16:22:45Z",
        "reporter": contact,
        "sender": contact,
        "source_identifier": "198.51.100.7",
        "category": rng.choice(["content", "content", "copyright", "connection"]),
        "type": rng.choice(["phishing", "fraud", "malware", "csam", "copyright", "ddos"]),
        "url": place(rng),
        "description": words(rng),
    }


def xarf(rng: random.Random) -> str:
    """As our own letters are: words, a feedback report, JSON."""
    found: dict[str, object] = report(rng)
    if rng.random() < 0.2:
        found = {"Version": str(rng.randint(1, 3)), "ReporterInfo": {}, "Report": found, "Disclosure": True}
    coded = "\n" + json.dumps(found)
    if rng.random() < 0.5:
        coded = "Content-Transfer-Encoding: base64\n\n" + encodebytes(json.dumps(found).encode()).decode()
        return mixed(rng, "report; report-type=feedback-report", _parts(rng, coded))
    return mixed(rng, "report; report-type=feedback-report", _parts(rng, coded))


def _parts(rng: random.Random, coded: str) -> list[tuple[str, str]]:
    return [
        ("text/plain", words(rng)),
        ("message/feedback-report", "Feedback-Type: xarf\nUser-Agent: x/1\nVersion: 1\n"),
        ('application/json; name="xarf.json"', coded),
    ]


def arf(rng: random.Random) -> str:
    """An abuse report of RFC 5965."""
    kind = rng.choice(["abuse", "fraud", "virus", "not-spam", "opt-out"])
    fields = f"Feedback-Type: {kind}\nUser-Agent: x/1\nVersion: 1\nReported-URI: {place(rng)}\nIncidents: 3\n"
    sent = rng.choice(["message/rfc822", "text/rfc822-headers"])
    return mixed(
        rng,
        "report; report-type=feedback-report",
        [("text/plain", words(rng)), ("message/feedback-report", fields), (sent, plain(rng))],
    )


def xarf_text(rng: random.Random) -> str:
    """X-ARF 0.1 and 0.2."""
    kind = rng.choice(["phishing", "login-attack"])
    fields = f"---\nReported-From: x@example.org\nCategory: abuse\nReport-Type: {kind}\n"
    fields += f"Source-Type: uri\nSource: {place(rng)}\n"
    return mixed(
        rng,
        "mixed",
        [("text/plain", words(rng)), ("text/plain; name=report.txt", fields), ("message/rfc822", plain(rng))],
        "X-ARF: YES",
    )


def bounce(rng: random.Random) -> str:
    """A delivery report of RFC 3464."""
    action = rng.choice(["failed", "delayed"])
    status = f"Reporting-MTA: dns; x.example\n\nFinal-Recipient: rfc822; a@x.example\nAction: {action}\n"
    return mixed(
        rng,
        "report; report-type=delivery-status",
        [("text/plain", words(rng)), ("message/delivery-status", status), ("message/rfc822", plain(rng))],
        "Auto-Submitted: auto-replied",
    )


def automatic(rng: random.Random) -> str:
    """Answering machines, lists, and an answer to a letter of ours."""
    token = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))
    mark = rng.choice(
        [
            "Auto-Submitted: auto-replied",
            "Precedence: bulk",
            "List-Id: <l.example>",
            f"Cc: notices+{token}@example.com",
        ]
    )
    return head(rng, mark) + f"\n{words(rng)}\n"


KINDS: tuple[Callable[[random.Random], str], ...] = (
    plain, page, template, xarf, arf, xarf_text, bounce, automatic,
)  # fmt: skip
