"""kill -9 at any moment: what was acknowledged is there, no letter is lost, the log still verifies."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.message import Message
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import DataFolder
from tests.fault.mailserver import post_office
from tests.site.served import Served, alive, serving, wait_for

pytestmark = pytest.mark.fault
NOTICES = 120
KILLS = 7


class Client:
    """Sends notices until each is acknowledged, as a careful client does: same key, same words."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.acknowledged: dict[int, str] = {}
        self._lock = threading.Lock()

    def _post(self, body: bytes, headers: dict[str, str]) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/api/v1/notices", body, headers)
            answer = connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as error:
            raise OSError("cut off") from error
        finally:
            connection.close()
        if answer.status not in (200, 201):
            raise OSError(f"not acknowledged: {answer.status}")
        return text

    def submit(self, number: int) -> None:
        body = json.dumps(
            {
                "items": [{"location": f"https://forum.example.org/post/{number}"}],
                "problem": "defamation",
                "why": f"Reason number {number}.",
                "email": f"notifier{number}@example.net",
                "good_faith": True,
            }
        ).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"key-of-notice-{number:05}"}
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            with suppress(OSError, ValueError):
                code = json.loads(self._post(body, headers))["code"]
                with self._lock:
                    self.acknowledged[number] = code
                return
            time.sleep(0.2)


def test_nothing_acknowledged_is_lost(data_folder: DataFolder) -> None:
    with post_office() as (smtp_port, post):
        data_folder.configure(
            mail_adapter="smtp", smtp_port=smtp_port, log_interval=1, promise_delay=60, api_per_minute=100000
        )
        with serving(data_folder) as served:
            client = Client(served.port)
            with ThreadPoolExecutor(8) as pool:
                done = [pool.submit(client.submit, number) for number in range(NOTICES)]
                kill_at_random(served, data_folder, lambda: all(d.done() for d in done))
            end_leases(data_folder.path)
            wait_for(lambda: letters_waiting(data_folder.path) == 0, 240)
            wait_for(lambda: entries_waiting(data_folder.path) == 0, 120)
            assert served.stop() == 0
        assert sorted(client.acknowledged) == list(range(NOTICES))
        check_notices(data_folder, client)
        check_letters(post.taken())
        check_log(data_folder)


def kill_at_random(served: Served, folder: DataFolder, finished: object) -> None:
    """Kill worker, runner or parent, in turn and at random moments, while clients submit."""
    dice = random.Random(7)
    assert callable(finished)
    for number in range(KILLS):
        time.sleep(dice.uniform(0.3, 1.2))
        victim = ("worker", "runner", "parent", "both")[number % 4]
        if victim in ("worker", "both"):
            _kill(served.worker())
        if victim == "runner":
            _kill(served.child("fairnotice.site.runner"))
        if victim in ("parent", "both"):
            before = served.processes()
            served.parent.kill()
            served.parent.wait()
            wait_for(partial(_all_gone, before), 20)
            with served.output.open("ab") as out:
                served.parent = folder.start(
                    "-m", "fairnotice", "serve", "--port", str(served.port), stdout=out, stderr=out
                )
        if finished():
            break
    served.ready()


def _all_gone(pids: list[int]) -> bool:
    return not any(alive(pid) for pid in pids)


def _kill(pid: int | None) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _ask(folder: Path, sql: str) -> list[tuple[object, ...]]:
    # Read-only: the test looks on while the program writes.
    with sqlite3.connect(f"file:{folder / 'db.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        return list(database.execute(sql))


def letters_waiting(folder: Path) -> int:
    return int(str(_ask(folder, "SELECT count(*) FROM ledger_outboxrow WHERE done_at IS NULL")[0][0]))


def end_leases(folder: Path) -> None:
    """As if two minutes had passed: for so long a killed runner leaves its letters leased. Those of the runner that
    lives end too, so it has to find out that a letter is not its own any more."""
    with sqlite3.connect(folder / "db.sqlite3", timeout=60) as database:
        database.execute(
            "UPDATE ledger_outboxrow SET leased_until = '2020-01-01 00:00:00' WHERE leased_until IS NOT NULL"
        )


def entries_waiting(folder: Path) -> int:
    sql = "SELECT (SELECT count(*) FROM ledger_event) - (SELECT count(*) FROM ledger_logentry)"
    return int(str(_ask(folder, sql)[0][0]))


def check_notices(folder: DataFolder, client: Client) -> None:
    """Each acknowledged notice is there exactly once, and its code opens it."""
    assert _ask(folder.path, "SELECT count(*) FROM cases_notice") == [(NOTICES,)]
    codes = folder.path / "codes.json"
    codes.write_text(json.dumps(client.acknowledged))
    done = folder.run("-c", _OPEN_ALL, str(codes))
    assert done.stdout.strip() == f"{NOTICES} opened", done.stderr


_OPEN_ALL = """
import json, sys
from fairnotice.site.setup import prepare
prepare()
from fairnotice.cases import codes, sealed
found = 0
for number, code in json.load(open(sys.argv[1])).items():
    access = codes.find(code)
    assert sealed.read("notice", access.notice.ref, "why") == f"Reason number {number}."
    found += 1
print(found, "opened")
"""


def check_letters(taken: list[tuple[list[str], Message]]) -> None:
    """One letter per notifier. A try that was cut off between the server's answer and our note of it goes
    out again under the same Message-ID, which makes it the same letter; a second one would have another."""
    ids: dict[str, set[str]] = {}
    for recipients, letter in taken:
        ids.setdefault(recipients[0], set()).add(str(letter["Message-ID"]))
    assert len(ids) == NOTICES
    assert Counter(len(found) for found in ids.values()) == {1: NOTICES}


def check_log(folder: DataFolder) -> None:
    """The published tree is whole and every entry of the database is in it."""
    copy = folder.path.parent / "exported"
    exported = folder.run("-m", "fairnotice", "log", "export", str(copy))
    assert exported.returncode == 0, exported.stderr
    (year,) = copy.iterdir()
    vkey = (year / "vkey").read_text().strip()
    done = folder.run("-m", "fairnotice.translog", "fsck", str(year), "--vkey", vkey)
    assert done.returncode == 0, done.stderr
    [(entries,)] = _ask(folder.path, "SELECT count(*) FROM ledger_event")
    assert f"verified: {entries} entries" in done.stdout
