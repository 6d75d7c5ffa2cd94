"""What people type: where it is kept, and what cannot be kept at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from fairnotice.cases.actions import (
    appeal,
    claim,
    clients,
    confirm,
    decide,
    effect,
    publish,
    rules,
    tokens,
    trusted,
)
from fairnotice.cases.actions.submit import submit_notice
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.errors import ActionError, Invalid
from fairnotice.cases.models import Decision
from fairnotice.cases.queries import desk
from fairnotice.ledger.models import Event
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
BAN = "DECISION_PROVISION_TOTAL_TERMINATION"
# NUL, half a character, more than fits anywhere, a text that leads to a person.
BAD = {"nul": "a\x00b", "surrogate": "a\ud800b", "long": "x" * 20_001}
LEADS = "Write to somebody@example.org or look at https://example.org/profile"


def tables() -> str:
    """Every value of every table of the default database, as text."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - own tables
            found += [
                bytes(v).decode("utf-8", "replace") if isinstance(v, bytes | memoryview) else str(v)
                for row in cursor.fetchall()
                for v in row
            ]
    return "\n".join(found)


def test_what_people_wrote_is_in_no_table_in_the_clear() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    publisher = making.account("p", "publisher")
    sent = making.notice(
        "https://sentinel-host.example.org/sentinel-path",
        items=[ItemDraft("https://sentinel-host.example.org/sentinel-path", "sentinel-note")],
        why="sentinel-why",
        ground_kind="law",
        law="sentinel-law",
        name="sentinel-name",
        email="sentinel-mail@example.org",
    )
    decision = making.decided(
        sent,
        reviewer,
        reach=decide.Reach("email", "sentinel-author@example.net"),
        facts="sentinel-facts",
        explanation="sentinel-explanation",
        necessity="sentinel-necessity",
        milder_considered="sentinel-milder",
        paraphrase="",
        paraphrase_withheld_reason="sentinel-withheld: only one person could know this",
    )
    lodged = appeal.lodge(
        access=making.affected_access(decision), decision_ref=decision.ref, reasons="sentinel-reasons"
    )
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="reversed",
        reasons="sentinel-answer",
        changes=[
            appeal.ChangeDraft("sentinel-ref", "sentinel-change", None, "sentinel-kind", "sentinel-how")
        ],
    )
    publish.approve_publication(
        actor=publisher, publication_ref=decision.publication.ref, summary=making.SUMMARY
    )
    publish.publish_batch()
    assert "sentinel" not in tables().lower()
    assert desk.decision_texts(reviewer, decision)["withheld"].startswith("sentinel-withheld")


