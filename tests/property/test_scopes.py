"""A token opens what its scopes say and nothing else, whatever was done to it and in whichever order."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairnotice.cases.actions import clients, tokens
from fairnotice.cases.clients import usable
from fairnotice.law.scopes import SCOPES, in_order
from tests.cases import making

pytestmark = pytest.mark.usefixtures("fn_db")
_SCOPES = st.sets(st.sampled_from(sorted(SCOPES)), min_size=1)
_ACTS = st.lists(st.sampled_from(["rotate", "rotate now", "revoke", "close", "another"]), max_size=4)


def _opens(text: str) -> set[str]:
    return {scope for scope in SCOPES if tokens.find_token(text, scope) is not None}


@given(scopes=_SCOPES, acts=_ACTS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_token_opens_its_scopes_and_nothing_else(scopes: set[str], acts: list[str]) -> None:
    with transaction.atomic():
        first = tokens.add_token(client_ref=making.client().ref, scopes=scopes)
        # Text of each token -> what it should open.
        wanted: dict[str, set[str]] = {first.text: scopes}
        newest, closed, other = first, False, ""
        for act in acts:
            if closed or not wanted[newest.text]:
                break
            if act.startswith("rotate"):
                grace = 0 if act.endswith("now") else 7
                old, newest = newest, tokens.rotate_token(token_ref=newest.token.ref, grace_days=grace)
                wanted[newest.text] = scopes
                if not grace:
                    wanted[old.text] = set()
            elif act == "revoke":
                ref = newest.token.client.ref
                tokens.revoke_tokens(client_ref=ref, token_ref=newest.token.ref)
                wanted[newest.text] = set()
            elif act == "close":
                clients.close_client(client_ref=newest.token.client.ref)
                wanted, closed = {text: set() for text in wanted}, True
            elif not other:
                # What happens to one client is nothing to another.
                other = making.token(*scopes, label="Another")
        assert {text: _opens(text) for text in wanted} == wanted
        if other:
            assert _opens(other) == scopes
        # When the time beside their successors is over, at most the newest of the client is left.
        left = usable(timezone.now() + timedelta(days=8)).filter(client=first.token.client)
        assert {row.pk for row in left} == ({newest.token.pk} if wanted[newest.text] else set())
        transaction.set_rollback(True)


@given(st.lists(st.text(max_size=5) | st.sampled_from(sorted(SCOPES))))
def test_equal_sets_are_equal_lists(scopes: list[str]) -> None:
    assert in_order(scopes) == in_order(reversed(scopes))
    assert set(in_order(scopes)) == set(scopes) and len(in_order(scopes)) == len(set(scopes))


@given(st.text(max_size=60))
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
def test_no_other_text_is_a_token(text: str) -> None:
    with transaction.atomic():
        made = making.token(*SCOPES)
        assert _opens(made) == set(SCOPES) and _opens(text) == set()
        transaction.set_rollback(True)
