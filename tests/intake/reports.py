"""XARF reports for the tests: one of our own, and the examples that stand in the standard's schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import xarf

# These examples break the schema that they stand in.
FAULTY = {"connection-ddos", "messaging-bulk-messaging", "vulnerability-cve"}
_TYPES = Path(xarf.__file__).parent / "schemas" / "types"


def samples() -> dict[str, dict[str, Any]]:
    """Every example, by its type."""
    schemas = {file.stem: json.loads(file.read_text("utf-8")) for file in sorted(_TYPES.glob("*.json"))}
    return {name: schema["examples"][0] for name, schema in schemas.items() if "examples" in schema}


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
