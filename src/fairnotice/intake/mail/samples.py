"""One small letter of each kind. Reading them once loads all that reading ever needs."""

from __future__ import annotations

from base64 import encodebytes

from fairnotice.intake.mail.reader import read_letter

_HEAD = b"From: A <a@example.org>\nSubject: =?utf-8?q?=C3=A4?= =?iso-8859-1?b?5A==?=\nMIME-Version: 1.0\n"
_MIXED = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nWords\n--b\n"
_XARF = b"""Content-Type: application/json; name=xarf.json
Content-Transfer-Encoding: base64

%s
--b--
"""
_REPORT = b"""{"xarf_version": "4.2.0", "report_id": "00000000-0000-4000-8000-000000000001",
"timestamp": "2026-01-01T00:00:00Z", "category": "content", "type": "phishing",
"reporter": {"org": "A", "contact": "a@example.org", "domain": "example.org"},
"sender": {"org": "A", "contact": "a@example.org", "domain": "example.org"},
"source_identifier": "198.51.100.7", "url": "https://example.org/", "x-fairnotice": {"version": %d}}"""
_OLD = b'{"Version": "3", "ReporterInfo": {}, "Report": {}}'

SAMPLES: tuple[bytes, ...] = (
    _HEAD + b"\nhxxp://example[.]org/",
    _HEAD + b"Content-Type: text/html\n\n<p>See <a href='http://example.org/'>it</a> &amp;",
    _HEAD + b"\nWhere: http://example.org/\nProblem: phishing\nWhy: It is.\nI believe this is accurate: yes",
    _HEAD + b"\nWhere: http://[/\nProblem: none\nLaw: \xff",
    *(_HEAD + _MIXED + _XARF % encodebytes(one) for one in (_REPORT % 1, _REPORT % 2, _OLD)),
    _HEAD + _MIXED + b"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n--b--\n",
    _HEAD + b"X-ARF: YES\n" + _MIXED + b"\nReport-Type: phishing\nSource: http://example.org/\n--b--\n",
)


def warm_up() -> None:
    """Read all of them."""
    for raw in SAMPLES:
        read_letter(raw)
