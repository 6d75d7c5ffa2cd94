"""Reports of a Mastodon server: its webhook `report.created`, and the reports its admin API lists.

Both hold the same object (Admin::Report of Mastodon's documentation), which carries the addresses, e-mails
and IP addresses of the reporter, of whoever is reported, and of moderators. `reduce` keeps the fields of the
table in docs/fediverse.md and nothing else; above all nothing of the reporter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.cases.services import Service
from fairnotice.intake.fediverse import fields
from fairnotice.intake.fediverse.fields import Json
from fairnotice.intake.unreadable import Unreadable

CREATED = "report.created"
_RULES = 20
# Mastodon's categories -> the choices of the form, where the settings say nothing else.
PROBLEMS = {"spam": "other", "legal": "other", "violation": "rules", "other": "other"}


def report_of(payload: Any) -> Json | None:
    """The report in what the webhook sends, None where it tells of something else. Raises Unreadable."""
    sent = fields.mapping(payload, "")
    if "event" not in sent:
        raise Unreadable("There is no event. Leave the webhook without a template of its own.", "/event")
    return fields.mapping(sent.get("object"), "/object") if sent["event"] == CREATED else None


def is_open(report: Json) -> bool:
    """Whether nobody has dealt with it there yet."""
    return report.get("action_taken") is not True


def reduce(report: Json, service: Service) -> Json:
    """What is kept of a report that this server sent. Raises Unreadable where it has no id."""
    report_id = fields.number(report.get("id"))
    if not report_id:
        raise Unreadable("This report has no id.", "/id")
    about = fields.part(report.get("target_account"))
    account_id = fields.number(about.get("id"))
    account_url = _address(fields.part(about.get("account")))
    posts = [
        {"id": fields.number(post.get("id")), "url": _address(post)}
        for post in fields.parts(report.get("statuses"), most=500)
    ]
    named = [post for post in posts if post["url"]]
    return {
        "kind": "mastodon.report",
        "service": service.name,
        "server": service.host,
        "report": report_id,
        "created_at": fields.moment(report.get("created_at")),
        "category": fields.slug(report.get("category")),
        "comment": fields.words(report.get("comment"), fields.MAX_COMMENT),
        "rules": [
            {"id": fields.number(rule.get("id")), "text": fields.words(rule.get("text"), 200)}
            for rule in fields.parts(report.get("rules"), most=_RULES)
        ],
        "account": {"id": account_id, "url": account_url},
        "posts": named[: fields.MAX_ITEMS],
        "posts_left_out": len(posts) - len(named[: fields.MAX_ITEMS]),
    }


def key(reduced: Json) -> str:
    """The same for one report, however often and by whichever way it comes."""
    return f"{reduced['service']}/{reduced['report']}"


def to_draft(reduced: Json, problems: Mapping[str, str]) -> NoticeDraft:
    """The notice that a reduced report stands for: its posts, or else the account's page; without a place
    where it names neither. Nobody is named as its notifier; the server is named in the words alone.
    `problems`: the service's own, before `PROBLEMS`."""
    places = [post["url"] for post in reduced["posts"]] or [reduced["account"]["url"]]
    return NoticeDraft(
        items=fields.items(places),
        problem=_problem(reduced, problems),
        why=_why(reduced),
        good_faith=None,
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
    )


def _problem(reduced: Json, problems: Mapping[str, str]) -> str:
    """By the rules that were named, in their order, then by the category."""
    chosen = {**PROBLEMS, **problems}
    wanted = [f"rule:{rule['id']}" for rule in reduced["rules"]] + [reduced["category"], "other"]
    return next(chosen[one] for one in wanted if one in chosen)


def _why(reduced: Json) -> str:
    when = f" on {reduced['created_at']}" if reduced["created_at"] else ""
    lines = [f"Reported at {reduced['server']}{when} (category: {reduced['category'] or 'none'})."]
    lines.extend(f"Rule named: {rule['text'] or rule['id']}" for rule in reduced["rules"])
    if reduced["posts"] and reduced["account"]["url"]:
        lines.append(f"The posts are by {reduced['account']['url']}.")
    if reduced["posts_left_out"]:
        lines.append(f"Further posts of the report, not named here: {reduced['posts_left_out']}.")
    if reduced["comment"]:
        lines.append(f"The reporter wrote:\n{reduced['comment']}")
    else:
        lines.append("The reporter wrote nothing.")
    return "\n".join(lines)


def _address(entity: Json) -> str:
    """Of a post or an account: its page, or the name by which servers know it."""
    return fields.link(entity.get("url")) or fields.link(entity.get("uri"))