def test_what_an_appeal_keeps_says_no_more_than_that_in_the_log() -> None:
    reviewer, other = making.account("r", "reviewer"), making.account("a", "appeals_reviewer")
    decision = making.decided(
        making.notice(),
        reviewer,
        "DECISION_VISIBILITY_CONTENT_DISABLED",
        measures=[
            *making.draft().measures,
            *making.draft("DECISION_VISIBILITY_CONTENT_LABELLED").measures,
        ],
    )
    lodged = appeal.lodge(access=making.affected_access(decision), decision_ref=decision.ref, reasons="No.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    one, two = decision.measures.order_by("id")
    appeal.decide_appeal(
        actor=other,
        appeal_ref=lodged.ref,
        version=2,
        outcome="partly_reversed",
        reasons="A label is enough.",
        changes=[
            appeal.ChangeDraft(one.ref, "reverse", None, LEADS, LEADS),
            appeal.ChangeDraft(two.ref, "keep", None, LEADS, LEADS),
        ],
    )
    event = Event.objects.get(kind="appeal.decided")
    assert event.open["changes"] == [{"change": "reverse", "kind": ""}, {"change": "keep", "kind": ""}]


def _decide(case: Any, reviewer: Any, reach: decide.Reach, summary: str, **changes: Any) -> None:
    decide.decide(
        actor=reviewer,
        case_ref=case.ref,
        version=case.version,
        draft=making.draft(**changes),
        reach=reach,
        summary=summary,
    )


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
@pytest.mark.parametrize(
    "field",
    [
        "facts", "explanation", "necessity", "milder_considered", "paraphrase", "ground_reference",
        "ground_url", "keyword_other", "content_type_other", "other_items", "other_text", "how_to_reverse",
        "reason", "email", "summary", "paraphrase_withheld_reason", "category", "keywords", "content_language",
        "account_type", "territorial_scope", "source_type", "automated_decision", "content_id_ean",
    ],
)  # fmt: skip
def test_no_text_of_a_decision_breaks_the_database(field: str, bad: str) -> None:
    reviewer = making.account("r", "reviewer")
    case = making.case_of(making.notice())
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    reach, summary = decide.Reach("unreachable", reason="Nobody known."), making.SUMMARY
    changes: dict[str, Any] = {}
    if field == "reason":
        reach = decide.Reach("unreachable", reason=bad)
    elif field == "email":
        reach = decide.Reach("email", email=f"{bad}@example.org")
    elif field == "summary":
        summary = bad
    elif field in ("other_text", "how_to_reverse"):
        measures = making.draft().measures
        setattr(measures[0], field, bad)
        changes = {"measures": measures}
    elif field in ("other_items", "keywords", "territorial_scope"):
        changes = {field: [bad]}
    elif field == "paraphrase_withheld_reason":
        changes = {field: bad, "paraphrase": ""}
    else:
        changes = {field: bad}
    with pytest.raises(Invalid):
        _decide(case, reviewer, reach, summary, **changes)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "field",
    ["ground_reference", "keyword_other", "content_type_other", "how_to_reverse", "other_items", "reason"],
)
def test_what_stays_readable_leads_to_nobody(field: str) -> None:
    reviewer = making.account("r", "reviewer")
    case = making.case_of(making.notice())
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    reach = decide.Reach("unreachable", reason="Nobody known.")
    changes: dict[str, Any] = {field: LEADS}
    if field == "reason":
        reach, changes = decide.Reach("unreachable", reason=LEADS), {}
    elif field == "other_items":
        changes = {field: [LEADS]}
    elif field == "how_to_reverse":
        measures = making.draft().measures
        measures[0].how_to_reverse = LEADS
        changes = {"measures": measures}
    with pytest.raises(Invalid):
        _decide(case, reviewer, reach, making.SUMMARY, **changes)


def _notice(**values: Any) -> None:
    draft = {"items": [ItemDraft("https://example.org/a")], "problem": "defamation", "why": "Because."}
    submit_notice(draft=NoticeDraft(**{**draft, "good_faith": True, **values}), door="json")


