"""The database's HTTP API, as its documentation and its code have it, and what each answer means.

Every ending falls into one of a few kinds. The one that matters is `Unclear`: the request may have been taken
all the same, so its statements are asked about by their identifiers before any is sent again. Redirects are
never followed: "302 Found" is how the database says that it knows an identifier.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from fairnotice.cases.peers import safe_url
from fairnotice.delivery.database.pace import Pace
from fairnotice.delivery.ports import SendFailed
from fairnotice.delivery.visit import Answer, visit

#: Seconds for a call of 100, and for a question about one identifier.
TIMEOUT, ASK_TIMEOUT = 60.0, 20.0
#: A call of 100 statements at their full length comes back whole, and then some.
MAX_ANSWER = 8 * 1024 * 1024
_TOKEN = re.compile(r"[\x21-\x7e]{1,500}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PLACE = re.compile(r"statement_([0-9]{1,3})(?:\.|$)")


@dataclass(frozen=True)
class Taken:
    """201: all of them are stored, under these uuids, in the order in which they were sent."""

    uuids: tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """422: none was stored. `faults`: position in the call -> what the database says of it. `known`: our
    identifiers that it has already. Both empty: it did not say which."""

    faults: dict[int, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    said: str = ""


@dataclass(frozen=True)
class NotOurs:
    """401 or 403: our token is not taken. Nothing was stored."""


@dataclass(frozen=True)
class Wait:
    """429: too fast. Nothing was stored. `after` in seconds."""

    after: int


@dataclass(frozen=True)
class Unclear:
    """Anything else. `code` is one of the outbox's error codes."""

    code: str
    after: int = 0


@dataclass(frozen=True)
class Known:
    """The database has this identifier; `uuid` where it says under which."""

    uuid: str


@dataclass(frozen=True)
class Unknown:
    """The database does not have it."""


Ending = Taken | Refused | NotOurs | Wait | Unclear
Found = Known | Unknown | NotOurs | Wait | Unclear


class Misconfigured(Exception):
    """Nothing can be sent with these settings; the message says why, and names no secret."""


class Client:
    """One database, with one token. Raises Misconfigured where the address or the token cannot be used."""

    def __init__(self, pace: Pace, timeout: float = TIMEOUT) -> None:
        self.url = str(settings.FN_STATEMENTS["url"]).rstrip("/")
        if safe_url(self.url) is None:
            raise Misconfigured("statements_url is no https address (http on this machine alone).")
        self._token = token()
        self._pace, self._timeout = pace, timeout

    def submit(self, made: Sequence[dict[str, object]]) -> Ending:
        """Send 1 to 100 statements in one call, which is stored whole or not at all."""
        body = json.dumps({"statements": list(made)}, ensure_ascii=False).encode()
        try:
            answer = self._ask("POST", "/statements", body, self._timeout)
        except SendFailed as failure:
            return Unclear(failure.code)
        if answer.status == 201:
            return _taken(answer, [str(one["puid"]) for one in made])
        # 413: the call is larger than a server before the database lets through, so it never arrived there;
        # each goes alone, and one that is too large by itself waits for a person.
        if answer.status in (413, 422):
            return _refused(answer, made)
        return _otherwise(answer)

    def known(self, puid: str) -> Found:
        """Ask whether it has one of our identifiers."""
        try:
            answer = self._ask(
                "GET", f"/statement/existing-puid/{puid}", None, min(self._timeout, ASK_TIMEOUT)
            )
        except SendFailed as failure:
            return Unclear(failure.code)
        found = answer.json()
        if answer.status in (200, 302) and isinstance(found, dict):
            # A proxy that sends us elsewhere has no such body.
            return Known(_uuid(found)) if _says(found, puid) else Unclear("misconfigured")
        if answer.status == 404 and isinstance(found, dict):
            return Unknown()
        ending = _otherwise(answer)
        return Unclear("misconfigured") if answer.status == 404 else ending

    def _ask(self, method: str, path: str, body: bytes | None, timeout: float) -> Answer:
        self._pace.wait()
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        return visit(
            method, f"{self.url}{path}", headers=headers, data=body, timeout=timeout, most=MAX_ANSWER
        )


