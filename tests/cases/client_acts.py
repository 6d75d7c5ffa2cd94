"""The actions about clients, their tokens and their status, each done once, for `test_every_action`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fairnotice.cases.actions import clients, tokens, trusted
from fairnotice.cases.models import ApiToken
from tests.cases import making

READERS: set[Callable[..., object]] = {
    tokens.find_token,
    trusted.check_trusted,
    trusted.is_page,
}
# The day of its last use: nobody relies on it, and an event for it would be a log of uses.
SILENT: set[Callable[..., object]] = {tokens.note_use}


def _token() -> ApiToken:
    found = tokens.find_token(making.token("effects"), "effects")
    assert found is not None
    return found


def _status(*_: Any) -> None:
    making.trusted_flagger(making.account("admin", "administrator"))


def _ended(*_: Any) -> None:
    admin = making.account("admin", "administrator")
    making.trusted_flagger(admin)
    trusted.end_trusted(actor=admin, client_ref=making.client().ref, reason="The coordinator withdrew it.")


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    clients.add_client: (lambda s: clients.add_client(label="A reporting centre"), "client.added"),
    clients.close_client: (
        lambda s: clients.close_client(client_ref=making.client().ref),
        "client.closed",
    ),
    tokens.add_token: (lambda s: making.token("notices", "bulk"), "token.added"),
    tokens.rotate_token: (lambda s: tokens.rotate_token(token_ref=_token().ref), "token.rotated"),
    tokens.revoke_tokens: (
        lambda s: tokens.revoke_tokens(client_ref=_token().client.ref),
        "token.revoked",
    ),
    trusted.record_trusted: (_status, "trusted.recorded"),
    trusted.end_trusted: (_ended, "trusted.ended"),
}
