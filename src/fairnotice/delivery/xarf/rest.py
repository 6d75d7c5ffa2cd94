"""A report, or the answer to one, posted to another service: to configured peers alone, no redirect followed,
answers capped, one deadline."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fairnotice import __version__
from fairnotice.cases.peers import Peer, peer_for
from fairnotice.delivery import visit
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.xarf import extension

TIMEOUT = 30.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")


@dataclass(frozen=True)
class Reply:
    """Status and the JSON object of the answer; {} where it held none."""

    status: int
    body: dict[str, Any]


class RestPort:
    """Posts JSON to a peer. `timeout` is for the whole of one visit, in seconds."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout

    def post(self, report: Mapping[str, Any], peer: Peer) -> Reply:
        """Send a report to the peer's `/forwards`. Its forward reference is the idempotency key: a retry is
        one notice there. Raises SendFailed with a code of the outbox."""
        reference = str(report[extension.NAME]["forward"])
        return self.post_json(f"{peer.url}/forwards", report, {"Idempotency-Key": f"forward-{reference}"})

    def post_json(
        self,
        url: str,
        body: Mapping[str, Any],
        headers: Mapping[str, str],
        *,
        later: frozenset[int] = frozenset(),
    ) -> Reply:
        """Send any JSON to an address under a peer's. `later`: statuses that are no last word here. Raises
        SendFailed: "misconfigured" where no peer has it, its token cannot be read or is not taken, "refused"
        (final) where it says no for good."""
        peer = peer_for(url)
        if peer is None:
            raise SendFailed("misconfigured")
        try:
            token = peer.token()
        except (OSError, UnicodeDecodeError):
            raise SendFailed("misconfigured") from None
        if not _TOKEN.fullmatch(token):
            raise SendFailed("misconfigured")
        answer = visit.post(
            url,
            json.dumps(body, ensure_ascii=False).encode(),
            {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"FairNotice/{__version__}",
                **headers,
            },
            self.timeout,
        )
        return _judged(answer, later)


def _judged(answer: visit.Answer, later: frozenset[int]) -> Reply:
    """By RFC 9110, 15: 2xx is done; what the other side may mend, or we can, is tried again."""
    status = answer.status
    if 200 <= status < 300:
        return Reply(status, _object(answer.body))
    if status in (408, 425, 429) or status >= 500 or status in later:
        raise SendFailed("deferred", after=answer.after)
    if status in (401, 403, 404, 405) or status < 400:
        # A token that is not taken, an address that is not there, a redirect: for our operator to mend.
        raise SendFailed("misconfigured")
    raise SendFailed("refused", final=True)


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
