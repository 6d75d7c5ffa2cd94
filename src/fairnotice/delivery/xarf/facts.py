"""What is said about a notice that goes to somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MAX_LOCATIONS = 50


@dataclass(frozen=True)
class ReportFacts:
    """All that a report says; nothing else of the notice leaves.

    `text`, `reporter_name` and `reporter_email` are filled only where the notifier ticked that they may go
    along. `sender_contact` is an e-mail address that takes replies, `sender_domain` a host name. Times are
    aware. `answer_url` takes the answer over REST (docs/xarf.md) together with `answer_token`, `answer_page`
    is the address where a person answers. `recipients` are the names of all who are asked, in the order of
    the chain; `clause` is the rule in words, reference first.
    """

    reference: str
    category: str
    problem: str
    locations: tuple[str, ...]
    received_at: datetime
    sender_name: str
    sender_contact: str
    sender_domain: str
    recipients: tuple[str, ...]
    deadline: datetime
    answer_url: str
    answer_token: str
    keyword: str = ""
    answer_page: str = ""
    ground_kind: str = "unsure"
    law: str = ""
    clause: str = ""
    good_faith: bool | None = None
    text: str = ""
    reporter_name: str = ""
    reporter_email: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.locations) <= MAX_LOCATIONS or not all(self.locations):
            raise ValueError(f"a report names 1 to {MAX_LOCATIONS} places")
        if self.received_at.tzinfo is None or self.deadline.tzinfo is None:
            raise ValueError("times of a report need a time zone")
