"""The witness as a WSGI application (C2SP tlog-witness v1.0.0, and retrieval as on its main branch).

``POST <prefix>/add-checkpoint``, ``GET <prefix>/<hex sha256(origin)>/checkpoint``, ``GET <prefix>/``.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fairnotice.translog.errors import TranslogError
from fairnotice.translog.witness import body
from fairnotice.translog.witness.cosigner import Cosigner
from fairnotice.translog.witness.errors import Locked
from fairnotice.translog.witness.evidence import keep_fork
from fairnotice.translog.witness.marks import origin_hash
from fairnotice.translog.witness.rules import Admitted, Answer, Logs, Rejected, admit, parse_submission
from fairnotice.translog.witness.state import State

logger = logging.getLogger("fairnotice.witness")
_LAST = re.compile(r"/([0-9a-f]{64})/checkpoint")
_READ = ("GET", "HEAD")
_CANNOT = "This witness cannot do its work just now. Its operator finds the reason in its log."
_LOCKED = (
    "This witness has noticed that its memory of this log was put back. It signs nothing for the log until "
    "its operator has acted."
)


class App:
    """Answers requests. ``evidence``: the folder that keeps the proof of a fork; ``clock``: POSIX seconds."""

    def __init__(
        self,
        *,
        cosigner: Cosigner,
        logs: Logs,
        state: State,
        prefix: str = "",
        evidence: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._cosigner = cosigner
        self._logs = logs
        self._state = state
        self._prefix = prefix
        self._evidence = evidence
        self._clock = clock
        self._origins = {origin_hash(origin): origin for origin in logs}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI. Whatever goes wrong becomes an answer; the reason stands in the log, not in the answer."""
        method = environ.get("REQUEST_METHOD", "")
        headers: list[tuple[str, str]] = []
        try:
            answer = self._answer(method, environ, headers)
        except Rejected as rejected:
            answer = rejected.answer
        except Locked as fault:
            logger.error("nothing is signed: %s", fault)
            answer = Answer(503, f"{_LOCKED}\n")
        except TranslogError as fault:
            logger.error("a request was not answered: %s", fault)
            answer = Answer(503, f"{_CANNOT}\n")
        except Exception:
            logger.exception("a request was not answered")
            answer = Answer(500, f"{_CANNOT}\n")
        data = answer.text.encode("utf-8")
        headers += [
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(data))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if method == "POST" and answer.status not in (200, 409, 422):
            # The body may not have been read to its end.
            headers.append(("Connection", "close"))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [] if method == "HEAD" else [data]

    def _answer(self, method: str, environ: dict[str, Any], headers: list[tuple[str, str]]) -> Answer:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(self._prefix):
            raise Rejected(404, "There is nothing here.")
        path = path.removeprefix(self._prefix)
        last = _LAST.fullmatch(path)
        adds = path == "/add-checkpoint"
        if not adds and not last and path not in ("", "/"):
            raise Rejected(404, "There is nothing here.")
        allowed = ("POST",) if adds else _READ
        if method not in allowed:
            headers.append(("Allow", ", ".join(allowed)))
            raise Rejected(405, f"This address takes {' and '.join(allowed)} only.")
        if adds:
            return self._add(body.take(environ))
        return self._last(last[1]) if last else Answer(200, self._about())

    def _add(self, data: bytes) -> Answer:
        admitted = admit(parse_submission(data), self._logs)
        try:
            return Answer(200, self._state.cosign(admitted, self._cosigner.lines, int(self._clock())))
        except Rejected as rejected:
            if rejected.answer.status == 422:
                self._suspect(admitted)
            raise

    def _suspect(self, admitted: Admitted) -> None:
        """Keep what proves a fork. The submitter is answered in any case."""
        origin = admitted.checkpoint.origin
        if self._evidence is None:
            return
        try:
            path = keep_fork(self._evidence, admitted, self._state.last(origin))
        except (OSError, TranslogError):
            logger.exception("evidence against %s could not be kept", origin)
            return
        if path is not None:
            logger.error("the log %s signed two trees of one size: see %s", origin, path)

    def _last(self, digest: str) -> Answer:
        origin = self._origins.get(digest)
        found = self._state.last(origin) if origin is not None else None
        if found is None:
            raise Rejected(404, "This witness has cosigned nothing for this log.")
        return Answer(200, found.note)

    def _about(self) -> str:
        lines = [
            "This is a witness for transparency logs.",
            "",
            "It signs a checkpoint only if everything that it signed before for the same log is still in it.",
            "It stores nothing but the last checkpoint of each log. The protocol is C2SP tlog-witness.",
            "",
            "Its public keys:",
            *(f"  {vkey}" for vkey in self._cosigner.vkeys),
            "",
            "Submit a checkpoint with its proof:",
            f"  POST {self._prefix}/add-checkpoint",
            "",
            "The logs that it watches, each with the last checkpoint that it signed:",
        ]
        for digest, origin in self._origins.items():
            lines += [f"  {origin}", f"    {self._prefix}/{digest}/checkpoint"]
        if not self._origins:
            lines.append("  none yet")
        return "\n".join(lines) + "\n"
