"""kill -9 while the master key is changed, with somebody reading and writing all the time; then once more."""

from __future__ import annotations

import signal
import sqlite3
import subprocess

import pytest

from tests.conftest import DataFolder
from tests.site.served import wait_for

pytestmark = pytest.mark.fault
KEYS = 4_000

MAKE = """
import sys, secrets
from fairnotice.site.setup import prepare
prepare()
from django.db import transaction
from django.utils import timezone
from fairnotice.vault import wrapping
from fairnotice.vault.models import Key
rows = []
with transaction.atomic(using="keys"):
    for _ in range(int(sys.argv[1])):
        key_id = secrets.token_hex(16)
        wrapped, master = wrapping.wrap(secrets.token_bytes(32), "key", key_id, "subject")
        rows.append(Key(id=key_id, kind="subject", wrapped=wrapped, master=master, created_at=timezone.now()))
    Key.objects.bulk_create(rows)
"""

# Seals under a new key and opens what it sealed before, until it is told to stop.
USE = """
import sys, select
from fairnotice.site.setup import prepare
prepare()
from fairnotice.vault import keys, sealing
made = []
print("ready", flush=True)
while not select.select([sys.stdin], [], [], 0)[0]:
    key_id = keys.new_key("subject")
    made.append((key_id, sealing.seal(key_id, table="t", row="1", field="f", plaintext="x")))
    for key_id, blob in (made[0], made[len(made) // 2], made[-1]):
        assert sealing.unseal(key_id, blob, table="t", row="1", field="f") == "x"
for key_id, blob in made:
    assert sealing.unseal(key_id, blob, table="t", row="1", field="f") == "x"
print(len(made))
"""


def test_nobody_notices_and_the_same_command_finishes_it(data_folder: DataFolder) -> None:
    database = data_folder.path / "keys.sqlite3"
    assert data_folder.run("-c", MAKE, str(KEYS)).returncode == 0
    before = data_folder.key_file.read_bytes()
    user = data_folder.start("-c", USE, stdin=subprocess.PIPE)
    assert user.stdout is not None
    assert user.stdout.readline() == "ready\n"

    def anew() -> int:
        link = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            (check,) = link.execute("SELECT master FROM vault_secret WHERE name = 'check'").fetchone()
            bridges = link.execute("SELECT count(*) FROM vault_bridge").fetchone()[0]
            sql = "SELECT count(*) FROM vault_key WHERE master = ?"
            return int(link.execute(sql, [check]).fetchone()[0]) if bridges else 0
        finally:
            link.close()

    words = ("-m", "fairnotice", "keys", "rotate-master")
    first = data_folder.start(*words, stderr=subprocess.PIPE)
    wait_for(lambda: anew() > 200 or first.poll() is not None)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    assert first.returncode == -signal.SIGKILL
    assert data_folder.key_file.read_bytes() == before
    status = data_folder.run("-m", "fairnotice", "keys", "status")
    assert status.returncode == 1
    assert "on its way" in status.stdout
    again = data_folder.run(*words)
    assert again.returncode == 0, again.stderr
    assert "The old master key opens nothing any more." in again.stdout
    said, _ = user.communicate("stop\n", timeout=60)
    assert user.returncode == 0
    assert int(said) > 0
    assert data_folder.key_file.read_bytes() != before
    (kept,) = data_folder.key_file.parent.glob("master.key.old-*")
    assert kept.read_bytes() == before
    assert data_folder.run("-m", "fairnotice", "keys", "status").returncode == 0
    data_folder.key_file.unlink()
    kept.rename(data_folder.key_file)
    refused = data_folder.run("-m", "fairnotice", "keys", "status")
    assert refused.returncode == 2
    assert "not the one that this data folder was made with" in refused.stderr
