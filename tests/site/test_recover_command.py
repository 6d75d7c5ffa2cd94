"""`fairnotice log recover`, as an operator runs it after an older copy was put back."""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import DataFolder

pytestmark = pytest.mark.fault

_ACTS = """
import sys
from fairnotice.site.setup import prepare
prepare()
from django.db import transaction
from fairnotice.ledger import sequencer
from fairnotice.ledger.append import append
for number in range(int(sys.argv[1])):
    with transaction.atomic():
        append(kind="notice.submitted", open={"number": number})
sequencer.run_once()
"""


def test_a_copy_put_back_is_brought_up_to_what_was_published(data_folder: DataFolder) -> None:
    folder = data_folder.path
    assert data_folder.run("-c", _ACTS, "2").returncode == 0
    copies = shutil.copytree(folder, folder.parent / "copies")
    assert data_folder.run("-c", _ACTS, "3").returncode == 0
    for path in folder.glob("*.sqlite3*"):
        path.unlink()
    for path in copies.glob("*.sqlite3*"):
        shutil.copy(path, folder)

    def fairnotice(*words: str) -> tuple[int, str]:
        done = data_folder.run("-m", "fairnotice", "log", *words)
        return done.returncode, done.stdout + done.stderr

    status, said = fairnotice("export", str(folder.parent / "exported"))
    assert status == 1
    assert "fairnotice log recover" in said
    status, said = fairnotice("recover", "--from", str(folder.parent / "nowhere"))
    assert status == 1
    assert "There is no log in" in said
    status, said = fairnotice("recover", "--dry-run")
    assert status == 0
    assert "3 entries read back, from 2 to 5" in said
    assert "Nothing was changed" in said
    status, said = fairnotice("recover")
    assert status == 0
    assert "3 belong to acts that are lost" in said
    status, said = fairnotice("recover")
    assert status == 0
    assert said.startswith("Nothing is missing: the database holds all that this copy of the log shows.")
    assert data_folder.run("-c", _ACTS, "1").returncode == 0
    status, said = fairnotice("export", str(folder.parent / "exported"))
    assert status == 0
    assert "Wrote 7 entries" in said  # the act, and what the log says of its recovery
    (year,) = (folder.parent / "exported").iterdir()
    done = data_folder.run(
        "-m", "fairnotice.translog", "fsck", str(year), "--vkey", (year / "vkey").read_text().strip()
    )
    assert "verified: 7 entries" in done.stdout, done.stderr
