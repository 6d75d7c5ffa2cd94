"""Ready-made views of what platforms report, each with its definition and its limits in words. Pure.

from fairnotice.observatory.topics import TOPICS, Choice, show

view = show(TOPICS["speed"], Choice(platform="Example"), lambda question: ask(store, question))
"""

from __future__ import annotations

from typing import Final

from fairnotice.observatory.topics import automation, content, peers, practice, quality, speed, weeks, where
from fairnotice.observatory.topics.model import Answer, Choice, Part, Table, Topic, View, show

__all__ = ["TOPICS", "Answer", "Choice", "Part", "Table", "Topic", "View", "show"]

TOPICS: Final[dict[str, Topic]] = {
    one.TOPIC.name: one.TOPIC for one in (practice, automation, speed, where, content, weeks, peers, quality)
}
"""By name, in the order in which they are shown."""
