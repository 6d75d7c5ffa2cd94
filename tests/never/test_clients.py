"""Numbers and tokens are for organisations and programs: nobody is counted, followed or asked for an account."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from fairnotice.cases.actions import tokens
from fairnotice.cases.errors import Invalid
from fairnotice.cases.models import ApiClient, ApiToken, Case, Notice
from fairnotice.cases.queries import clients as queries
from fairnotice.plumbing import limits
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
# Table -> why it may point at a client or a token.
POINTS = {
    "cases.ApiToken.client": "whose token it is",
    "cases.ApiToken.replaces": "the one before it",
    "cases.TokenScope.token": "what it is for",
    "cases.TrustedStatus.client": "whose status it is",
    "cases.Notice.client": "whose notice it is: it shows at the desk and is counted",
    "cases.Inbound.token": "who asks how a forwarded notice stands",
}
NOTICE = {
    "items": [{"location": "https://forum.example.org/post/7"}],
    "problem": "defamation",
    "why": "It is false.",
    "good_faith": True,
    "name": "Somebody",
    "email": "somebody@example.org",
}


def test_no_other_table_points_at_a_client_or_a_token() -> None:
    """A log of what a token did would have to be a table."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if field.related_model in (ApiClient, ApiToken)
    }
    assert found == set(POINTS)


def test_a_use_leaves_one_day_and_nothing_else() -> None:
    text = making.token("notices")
    token = tokens.find_token(text, "notices")
    assert token is not None

    def rows() -> dict[str, int]:
        return {
            model._meta.label: model._default_manager.count()
            for model in apps.get_app_config("cases").get_models()
        }

    before, columns = rows(), {field.name for field in ApiToken._meta.fields}
    was = dict(ApiToken.objects.values().get())
    for _ in range(3):
        tokens.note_use(token=token)
    now: dict[str, Any] = dict(ApiToken.objects.values().get())
    changed = {name for name in now if now[name] != was[name]}
    assert changed == {"last_used_on"} and now["last_used_on"] == timezone.localdate()
    assert rows() == before and not hasattr(now["last_used_on"], "hour")
    assert not {name for name in columns if name.startswith("last_")} - {"last_used_on"}


def test_whoever_sends_without_a_token_is_counted_nowhere(client: Client) -> None:
    limits._full_again.clear()
    making.token("notices")
    for _ in range(2):
        sent = client.post("/api/v1/notices", json.dumps(NOTICE), content_type="application/json")
        assert sent.status_code == 201
    assert Notice.objects.filter(client=None).count() == 2
    assert queries.tallies(making.client())[1] == queries.Tally(None)
    assert [row.notices for row in queries.listed()] == [0]


def test_no_token_makes_a_notice_more_urgent_or_lets_it_say_so(client: Client) -> None:
    """Only a status from outside does, and no program can claim that."""
    limits._full_again.clear()
    headers = {"Authorization": f"Bearer {making.token('notices', 'reports', 'bulk')}"}
    sent = client.post(
        "/api/v1/notices", json.dumps(NOTICE), content_type="application/json", headers=headers
    )
    assert sent.status_code == 201 and Case.objects.get().level == 3
    for claim in (
        {"source_type": "SOURCE_TRUSTED_FLAGGER"},
        {"trusted": True},
        {"client": "x"},
        {"level": 1},
    ):
        body = json.dumps(NOTICE | claim)
        answer = client.post("/api/v1/notices", body, content_type="application/json", headers=headers)
        assert answer.status_code == 422
    with pytest.raises(Invalid):
        making.notice(source_type="SOURCE_TRUSTED_FLAGGER")
    assert Notice.objects.count() == 1


def test_a_clients_page_names_no_notifier() -> None:
    """What a client's notices say of the people behind them stays sealed: its page counts, and shows no case."""
    making.sent_by(
        making.client(), "https://forum.example.org/post/7", name="Sentinel", email="s@example.org"
    )
    view = queries.client_view(making.client().ref)
    assert view.total.notices == 1
    assert not {"name", "email", "cases", "notices"} & set(vars(view))
    assert "Sentinel" not in repr(view) and "forum.example.org" not in repr(view)
