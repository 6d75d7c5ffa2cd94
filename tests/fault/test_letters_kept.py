"""Mail by SMTP, handed on over LMTP, while every process of the service is killed once: each letter that was
taken is there, with its hash, and none is there twice."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import smtplib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.conftest import DataFolder
from tests.intake.letterbox.letters import kept, sample
from tests.site.served import Served, alive, free_port, serving, wait_for

pytestmark = pytest.mark.fault
LETTERS = 200


class Relay:
    """A mail server that takes nothing on its own word: it says "250" only when the LMTP door has said so."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tried: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        return await asyncio.to_thread(self._hand_on, envelope)

    def _hand_on(self, envelope: Any) -> str:
        self.tried.append(envelope.content)
        try:
            with smtplib.LMTP("127.0.0.1", self.port, local_hostname="mx.example.net") as door:
                door.sendmail(envelope.mail_from, envelope.rcpt_tos, envelope.content)
                # The library reads the first recipient's answer alone.
                answers = [door.getreply()[0] for _more in envelope.rcpt_tos[1:]]
            if answers != [250]:
                return "451 4.4.1 not for all"
        except (OSError, smtplib.SMTPException):
            return "451 4.4.1 not now"
        return "250 handed on"


def _send(port: int, raw: bytes) -> None:
    """As a mail server does: again until it is taken."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            with smtplib.SMTP("127.0.0.1", port, local_hostname="client.example.net", timeout=60) as server:
                server.sendmail("a@example.net", ["abuse@example.org", "b@example.org"], raw)
            return
        time.sleep(0.1)
    raise AssertionError("a letter was never taken")


def _kill_each(served: Served) -> None:
    found = [served.child("fairnotice.site.lmtp"), served.child("fairnotice.site.runner"), served.worker()]
    for pid in filter(None, found):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert len([pid for pid in found if pid]) == 3
    wait_for(lambda: not any(alive(pid) for pid in found if pid))


def test_every_letter_that_was_taken_is_there_once(data_folder: DataFolder) -> None:
    letters = sample(LETTERS)
    expected = {hashlib.sha256(raw).hexdigest(): len(raw) for raw in letters}
    assert len(expected) == LETTERS
    port = free_port()
    relay = Relay(port)
    controller = Controller(relay, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with serving(data_folder, "--lmtp", f"127.0.0.1:{port}") as served:
            wait_for(lambda: "Mail is taken" in served.said())
            with ThreadPoolExecutor(4) as pool:
                sending = [pool.submit(_send, controller.port, raw) for raw in letters]
                wait_for(lambda: len(kept(data_folder.path)) > LETTERS // 3)
                killer = threading.Thread(target=_kill_each, args=(served,))
                killer.start()
                for one in sending:
                    one.result()
                killer.join()
            assert kept(data_folder.path) == expected
            assert len(relay.tried) > LETTERS, "no letter was on its way when the processes were killed"
            assert served.stop() == 0
    finally:
        controller.stop()
    assert kept(data_folder.path) == expected
