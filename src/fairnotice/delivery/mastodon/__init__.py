"""Decisions carried out at a Mastodon server of the settings, by its admin API (docs/fediverse.md)."""

from fairnotice.delivery.mastodon.api import Api
from fairnotice.delivery.mastodon.carry import Outcome, effect_now, report_now
from fairnotice.delivery.mastodon.tell import SAY_SO_AFTER, could_not, tell

__all__ = ["SAY_SO_AFTER", "Api", "Outcome", "could_not", "effect_now", "report_now", "tell"]
