"""Flags of a Discourse forum, out of its webhooks.

Forums of today send a "reviewable" (something waits for review), older ones a "flag". Both hold the text of
the post and the names of people; `reduce` keeps the fields of the table in docs/discourse.md and nothing
else, above all nothing of whoever flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.services import Service
from fairnotice.intake.fediverse import fields
from fairnotice.intake.fediverse.fields import Json
from fairnotice.intake.unreadable import Unreadable

# Event -> the object it sends. All other events (a login, a new topic, a flag that was dealt with) are
# nobody's notice.
EVENTS = {"flag_created": "flag", "reviewable_created": "reviewable"}
# What waits for review because a person flagged it. A post or an account that waits to be let in stands
# nowhere yet, so there is nothing to give notice of.
_FLAGGED = frozenset({"ReviewableFlaggedPost", "ReviewableChatMessage"})
PROBLEMS = {"spam": "other", "illegal": "other", "inappropriate": "rules", "off_topic": "rules"}
_REASONS = 20


def flag_of(event: str, payload: Any) -> Json | None:
    """The flagged thing in what the webhook sends, None for all other events. Raises Unreadable."""
    name = EVENTS.get(event)
    if name is None:
        return None
    found = fields.mapping(fields.mapping(payload, "").get(name), f"/{name}")
    return found if name == "flag" or found.get("type") in _FLAGGED else None


def reduce(flag: Json, service: Service) -> Json:
    """What is kept of it. Raises Unreadable where it has no id."""
    flag_id = fields.number(flag.get("id"))
    if not flag_id:
        raise Unreadable("This flag has no id.", "/id")
    old = "flag_type" in flag or "post" in flag
    post = fields.part(flag.get("post"))
    place = _place(flag.get("target_url"), service) or _place(flag.get("topic_url"), service)
    post_id = fields.number(post.get("id")) or fields.number(flag.get("post_id"))
    if not place and post_id:
        # The short address that every post of Discourse has.
        place = f"{service.url}/p/{post_id}"
    return {
        "kind": "discourse.flag" if old else "discourse.reviewable",
        "service": service.name,
        "server": service.host,
        "flag": flag_id,
        "created_at": fields.moment(flag.get("created_at")),
        "reasons": _reasons(flag),
        "comments": _comments(flag),
        "post": {"id": post_id, "url": place},
    }


def key(reduced: Json) -> str:
    """The same for one flag, however often it is delivered."""
    return f"{reduced['service']}/{reduced['kind']}/{reduced['flag']}"


def to_draft(reduced: Json, problems: Mapping[str, str]) -> NoticeDraft:
    """The notice that a reduced flag stands for, without a place where the forum named none. Nobody is named
    as its notifier. `problems`: the service's own, before `PROBLEMS`."""
    chosen = {**PROBLEMS, **problems}
    problem = next((chosen[reason] for reason in reduced["reasons"] if reason in chosen), "other")
    when = f" on {reduced['created_at']}" if reduced["created_at"] else ""
    reasons = ", ".join(reason.replace("_", " ") for reason in reduced["reasons"]) or "none given"
    lines = [f"Flagged at {reduced['server']}{when} (reason: {reasons})."]
    if reduced["comments"]:
        lines.append("Whoever flagged it wrote:")
        lines.extend(reduced["comments"])
    else:
        lines.append("Whoever flagged it wrote nothing that the forum passes on.")
    return NoticeDraft(
        items=fields.items([reduced["post"]["url"]]),
        problem=problem,
        why="\n".join(lines),
        good_faith=None,
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
    )


def _place(value: Any, service: Service) -> str:
    """A whole address; the forum writes some of them from its root."""
    if isinstance(value, str) and value.startswith("/") and not value.startswith("//"):
        return fields.link(f"{service.origin}{value}")
    return fields.link(value)


def _reasons(flag: Json) -> list[str]:
    """Why it was flagged, as Discourse's own short words."""
    found = [fields.slug(flag.get("flag_type"))]
    for score in fields.parts(flag.get("reviewable_scores"), most=_REASONS):
        kind = fields.part(score.get("score_type"))
        found.append(fields.slug(kind.get("name_key")) or fields.slug(kind.get("type")))
    return list(dict.fromkeys(reason for reason in found if reason))


def _comments(flag: Json) -> list[str]:
    """What was written to the moderators: the first post of the conversation, without who wrote it."""
    found = []
    for score in fields.parts(flag.get("reviewable_scores"), most=_REASONS):
        talk = fields.part(score.get("reviewable_conversation"))
        first = next(fields.parts(talk.get("conversation_posts"), most=1), {})
        found.append(fields.words(first.get("excerpt"), 1000))
    texts = list(dict.fromkeys(text for text in found if text))
    return texts[: fields.MAX_COMMENT // 1000]
