"""XARF reports for the tests: one of our own, and the standard's samples where they lie beside the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SAMPLES = sorted((Path(__file__).parents[3] / "shared" / "data" / "xarf-v4").glob("*.json"))


def report(**changes: Any) -> dict[str, Any]:
    """The least that a report of a false shop says; a change to None leaves the field out."""
    contact = {"org": "A shop watch", "contact": "reports@example.org", "domain": "example.org"}
    values = {
        "xarf_version": "4.2.0",
        "report_id": "00000000-0000-4000-8000-000000000001",
        "timestamp": "2026-01-11T16:22:45Z",
        "reporter": contact,
        "sender": contact,
        "source_identifier": "198.51.100.7",
        "category": "content",
        "type": "fraud",
        "url": "https://shop.example.net/offer",
        "fraud_type": "shopping",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}
