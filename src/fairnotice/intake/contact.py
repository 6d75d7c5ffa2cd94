"""Where nobody is asked who they are, what they gave all the same is not kept."""

from __future__ import annotations

from fairnotice.cases.drafts import asks_contact, without_contact

__all__ = ["asks_contact", "without_contact"]
