"""Tokens of an earlier version go on working, each as one of a client with its label."""

from __future__ import annotations

import hmac
import sqlite3
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from fairnotice.cases.actions import tokens
from fairnotice.cases.models import ApiClient, ApiToken, Inbound, Notice
from fairnotice.plumbing import appendonly
from fairnotice.vault.keys import named_secret
from tests.cases import making
from tests.ledger.conftest import data as data

pytestmark = pytest.mark.usefixtures("data")
# Text, label, purpose, and whether it was revoked, as the tables had them.
OLD = [
    ("first secret", "A forum", "forwards", False),
    ("second secret", "a FORUM", "effects", False),
    ("third secret", "A shop", "effects", True),
]


def _before() -> sqlite3.Connection:
    """The database as the earlier version had it."""
    call_command("migrate", "cases", "0003", verbosity=0, interactive=False)
    connections["default"].close()
    return sqlite3.connect(Path(connection.settings_dict["NAME"]))


def test_tokens_stay_valid_and_forwarded_notices_become_their_clients() -> None:
    notice, others = making.notice().notice.pk, making.notice("https://example.org/other").notice.pk
    database, at = _before(), timezone.now().replace(tzinfo=None).isoformat(" ")
    for text, label, purpose, revoked in OLD:
        database.execute(
            "INSERT INTO cases_effecttoken (label, purpose, mac, created_at, revoked_at) VALUES (?, ?, ?, ?, ?)",
            (label, purpose, hmac.digest(named_secret("effect-token"), text.encode(), "sha256"), at, at if revoked else None),
        )  # fmt: skip
    database.execute(
        "INSERT INTO cases_inbound (ref, notice_id, token_id, key_mac, digest, received_at, reachable, answer, "
        "answer_length) VALUES ('ABCDEFGH2345', ?, 1, x'00', x'00', ?, 0, '', 0)",
        (notice, at),
    )
    database.commit()
    database.close()
    call_command("migrate", verbosity=0, interactive=False)

    assert sorted(ApiClient.objects.values_list("label", flat=True)) == ["A forum", "A shop"]
    found = tokens.find_token("first secret", "forwards")
    assert found is not None and found.client.label == "A forum" and len(found.ref) == 12
    second = tokens.find_token("second secret", "effects")
    assert second is not None and second.client == found.client and second.ref != found.ref
    assert tokens.find_token("first secret", "effects") is None
    assert tokens.find_token("third secret", "effects") is None
    assert Inbound.objects.get().token == found
    assert Notice.objects.get(pk=notice).client == found.client
    assert Notice.objects.get(pk=others).client is None
    assert ApiToken.objects.exclude(hint="").count() == 0
    assert appendonly.missing(connection) == []
    connection.check_constraints()
    # They can be replaced like any other.
    new = tokens.rotate_token(token_ref=found.ref, grace_days=0)
    assert tokens.find_token(new.text, "forwards") and not tokens.find_token("first secret", "forwards")
