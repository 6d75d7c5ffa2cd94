"""The doors' name for `cases.contact`."""

from fairnotice.cases.contact import asks_contact, without_contact

__all__ = ["asks_contact", "without_contact"]
