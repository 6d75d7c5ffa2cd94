"""Whoever holds a file can ask its entry for any path (docs/adr/0013). The answer must tell nothing: what
somebody wrote, or left empty, never changes which paths an entry has."""

from __future__ import annotations

from collections import defaultdict

import pytest

from fairnotice.cases.actions import appeal, decide, publish
from fairnotice.ledger.models import OWN_PATHS, Event
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")


def test_every_event_of_a_kind_has_the_same_paths() -> None:
    reviewer = making.account("r", "reviewer")
    full = making.notice(name="A Notifier", email="notifier@example.org", law="Criminal Code, section 186")
    spare = making.notice("https://forum.example.org/post/8", why="It is false.")
    several = making.decided(
        full,
        reviewer,
        "DECISION_VISIBILITY_CONTENT_DISABLED",
        "DECISION_VISIBILITY_CONTENT_LABELLED",
        reach=decide.Reach("email", email="author@example.org"),
    )
    making.decided(spare, reviewer, "NO_ACTION")
    appeal.lodge(access=making.affected_access(several), decision_ref=several.ref, reasons="A quotation.")
    appeal.lodge(access=making.notifier_access(full), decision_ref=several.ref, reasons="More is needed.")
    publish.publish_batch()

    paths = defaultdict(set)
    for event in Event.objects.all():
        paths[event.kind].add(frozenset({*OWN_PATHS, *event.open, *event.personal}))
    counts = {kind: Event.objects.filter(kind=kind).count() for kind in paths}
    assert {"notice.submitted", "decision.made", "statement.made", "appeal.received"} <= set(paths)
    assert min(counts[kind] for kind in ("notice.submitted", "decision.made", "appeal.received")) > 1
    assert [kind for kind, found in paths.items() if len(found) > 1] == []
