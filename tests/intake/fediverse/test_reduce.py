"""What is kept of a report, and what it becomes. Everything that is on no list must be gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairnotice.cases.drafts import check_notice
from fairnotice.cases.services import Service
from fairnotice.intake.fediverse import discourse, flag, mastodon
from fairnotice.intake.fediverse.readers import as_bytes, read_flag
from fairnotice.intake.unreadable import Unreadable
from tests.intake.fediverse.payloads import (
    FORUM,
    PRIVATE,
    SOCIAL,
    account,
    flag_activity,
    old_flag,
    post,
    report,
    reviewable,
    webhook,
)

MASTODON = Service("social", "mastodon", SOCIAL)
DISCOURSE = Service("forum", "discourse", FORUM)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["https://a.example/", "9"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "url",
                    "uri",
                    "statuses",
                    "target_account",
                    "account",
                    "rules",
                    "comment",
                    "category",
                    "post",
                    "flag_type",
                    "target_url",
                    "reviewable_scores",
                    "score_type",
                    "object",
                    "actor",
                    "type",
                    "content",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def kept(reduced: dict) -> str:
    return as_bytes(reduced).decode()


def test_a_report_keeps_the_fields_of_the_list_and_nothing_else() -> None:
    reduced = mastodon.reduce(report(posts=("111", "112")), MASTODON)
    assert reduced == {
        "kind": "mastodon.report",
        "service": "social",
        "server": "social.example.org",
        "report": "8437",
        "created_at": "2025-09-21T12:30:00.000Z",
        "category": "violation",
        "comment": "This insults my neighbour.",
        "rules": [{"id": "2", "text": "Be kind to each other."}],
        "account": {"id": "100200", "url": f"{SOCIAL}/@holder"},
        "posts": [
            {"id": "111", "url": f"{SOCIAL}/@holder/111"},
            {"id": "112", "url": f"{SOCIAL}/@holder/112"},
        ],
        "posts_left_out": 0,
    }


@pytest.mark.parametrize(
    "text",
    [
        kept(mastodon.reduce(report(), MASTODON)),
        kept(discourse.reduce(reviewable()["reviewable"], DISCOURSE)),
        kept(discourse.reduce(old_flag()["flag"], DISCOURSE)),
        kept(flag.reduce(flag_activity(actor="https://away.example.org/users/reporter-name"), checked=True)),
    ],
    ids=["report", "reviewable", "old flag", "Flag"],
)
def test_nobody_s_address_or_name_is_left(text: str) -> None:
    assert [word for word in PRIVATE if word.lower() in text.lower()] == []


def test_what_was_sent_does_hold_all_of_that() -> None:
    sent = json.dumps([webhook(), reviewable(), old_flag()])
    assert [word for word in PRIVATE if word not in sent] == []


def test_a_report_is_a_whole_notice_about_its_posts() -> None:
    draft = mastodon.to_draft(mastodon.reduce(report(posts=("111", "112")), MASTODON), {})
    assert [item.location for item in draft.items] == [f"{SOCIAL}/@holder/111", f"{SOCIAL}/@holder/112"]
    assert check_notice(draft, machine=True) == []
    assert (draft.name, draft.email, draft.good_faith) == ("", "", None)
    assert (draft.source_type, draft.problem) == ("SOURCE_TYPE_OTHER_NOTIFICATION", "rules")
    assert "social.example.org" in draft.why
    assert "Be kind to each other." in draft.why
    assert draft.why.endswith("The reporter wrote:\nThis insults my neighbour.")


def test_without_posts_it_is_about_the_account() -> None:
    draft = mastodon.to_draft(mastodon.reduce(report(posts=(), comment="", rules=[]), MASTODON), {})
    assert [item.location for item in draft.items] == [f"{SOCIAL}/@holder"]
    assert draft.why.endswith("The reporter wrote nothing.")


def test_a_post_of_another_server_goes_by_the_name_that_servers_know() -> None:
    there = post("111", url=None, uri="https://away.example.org/objects/5")
    draft = mastodon.to_draft(mastodon.reduce(report(statuses=[there]), MASTODON), {})
    assert [item.location for item in draft.items] == ["https://away.example.org/objects/5"]


def test_more_posts_than_a_notice_takes_are_counted() -> None:
    many = report(posts=tuple(str(number) for number in range(1000, 1060)))
    draft = mastodon.to_draft(mastodon.reduce(many, MASTODON), {})
    assert len(draft.items) == 50
    assert "Further posts of the report, not named here: 10." in draft.why
    assert check_notice(draft, machine=True) == []


@pytest.mark.parametrize(
    ("problems", "category", "rules", "expected"),
    [
        ({}, "spam", [], "other"),
        ({"spam": "scam"}, "spam", [], "scam"),
        ({"rule:2": "harassment", "violation": "hate"}, "violation", [{"id": "2", "text": ""}], "harassment"),
        ({"rule:3": "harassment"}, "violation", [{"id": "2", "text": ""}], "rules"),
        ({}, "something-new", [], "other"),
        ({"other": "hate"}, None, [], "hate"),
    ],
)
def test_categories_and_rules_choose_the_problem_by_the_table_of_the_settings(
    problems, category, rules, expected
) -> None:
    reduced = mastodon.reduce(report(category=category, rules=rules), MASTODON)
    assert mastodon.to_draft(reduced, problems).problem == expected


def test_a_very_long_comment_still_fits() -> None:
    draft = mastodon.to_draft(mastodon.reduce(report(comment="x\x00" * 60_000), MASTODON), {})
    assert check_notice(draft, machine=True) == []
    assert "[The text goes on.]" in draft.why


def test_an_id_that_could_lead_elsewhere_is_none() -> None:
    sent = report(target_account=account("holder", "../../7"), statuses=[post("1/2", url=f"{SOCIAL}/@h/1")])
    reduced = mastodon.reduce(sent, MASTODON)
    assert (reduced["account"]["id"], reduced["posts"][0]["id"]) == ("", "")
    with pytest.raises(Unreadable, match="has no id"):
        mastodon.reduce(report(number="7?x"), MASTODON)


def test_what_is_no_report_is_said_to_be_none() -> None:
    assert mastodon.report_of(webhook("account.created")) is None
    with pytest.raises(Unreadable, match="There is no event"):
        mastodon.report_of({"content": "a template of the server's own"})
    with pytest.raises(Unreadable, match="/object"):
        mastodon.report_of({"event": "report.created", "object": [1]})


def test_a_reviewable_of_a_forum_becomes_a_notice() -> None:
    reduced = discourse.reduce(reviewable()["reviewable"], DISCOURSE)
    draft = discourse.to_draft(reduced, {"notify_moderators": "privacy"})
    assert [item.location for item in draft.items] == [f"{FORUM}/t/a-topic/12/3"]
    assert (draft.problem, reduced["reasons"]) == ("privacy", ["notify_moderators", "spam"])
    assert "He names where I live." in draft.why
    assert "We will look." not in draft.why
    assert check_notice(draft, machine=True) == []


def test_an_old_flag_names_its_post_by_the_short_address() -> None:
    draft = discourse.to_draft(discourse.reduce(old_flag()["flag"], DISCOURSE), {})
    assert [item.location for item in draft.items] == [f"{FORUM}/p/78"]
    assert draft.problem == "rules"


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("reviewable_updated", reviewable()),
        ("flag_agreed", old_flag()),
        ("user_logged_in", {"user": {}}),
        ("reviewable_created", reviewable(type="ReviewableUser")),
        ("reviewable_created", reviewable(type="ReviewableQueuedPost")),
    ],
)
def test_other_events_of_a_forum_are_no_notice(event, payload) -> None:
    assert discourse.flag_of(event, payload) is None


def test_a_flag_of_the_fediverse_becomes_a_notice_about_its_posts() -> None:
    draft = flag.to_draft(flag.reduce(flag_activity(), checked=True))
    assert [item.location for item in draft.items] == [f"{SOCIAL}/users/holder/statuses/111"]
    assert draft.why.startswith("Reported by away.example.org.")
    assert "It calls for violence." in draft.why
    assert check_notice(draft, machine=True) == []


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (f"{SOCIAL}/users/holder", [f"{SOCIAL}/users/holder"]),
        ([f"{SOCIAL}/users/holder"], [f"{SOCIAL}/users/holder"]),
        ({"type": "Note", "id": f"{SOCIAL}/n/1"}, [f"{SOCIAL}/n/1"]),
        (
            [{"type": "Note", "id": f"{SOCIAL}/n/1"}, {"type": "Person", "id": f"{SOCIAL}/u/1"}],
            [f"{SOCIAL}/n/1"],
        ),
    ],
)
def test_the_forms_of_object_that_are_in_use(named, expected) -> None:
    draft = flag.to_draft(flag.reduce(flag_activity(object=named), checked=True))
    assert [item.location for item in draft.items] == expected


def test_an_unchecked_flag_says_so_and_waits_for_a_person() -> None:
    reading = read_flag(as_bytes(flag.reduce(flag_activity(), checked=False)), {})
    assert (reading.outcome, reading.reason) == ("draft", "signature-unchecked")
    assert reading.draft is not None
    assert "nobody has checked that" in reading.draft.why


def test_an_unchecked_flag_cannot_take_the_place_of_a_checked_one() -> None:
    keys = {flag.key(flag.reduce(flag_activity(), checked=checked)) for checked in (True, False)}
    assert len(keys) == 2
    elsewhere = flag_activity(id="https://third.example.org/1")
    assert flag.key(flag.reduce(elsewhere, checked=True)) == ""


@pytest.mark.parametrize("named", [None, "acct:x@y.example", [], [{"type": "Note"}], 7])
def test_a_flag_of_nothing_is_refused(named) -> None:
    with pytest.raises(Unreadable, match="/object"):
        flag.reduce(flag_activity(object=named), checked=True)


@settings(max_examples=150)
@given(JSON)
def test_whatever_is_sent_is_read_or_refused(value) -> None:
    for read in (
        lambda: mastodon.to_draft(mastodon.reduce(mastodon.report_of(value) or {}, MASTODON), {}),
        lambda: mastodon.to_draft(
            mastodon.reduce({"id": "1", **(value if isinstance(value, dict) else {})}, MASTODON), {}
        ),
        lambda: discourse.to_draft(
            discourse.reduce({"id": 1, **(value if isinstance(value, dict) else {})}, DISCOURSE), {}
        ),
        lambda: flag.to_draft(flag.reduce({"object": value}, checked=False)),
    ):
        try:
            draft = read()
        except Unreadable:
            continue
        faults = [fault for fault in check_notice(draft, machine=True) if fault.path != "items"]
        assert faults == []


def test_the_lists_in_the_guides_are_what_is_kept() -> None:
    """A field that is kept and not told, or told and not kept, fails here."""
    docs = Path(__file__).parents[3] / "docs"
    for name, reduced in (
        ("fediverse.md", mastodon.reduce(report(), MASTODON)),
        ("fediverse.md", flag.reduce(flag_activity(), checked=True)),
        ("discourse.md", discourse.reduce(reviewable()["reviewable"], DISCOURSE)),
    ):
        text = (docs / name).read_text("utf-8")
        assert [field for field in reduced if f"| `{field}` |" not in text] == []
