"""ActivityPub's `Flag`: what a server of the fediverse sends to report accounts and posts.

`object` is one address or several, as Mastodon, Pleroma and Lemmy send it: the account first, then its posts,
written as an address or as an object with an `id`. Who reported stands in `actor`, or is a server's own
account; only the server's name is kept (docs/fediverse.md).
"""

from __future__ import annotations

from typing import Any

import ada_url

from fairnotice.cases.drafts import NoticeDraft
from fairnotice.intake.fediverse import fields
from fairnotice.intake.fediverse.fields import Json
from fairnotice.intake.unreadable import Unreadable

_ACTORS = frozenset({"Person", "Service", "Application", "Group", "Organization"})


def is_flag(activity: Any) -> bool:
    """Whether this is a report; everything else that servers tell each other is not for us."""
    kind = activity.get("type") if isinstance(activity, dict) else None
    return kind == "Flag" or (isinstance(kind, list) and "Flag" in kind)


def actor_host(activity: Json) -> str:
    """The host of whoever says it sends this, "" where it says nothing that could be one."""
    actor = activity.get("actor")
    return host_of(actor.get("id") if isinstance(actor, dict) else actor)


def host_of(address: Any) -> str:
    """Host, and port where it is not the usual one, of a web address; "" for anything else."""
    text = fields.link(address)
    return str(ada_url.URL(text).host) if text else ""


def reduce(activity: Json, *, checked: bool) -> Json:
    """What is kept. `checked`: whether its signature was, and is good. Raises Unreadable where it reports
    nothing that has an address."""
    named = activity.get("object")
    account, posts, left_out = "", [], 0
    listed = named if isinstance(named, list) else [named]
    for place, one in enumerate(listed):
        whole = one if isinstance(one, dict) else {}
        address = fields.link(whole.get("id") if whole else one)
        # The first of several is the account, unless it says that it is something else.
        is_account = whole["type"] in _ACTORS if isinstance(whole.get("type"), str) else place == 0
        if not address:
            left_out += 1
        elif is_account and len(listed) > 1 and not account:
            account = address
        else:
            posts.append(address)
    posts = list(dict.fromkeys(posts))
    if not posts and not account:
        raise Unreadable("This Flag names nothing that has a web address.", "/object")
    server, name = actor_host(activity), fields.link(activity.get("id"))
    return {
        "kind": "flag",
        # A name at somebody else's server is not this server's to give.
        "id": name if server and host_of(name) == server else "",
        "server": server,
        "checked": checked,
        # Lemmy writes the reason into `summary`.
        "comment": fields.words(activity.get("content") or activity.get("summary"), fields.MAX_COMMENT),
        "account": account,
        "posts": posts[: fields.MAX_ITEMS],
        "posts_left_out": left_out + max(len(posts) - fields.MAX_ITEMS, 0),
    }


def key(reduced: Json) -> str:
    """The same for one activity, however often it is sent. "" where it has no name of its own. What was not
    checked never counts as the same as what was: else a stranger could take a report's place before it
    comes."""
    return f"{'checked' if reduced['checked'] else 'unchecked'} {reduced['id']}" if reduced["id"] else ""


def to_draft(reduced: Json) -> NoticeDraft:
    """The notice that a reduced Flag stands for. Nobody is named as its notifier."""
    server = reduced["server"] or "a server that does not say its name"
    lines = [f"Reported by {server}."]
    if not reduced["checked"]:
        lines = [f"Reported by what says it is {server}; nobody has checked that."]
    if reduced["posts"] and reduced["account"]:
        lines.append(f"The posts are by {reduced['account']}.")
    if reduced["posts_left_out"]:
        lines.append(f"Further places of the report, not named here: {reduced['posts_left_out']}.")
    if reduced["comment"]:
        lines.append(f"The report says:\n{reduced['comment']}")
    else:
        lines.append("The report gives no reason.")
    return NoticeDraft(
        items=fields.items(reduced["posts"] or [reduced["account"]]),
        problem="other",
        why="\n".join(lines),
        good_faith=None,
        source_type="SOURCE_TYPE_OTHER_NOTIFICATION",
    )
