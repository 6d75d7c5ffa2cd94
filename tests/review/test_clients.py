"""Clients at the desk: everybody reads, an administrator writes, and a token is seen once."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from fairnotice.cases.actions import tokens
from fairnotice.cases.models import ApiClient, ApiToken, TrustedStatus
from tests.cases import making
from tests.review.conftest import with_purpose
from tests.review.reading import text

LIST, ADD = "/desk/clients/", "/desk/clients/add/"
REGISTER = "https://coordinator.example/trusted-flaggers/7"


@pytest.fixture
def client(fn_db: None) -> ApiClient:
    return making.client()


def page_of(client: ApiClient) -> str:
    return f"/desk/client/{client.ref}/"


def shown(answer) -> str:
    """The token on a page that shows one."""
    found = re.search(r'id="new-token"[^>]*>([^<]+)<', text(answer))
    assert found is not None
    return found[1]


def facts(client: ApiClient, **changes: object) -> dict[str, object]:
    """What the form about a status sends; `version` is what the person saw."""
    client.refresh_from_db()
    today = timezone.localdate()
    return {
        "version": client.version,
        "reference": REGISTER,
        "country": "ie",
        "awarded_on": today.isoformat(),
        "expires_on": "",
        "review_on": (today + timedelta(days=300)).isoformat(),
        "areas": ["STATEMENT_CATEGORY_SCAMS_AND_FRAUD"],
        **changes,
    }


def test_an_empty_list_says_what_a_client_is_and_one_is_added(browser) -> None:
    admin = browser("admin")
    assert "No client is here yet" in text(admin.get(LIST))
    wrong = admin.post(ADD, {"label": "centre@reporting.example"})
    assert wrong.status_code == 422 and 'href="#id_label"' in text(wrong)
    assert 'value="centre@reporting.example"' in text(wrong) and not ApiClient.objects.exists()
    made = admin.post(ADD, {"label": " A  reporting centre "}, follow=True)
    assert "It has no token yet" in text(made)
    assert ApiClient.objects.get().label == "A reporting centre"
    assert "open client with this label" in text(admin.post(ADD, {"label": "a REPORTING centre"}))
    assert "A reporting centre" in text(admin.get(LIST, {"search": "report"}))
    assert "No client fits" in text(admin.get(LIST, {"search": "x"}))


def test_a_token_is_shown_on_one_page_and_no_other(browser, client: ApiClient) -> None:
    admin, where = browser("admin"), f"{page_of(client)}token/"
    wrong = admin.post(where, {"version": client.version, "last_day": "2020-01-01"})
    assert wrong.status_code == 422
    assert 'href="#id_scopes"' in text(wrong) and 'href="#id_last_day"' in text(wrong)
    answer = admin.post(where, {"version": client.version, "scopes": ["notices", "bulk"], "last_day": ""})
    secret = shown(answer)
    assert answer["Cache-Control"] == "no-store"
    assert tokens.find_token(secret, "bulk") is not None
    again = admin.post(where, {"version": client.version, "scopes": ["notices"]})
    assert again.status_code == 409 and "new-token" not in text(again), "a reload makes no second one"
    assert "checked" in text(again), "what was ticked is not lost"
    for name in ("admin", "auditor", "holder"):
        seen = text(browser(name).get(page_of(client)))
        assert secret not in seen and f"…{secret[-4:]}" in seen
    assert secret not in text(admin.get(LIST))


def test_the_old_token_goes_on_beside_the_new_one_as_long_as_was_chosen(browser, client: ApiClient) -> None:
    admin = browser("admin")
    old = making.token("notices")
    row = ApiToken.objects.get()
    where = f"/desk/token/{row.ref}/rotate/"
    assert 'value="7"' in text(admin.get(where)), "a week, unless another time is chosen"
    client.refresh_from_db()
    for days in ("-1", "91", "soon", ""):
        wrong = admin.post(where, {"version": client.version, "grace_days": days})
        assert wrong.status_code == 422 and 'href="#id_grace_days"' in text(wrong)
    new = shown(admin.post(where, {"version": client.version, "grace_days": "3"}))
    assert tokens.find_token(old, "notices") and tokens.find_token(new, "notices")
    row.refresh_from_db()
    assert row.expires_at is not None
    assert timedelta(days=2) < row.expires_at - timezone.now() <= timedelta(days=3)
    page = text(admin.get(page_of(client)))
    assert f"then only …{new[-4:]}" in page and f"{row.ref}/rotate/" not in page
    client.refresh_from_db()
    twice = admin.post(where, {"version": client.version, "grace_days": "3"})
    assert twice.status_code == 409 and "has a successor already" in text(twice)


def test_revoking_and_closing_say_first_what_they_do(browser, client: ApiClient) -> None:
    admin = browser("admin")
    first, second = making.token("notices"), making.token("effects")
    row = tokens.find_token(first, "notices")
    assert row is not None
    client.refresh_from_db()
    where = f"/desk/token/{row.ref}/revoke/"
    assert "This cannot be undone" in text(admin.get(where)) and tokens.find_token(first, "notices")
    late = admin.post(where, {"version": client.version - 1})
    assert late.status_code == 409 and tokens.find_token(first, "notices")
    assert "has stopped working" in text(admin.post(where, {"version": client.version}, follow=True))
    assert tokens.find_token(first, "notices") is None and tokens.find_token(second, "effects")
    where = f"{page_of(client)}close/"
    assert "All its tokens stop working now" in text(admin.get(where))
    client.refresh_from_db()
    closed = text(admin.post(where, {"version": client.version}, follow=True))
    assert "The client is closed" in closed and "Make a token" not in closed
    assert tokens.find_token(second, "effects") is None
    assert "closed already" in text(admin.get(where))
    assert admin.post(f"{page_of(client)}token/", {"version": 1, "scopes": ["bulk"]}).status_code == 409
    assert making.client() != client, "its label is free for another one"


def test_a_status_is_written_down_with_its_outside_reference_and_its_end(browser, client) -> None:
    admin, where = browser("admin"), f"{page_of(client)}trusted/"
    said = text(admin.get(where))
    assert "never by this service" in said and "you cannot give it" in said
    bad = {"reference": "", "country": "Ireland", "awarded_on": "", "review_on": "", "areas": ["NONE"]}
    wrong = admin.post(where, facts(client, **bad))
    assert wrong.status_code == 422 and not TrustedStatus.objects.exists()
    for name in ("reference", "country", "awarded_on", "expires_on", "areas"):
        assert f'href="#id_{name}"' in text(wrong), name
    assert 'value="Ireland"' in text(wrong)
    page = text(admin.post(where, facts(client), follow=True))
    assert f'href="{REGISTER}"' in page and "Scams" in page
    assert "in force" in text(admin.get(LIST))
    # A review is the same record with another day; the former one stays.
    stale = facts(client, version=1)
    late = admin.post(where, stale)
    assert late.status_code == 409 and f'value="{REGISTER}"' in text(late)
    again = text(admin.post(where, facts(client, reference="File 7 of the coordinator"), follow=True))
    assert "What was recorded before" in again and "Recorded anew" in again
    assert TrustedStatus.objects.count() == 2 and TrustedStatus.objects.filter(end=None).count() == 1
    ending = f"{page_of(client)}trusted/end/"
    client.refresh_from_db()
    wrong = admin.post(ending, {"version": client.version, "reason": ""})
    assert wrong.status_code == 422 and 'href="#id_reason"' in text(wrong)
    done = {"version": client.version, "reason": "The coordinator withdrew it."}
    page = text(admin.post(ending, done, follow=True))
    assert "No status is in force" in page and "The coordinator withdrew it." in page
    client.refresh_from_db()
    assert admin.post(ending, {"version": client.version, "reason": "Again."}).status_code == 409


def test_a_review_that_is_due_is_said_and_takes_nothing_away(browser, client: ApiClient, people) -> None:
    making.trusted_flagger(people["admin"])
    assert "look at the coordinator" not in text(browser("auditor").get(page_of(client)))
    later = timezone.localdate() + timedelta(days=366)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "localdate", lambda *_: later)
        page = text(browser("auditor").get(page_of(client)))
    assert "look at the coordinator" in page and "Trusted flagger" in page


def test_who_only_reads_is_offered_nothing_to_change(browser, client: ApiClient, people) -> None:
    making.token("notices")
    making.trusted_flagger(people["admin"])
    for name in ("holder", "senior", "appeals", "publisher", "auditor"):
        pages = text(browser(name).get(LIST)) + text(browser(name).get(page_of(client)))
        assert "A reporting centre" in pages
        for word in ("Add a client", "Make a token", "Rotate", "Revoke", "Close this", "anew"):
            assert word not in pages, (name, word)


def test_the_numbers_show_on_how_few_they_rest(browser, client: ApiClient, people) -> None:
    page = text(browser("holder").get(page_of(client)))
    assert "No notice came with its tokens" in page
    for number in range(3):
        sent = making.sent_by(client, f"https://forum.example.org/post/{number}")
        if number:
            making.decided(sent, people["holder"], *(["NO_ACTION"] if number == 2 else []))
    page = text(browser("holder").get(page_of(client)))
    assert "1 of 2" in page and "%)" not in page
    case = making.case_of(sent)
    assert "A reporting centre" in text(
        with_purpose(browser("holder"), case.ref).get(f"/desk/case/{case.ref}/")
    )


def test_what_is_not_there_is_not_found(browser) -> None:
    admin = browser("admin")
    for path in ("client/X/", "client/X/close/", "client/X/token/", "client/X/trusted/"):
        assert admin.get(f"/desk/{path}").status_code == 404
    for path in ("client/X/trusted/end/", "token/X/rotate/", "token/X/revoke/"):
        assert admin.get(f"/desk/{path}").status_code == 404
