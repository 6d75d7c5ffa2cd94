"""Decisions carried out at a Mastodon server of the settings, by its admin API (docs/fediverse.md)."""

from fairnotice.delivery.mastodon.api import Api
from fairnotice.delivery.mastodon.carry import effect_now, report_now

__all__ = ["Api", "effect_now", "report_now"]
