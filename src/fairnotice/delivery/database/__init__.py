"""Statements of reasons into the DSA Transparency Database (DSA article 24(5)): never the same one twice."""

from fairnotice.delivery.database.client import Misconfigured
from fairnotice.delivery.database.sending import Done, run, send_due

__all__ = ["Done", "Misconfigured", "run", "send_due"]