def token() -> str:
    """The bearer token of the settings: a file, or "credential:NAME" of systemd. Raises Misconfigured."""
    where = str(settings.FN_STATEMENTS["token_file"])
    if not where:
        raise Misconfigured("statements_token_file names no file.")
    name = where.removeprefix("credential:")
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY") or "/nowhere")
    try:
        found = (
            (Path(settings.FN_DATA) / where if name == where else folder / name).read_text("utf-8").strip()
        )
    except (OSError, UnicodeDecodeError, ValueError):
        raise Misconfigured("The token in statements_token_file cannot be read.") from None
    if not _TOKEN.fullmatch(found):
        raise Misconfigured("statements_token_file holds no token.")
    return found


def _taken(answer: Answer, puids: list[str]) -> Ending:
    """Only a whole answer counts. Which uuid is whose is said by the identifiers, where it repeats them, else
    by the order."""
    found = answer.json()
    rows = found.get("statements") if isinstance(found, dict) else None
    if not isinstance(rows, list) or len(rows) != len(puids):
        return Unclear("deferred")
    uuids = [_uuid(row) for row in rows]
    if not all(uuids) or len(set(uuids)) < len(puids):
        return Unclear("deferred")
    named = [str(row.get("puid", "")) for row in rows]
    if any(named):
        by_puid = dict(zip(named, uuids, strict=True))
        if set(by_puid) != set(puids):
            return Unclear("deferred")
        uuids = [by_puid[puid] for puid in puids]
    return Taken(tuple(uuids))


def _refused(answer: Answer, made: Sequence[dict[str, object]]) -> Refused:
    found = answer.json()
    errors = found.get("errors") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(errors, dict):
        return Refused(said=_short(found))
    ours = {str(one["puid"]) for one in made}
    faults: dict[int, str] = {}
    known: dict[str, str] = {}
    for key, value in errors.items():
        place = _PLACE.match(str(key))
        if place and int(place[1]) < len(made):
            number = int(place[1])
            faults[number] = _short(value, faults.get(number, ""))
    for puid in _strings(errors.get("existing_puids"), found.get("existing_puids")):
        if puid in ours:
            known[puid] = ""
    existing = found.get("existing")
    if isinstance(existing, dict) and existing.get("puid") in ours:
        known[str(existing["puid"])] = _uuid(existing)
    return Refused(faults, known, _short(found.get("message") or errors))


def _otherwise(answer: Answer) -> NotOurs | Wait | Unclear:
    if answer.status in (401, 403):
        return NotOurs()
    if answer.status == 429:
        return Wait(answer.after or 60)
    if answer.status >= 500 or answer.status in (408, 425) or 200 <= answer.status < 300:
        return Unclear("deferred", answer.after)
    return Unclear("misconfigured", answer.after)


def _says(found: dict[str, Any], puid: str) -> bool:
    """Whether an answer about an identifier is about ours: it may say more, or nothing but that."""
    whole = found.get("statement")
    inner = whole if isinstance(whole, dict) else found
    named = inner.get("puid", found.get("puid"))
    return named == puid if named is not None else bool(_uuid(found))


def _uuid(row: object) -> str:
    """The uuid in an object, at its top or in "statement"; "" where there is none that is one."""
    if not isinstance(row, dict):
        return ""
    for part in (row, row.get("statement")):
        text = part.get("uuid") if isinstance(part, dict) else None
        if isinstance(text, str) and _UUID.fullmatch(text):
            return text.lower()
    return ""


def _strings(*values: object) -> list[str]:
    found: list[str] = []
    for value in values:
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            if isinstance(row, str):
                found.append(row)
            elif isinstance(row, dict):
                found += _strings(*row.values())
            elif isinstance(row, list):
                found += _strings(*row)
    return found


def _short(value: object, before: str = "") -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"{before}\n{text}".strip()[:2000]