NOTICE_FIELDS: dict[str, Callable[[str], dict[str, Any]]] = {
    "location": lambda bad: {"items": [ItemDraft(bad)]},
    "url": lambda bad: {"items": [ItemDraft("https://example.org/" + bad)]},
    "note": lambda bad: {"items": [ItemDraft("https://example.org/a", bad)]},
    "clause": lambda bad: {"ground_kind": "rules", "clause": bad},
    **{
        name: (lambda bad, name=name: {name: bad})  # type: ignore[misc]
        for name in (
            "problem", "why", "law", "name", "email", "language", "source_type", "category", "keyword", "ground_kind"
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
@pytest.mark.parametrize("field", NOTICE_FIELDS)
def test_no_text_of_a_notice_breaks_the_database(field: str, bad: str) -> None:
    with pytest.raises(Invalid):
        _notice(**NOTICE_FIELDS[field](bad))


@pytest.mark.parametrize("bad", BAD.values(), ids=list(BAD))
def test_no_other_text_breaks_the_database(bad: str) -> None:
    reviewer, senior = making.account("r", "reviewer"), making.account("s", "senior_reviewer")
    publisher, other = making.account("p", "publisher"), making.account("a", "appeals_reviewer")
    admin, client = making.account("m", "administrator"), making.client()
    ban = making.decided(making.notice("https://example.org/ban"), reviewer, BAN)
    decision = making.decided(making.notice(), reviewer)
    access = making.affected_access(decision)
    lodged = appeal.lodge(access=access, decision_ref=decision.ref, reasons="No.")
    appeal.claim_appeal(actor=other, appeal_ref=lodged.ref, version=1)
    measure, entry = decision.measures.get(), decision.publication.ref
    change = appeal.ChangeDraft(measure.ref, "replace", measure.review, bad, bad)
    refused: list[Callable[[], object]] = [
        lambda: confirm.refuse(actor=senior, decision_ref=ban.ref, reason=bad),
        lambda: effect.report_effect(measure_ref=measure.ref, effect="failed", note=bad, actor=reviewer),
        lambda: effect.report_effect(measure_ref=measure.ref, effect=bad, actor=reviewer),
        lambda: clients.add_client(label=bad),
        lambda: trusted.end_trusted(actor=admin, client_ref=client.ref, reason=bad),
        lambda: trusted.record_trusted(
            actor=admin, client_ref=client.ref, draft=trusted.TrustedDraft(reference=bad, country=bad, areas=[bad])
        ),
        lambda: tokens.add_token(client_ref=client.ref, scopes=[bad]),
        lambda: publish.approve_publication(actor=publisher, publication_ref=entry, summary=bad),
        lambda: publish.withhold_publication(actor=publisher, publication_ref=entry, reason=bad),
        lambda: rules.publish_rules(clauses=[rules.ClauseDraft("1", "Title", bad)], note="First."),
        lambda: rules.publish_rules(clauses=[rules.ClauseDraft("1", bad, "Text.")], note="First."),
        lambda: rules.publish_rules(clauses=[rules.ClauseDraft(bad, "Title", "Text.")], note="First."),
        lambda: rules.publish_rules(clauses=[rules.ClauseDraft("1", "Title", "Text.")], note=bad),
        lambda: appeal.decide_appeal(
            actor=other, appeal_ref=lodged.ref, version=2, outcome="upheld", reasons=bad, changes=[]
        ),
        lambda: appeal.decide_appeal(
            actor=other, appeal_ref=lodged.ref, version=2, outcome=bad, reasons="No.", changes=[]
        ),
        lambda: appeal.decide_appeal(
            actor=other, appeal_ref=lodged.ref, version=2, outcome="partly_reversed", reasons="Yes.", changes=[change]
        ),
    ]  # fmt: skip
    for act in refused:
        with pytest.raises(Invalid):
            act()
    for act in (
        lambda: appeal.lodge(access=making.affected_access(ban), decision_ref=ban.ref, reasons=bad),
        lambda: effect.report_effect(measure_ref="A" * 12, effect="failed", note=bad, actor=reviewer),
    ):
        with pytest.raises(ActionError):
            act()
    assert decide.clause_of(f"1/{bad}") is None
    assert tokens.find_token(bad, "effects") is None


def test_a_clause_that_is_in_force_no_more_is_not_cited_and_a_retry_still_gets_its_answer() -> None:
    rules.publish_rules(clauses=rules.parse_rules(making.RULES), note="First.")
    values: dict[str, Any] = {
        "draft": NoticeDraft(
            [ItemDraft("https://example.org/z")], "other", "Why.", "rules", clause="3.2", good_faith=True
        ),
        "door": "json",
        "idempotency_key": "k" * 16,
    }
    first = submit_notice(**values)
    rules.publish_rules(clauses=rules.parse_rules("## 1 Be fair\nNo insults.\n"), note="Shorter.")
    assert submit_notice(**values).notice == first.notice
    with pytest.raises(Invalid):
        submit_notice(**{**values, "idempotency_key": "l" * 16})
