"""Short ways to make what a test needs, through the same actions as the program."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from fairnotice.accounts.models import RoleGrant, User
from fairnotice.cases import codes
from fairnotice.cases.actions import claim, clients, decide, inbox, tokens, trusted
from fairnotice.cases.actions.submit import Submitted, submit_notice
from fairnotice.cases.drafts import ItemDraft, NoticeDraft
from fairnotice.cases.models import AccessCode, ApiClient, Case, Decision, Inbound, TrustedStatus
from fairnotice.cases.models.fields import new_ref
from fairnotice.cases.permissions import Actor
from fairnotice.law.draft import Draft, MeasureDraft

RULES = "## 1 Be fair\nNo insults.\n\n## 3.2 No private data\nDo not publish what is private about others.\n"


def account(name: str, *roles: str) -> Actor:
    """An account with roles, as an actor."""
    user = User.objects.create_user(username=name)
    RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role) for role in roles])
    return Actor(user.pk, frozenset(roles))


def notice(location: str = "https://forum.example.org/post/7", **changes: Any) -> Submitted:
    """A complete notice about one item."""
    return sent_by(None, location, **changes)


def sent_by(client: ApiClient | None, location: str, **changes: Any) -> Submitted:
    """The same with a client's token, or through the form where there is none."""
    values: dict[str, Any] = {
        "items": [ItemDraft(location, "second paragraph")],
        "problem": "defamation",
        "why": "It says that I stole money, which is false.",
        "good_faith": True,
        **changes,
    }
    return submit_notice(draft=NoticeDraft(**values), door="json" if client else "web", client=client)


def forwarded(location: str = "https://forum.example.org/post/7", **changes: Any) -> Inbound:
    """A notice about one item that another organisation forwarded; it cannot be told the answer by itself."""
    draft = NoticeDraft(
        items=[ItemDraft(location)],
        problem="defamation",
        why="It says that I stole money.",
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
    )
    row = tokens.find_token(token("forwards", label="a forum"), "forwards")
    assert row is not None
    values: dict[str, Any] = {
        "draft": draft,
        "sender": inbox.Sender("A forum", forwarded=True),
        "token": row,
        **changes,
    }
    return inbox.take_in(idempotency_key=new_ref(), **values)[0]


def client(label: str = "A reporting centre") -> ApiClient:
    """The open client with this label, or a new one."""
    found = ApiClient.objects.filter(label=label, closed_at__isnull=True).first()
    return found or clients.add_client(label=label)


def token(*scopes: str, label: str = "A reporting centre", **terms: Any) -> str:
    """The text of a new token of this client."""
    return tokens.add_token(client_ref=client(label).ref, scopes=scopes, **terms).text


def trusted_flagger(actor: Actor, label: str = "A reporting centre", **changes: Any) -> TrustedStatus:
    """The client as a trusted flagger from outside, since a year ago."""
    today = timezone.localdate()
    values: dict[str, Any] = {
        "reference": "https://coordinator.example/trusted-flaggers/7",
        "country": "IE",
        "awarded_on": today - timedelta(days=365),
        "review_on": today + timedelta(days=365),
        **changes,
    }
    draft = trusted.TrustedDraft(**values)
    return trusted.record_trusted(actor=actor, client_ref=client(label).ref, draft=draft)


def case_of(submitted: Submitted) -> Case:
    """The case of the first item."""
    item = submitted.notice.items.first()
    assert item is not None
    assert item.case is not None
    return item.case


def draft(*kinds: str, **changes: Any) -> Draft:
    """A complete decision with the given measures."""
    today = timezone.localdate()
    measures = [
        MeasureDraft(
            kind=kind,
            start=today,
            review=None if kind == "NO_ACTION" else today + timedelta(days=180),
            how_to_reverse="" if kind == "NO_ACTION" else "The post is shown again.",
        )
        for kind in kinds or ("DECISION_VISIBILITY_CONTENT_DISABLED",)
    ]
    none = kinds == ("NO_ACTION",)
    values: dict[str, Any] = {
        "measures": measures,
        "ground": "law",
        "ground_reference": "Section 186 of the Criminal Code",
        "explanation": "A false statement of fact that can lower somebody in public opinion.",
        "facts": "The post says that somebody took money; the court found the opposite.",
        "content_types": ["CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH",
        "keywords": ["KEYWORD_DEFAMATION"],
        "content_date": today - timedelta(days=3),
        "content_language": "EN",
        "source_type": "SOURCE_ARTICLE_16",
        "necessity": "" if none else "The claim is repeated every time the post is read.",
        "milder_considered": "" if none else "A label would leave the claim readable.",
        "paraphrase": "The post makes a false claim of theft.",
        **changes,
    }
    if any("ACCOUNT" in kind for kind in kinds):
        values.setdefault("other_items", ["AAAA2222BBBB"])
    return Draft(**values)


SUMMARY = "A post with a false statement of fact about a private person was made inaccessible."


def decided(
    submitted: Submitted, reviewer: Actor, *kinds: str, reach: decide.Reach | None = None, **changes: Any
) -> Decision:
    """Claim the case and decide it."""
    return decided_case(case_of(submitted), reviewer, *kinds, reach=reach, **changes)


def decided_case(
    case: Case, reviewer: Actor, *kinds: str, reach: decide.Reach | None = None, **changes: Any
) -> Decision:
    """The same for a case at hand."""
    case = claim.claim(actor=reviewer, case_ref=case.ref, version=case.version)
    return decide.decide(
        actor=reviewer,
        case_ref=case.ref,
        version=case.version,
        draft=draft(*kinds, **changes),
        reach=reach or decide.Reach("unreachable", reason="The service holds no address of the author."),
        summary=SUMMARY,
    )


def affected_access(decision: Decision) -> AccessCode:
    """A code for the affected party, as a letter would carry."""
    found = codes.find(codes.mint(side="affected", case=decision.case))
    assert found is not None
    return found


def notifier_access(submitted: Submitted) -> AccessCode:
    """The notifier's own code."""
    found = codes.find(submitted.code)
    assert found is not None
    return found
