"""What we answer to a notice that was forwarded to us, on its way back to the sender."""

from __future__ import annotations

from typing import Any

from fairnotice.cases import sealed
from fairnotice.cases.actions.inbox import ANSWER_REST
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.xarf.rest import RestPort

__all__ = ["ANSWER_REST", "send_answer"]


def send_answer(payload: dict[str, Any], port: RestPort) -> None:
    """Post the answer of an outbox row to the address that the sender gave, if that is a peer's. Raises
    SendFailed, vault's Erased."""
    to = sealed.read_many("inbound", payload["inbound"], ["answer_url", "answer_token"])
    if not to["answer_url"] or not to["answer_token"]:
        raise SendFailed("erased", final=True)
    body = {"token": to["answer_token"], "status": payload["status"], "text": payload["text"]}
    # 409: a quick answer can arrive before the sender has written down that its letter went out.
    port.post_json(to["answer_url"], body, {}, later=frozenset({409}))
