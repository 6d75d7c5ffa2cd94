"""Published entries, made the way the program makes them."""

from __future__ import annotations

from typing import Any

from fairnotice.cases.actions import appeal, publish
from fairnotice.cases.models import Decision, PublicEntry
from fairnotice.ledger import sequencer
from tests.cases import making

LABEL = "DECISION_VISIBILITY_CONTENT_LABELLED"


class Desk:
    """The people who are needed, once per test."""

    def __init__(self) -> None:
        self.reviewer = making.account("reviewer-one", "reviewer")
        self.appeals = making.account("appeals-one", "appeals_reviewer")
        self.publisher = making.account("publisher-one", "publisher")
        self._made = 0

    def decide(self, *kinds: str, **changes: Any) -> Decision:
        """A decision in force about an item of its own."""
        self._made += 1
        sent = making.notice(f"https://forum.example.org/post/{self._made}")
        return making.decided(sent, self.reviewer, *kinds, **changes)

    def approve(self, decision: Decision, summary: str = making.SUMMARY) -> None:
        publish.approve_publication(
            actor=self.publisher, publication_ref=decision.publication.ref, summary=summary
        )

    def publish(
        self, *kinds: str, summary: str = making.SUMMARY, logged: bool = True, **changes: Any
    ) -> PublicEntry:
        """An entry in the register, with its records in the published log unless said otherwise."""
        decision = self.decide(*kinds, **changes)
        self.approve(decision, summary)
        publish.publish_batch()
        if logged:
            sequencer.run_once()
        return PublicEntry.objects.get(ref=decision.publication.ref)

    def reverse_in_part(self, decision: Decision) -> None:
        """The affected party appeals, and a label takes the measure's place."""
        measure = decision.measures.get()
        lodged = appeal.lodge(
            access=making.affected_access(decision), decision_ref=decision.ref, reasons="It was satire."
        )
        appeal.claim_appeal(actor=self.appeals, appeal_ref=lodged.ref, version=1)
        change = appeal.ChangeDraft(measure.ref, "replace", measure.review, LABEL, "The label is taken off.")
        appeal.decide_appeal(
            actor=self.appeals,
            appeal_ref=lodged.ref,
            version=2,
            outcome="partly_reversed",
            reasons="A label is enough here.",
            changes=[change],
        )
