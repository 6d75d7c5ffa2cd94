"""What Mastodon, Discourse and the fediverse send, written after their public documentation. People are roles,
hosts are example.org's, addresses are those for documentation (RFC 5737, RFC 3849)."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]
SOCIAL = "https://social.example.org"
FORUM = "https://forum.example.org"

#: Words that stand in what is sent and must stand nowhere after it was reduced.
PRIVATE = (
    "reporter@mail.example.org", "holder@mail.example.org", "moderator@mail.example.org",
    "192.0.2.17", "198.51.100.4", "203.0.113.9", "2001:db8::5",
    "reporter-name", "Reporter Shown", "holder-note", "moderator-name", "why I want to join",
    "the words of the post", "a-third-person", "flagger-name", "poster-name", "PostCooked", "PostRaw", "a topic title",
)  # fmt: skip


def account(name: str, number: str, **changes: Any) -> Json:
    """Admin::Account, as a server shows it to its moderators."""
    return {
        "id": number,
        "username": name,
        "domain": None,
        "created_at": "2025-03-01T09:00:00.000Z",
        "email": f"{name}@mail.example.org",
        "ip": "192.0.2.17",
        "ips": [
            {"ip": "198.51.100.4", "used_at": "2025-09-01T08:00:00.000Z"},
            {"ip": "2001:db8::5", "used_at": "2025-09-02T08:00:00.000Z"},
        ],
        "locale": "en",
        "invite_request": "why I want to join",
        "confirmed": True,
        "approved": True,
        "disabled": False,
        "silenced": False,
        "suspended": False,
        "sensitized": False,
        "role": {"id": "-99", "name": "", "permissions": "65536"},
        "account": {
            "id": number,
            "username": f"{name}-name",
            "acct": name,
            "display_name": f"{name.title()} Shown",
            "note": f"<p>{name}-note</p>",
            "url": f"{SOCIAL}/@{name}",
            "uri": f"{SOCIAL}/users/{name}",
            "avatar": f"{SOCIAL}/avatars/{name}.png",
            "fields": [],
        },
        **changes,
    }


def post(number: str, name: str = "holder", **changes: Any) -> Json:
    """Status."""
    return {
        "id": number,
        "created_at": "2025-09-20T10:00:00.000Z",
        "url": f"{SOCIAL}/@{name}/{number}",
        "uri": f"{SOCIAL}/users/{name}/statuses/{number}",
        "sensitive": False,
        "content": "<p>the words of the post</p>",
        "account": account(name, "100200")["account"],
        "mentions": [{"id": "3", "username": "a-third-person", "url": f"{SOCIAL}/@a-third-person"}],
        "media_attachments": [],
        **changes,
    }


def report(number: str = "8437", posts: tuple[str, ...] = ("111",), **changes: Any) -> Json:
    """Admin::Report."""
    return {
        "id": number,
        "action_taken": False,
        "action_taken_at": None,
        "category": "violation",
        "comment": "This insults my neighbour.",
        "forwarded": False,
        "created_at": "2025-09-21T12:30:00.000Z",
        "updated_at": "2025-09-21T12:30:00.000Z",
        "account": account("reporter", "100300"),
        "target_account": account("holder", "100200"),
        "assigned_account": account("moderator", "100400", ip="203.0.113.9"),
        "action_taken_by_account": None,
        "statuses": [post(one) for one in posts],
        "rules": [{"id": "2", "text": "Be kind to each other."}],
        **changes,
    }


def webhook(event: str = "report.created", **changes: Any) -> Json:
    """What Mastodon's webhook posts."""
    return {"event": event, "created_at": "2025-09-21T12:30:01.000Z", "object": report(**changes)}


def reviewable(**changes: Any) -> Json:
    """What a forum of today posts as `reviewable_created`."""
    return {
        "reviewable": {
            "id": 46,
            "status": 0,
            "type": "ReviewableFlaggedPost",
            "topic_id": 12,
            "topic_url": "/t/a-topic/12",
            "target_url": f"{FORUM}/t/a-topic/12/3",
            "category_id": 4,
            "created_at": "2025-09-22T07:00:00.000Z",
            "score": 1.5,
            "version": 0,
            "cooked": "<p>PostCooked</p>",
            "raw": "PostRaw",
            "post_id": 77,
            "created_by": {"id": 8, "username": "flagger-name", "email": "reporter@mail.example.org"},
            "target_created_by": {"id": 9, "username": "poster-name", "ip_address": "203.0.113.9"},
            "topic": {"id": 12, "title": "a topic title"},
            "reviewable_scores": [
                {
                    "id": 5,
                    "score": 1.5,
                    "user": {"id": 8, "username": "flagger-name"},
                    "score_type": {"id": 7, "title": "Something Else", "name_key": "notify_moderators"},
                    "reviewable_conversation": {
                        "id": 2,
                        "permalink": f"{FORUM}/t/private/99",
                        "conversation_posts": [
                            {
                                "id": 4,
                                "excerpt": "He names where I live.",
                                "user": {"username": "flagger-name"},
                            },
                            {"id": 5, "excerpt": "We will look.", "user": {"username": "moderator-name"}},
                        ],
                    },
                },
                {"id": 6, "score_type": {"id": 8, "title": "Spam", "name_key": "spam"}},
            ],
            **changes,
        }
    }


def old_flag(**changes: Any) -> Json:
    """What an older forum posts as `flag_created`."""
    return {
        "flag": {
            "id": 31,
            "post": {"id": 78, "name": "", "username": "poster-name", "cooked": "<p>PostCooked</p>"},
            "flag_type": "inappropriate",
            "created_by": "flagger-name",
            "created_at": "2019-05-01T07:00:00.000Z",
            **changes,
        }
    }


def flag_activity(host: str = "https://away.example.org", **changes: Any) -> Json:
    """A Flag, as Mastodon sends it: in the name of the server's own account."""
    return {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{host}/5f0b9a2e-0000-4000-8000-000000000001",
        "type": "Flag",
        "actor": f"{host}/actor",
        "content": "It calls for violence.",
        "object": [f"{SOCIAL}/users/holder", f"{SOCIAL}/users/holder/statuses/111"],
        **changes,
    }


def without(value: Json, *names: str) -> Json:
    """A copy without some fields."""
    changed = copy.deepcopy(value)
    for name in names:
        del changed[name]
    return changed
