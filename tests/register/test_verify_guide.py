"""docs/verify.md: what it tells a stranger to do, done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from fairnotice.ledger import keys, logs, sequencer
from fairnotice.ledger.publishing import log_dir
from fairnotice.site import cli
from fairnotice.translog.cli import main as translog
from fairnotice.translog.export import export_static
from tests.cases import making
from tests.register.entries import Desk


def test_a_receipt_that_is_only_promised(
    fn_db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = making.notice()
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(sent.receipt), "utf-8")
    words = ["verify", str(file), "--vkey", keys.vkey(), "--promise-vkey", keys.promise_vkey()]
    assert cli.main(words) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("promised: not in the log yet")


def test_an_entry_of_the_register(
    client: Client, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = desk.publish()
    file = tmp_path / "entry.json"
    file.write_bytes(client.get(f"/register/{entry.ref}/proof/").content)
    key = client.get(f"/log/{logs.current().year}/vkey").text.strip()
    assert cli.main(["verify", str(file), "--vkey", key]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("verified: entry ")
    file.write_text(file.read_text("utf-8").replace("Criminal Code", "Civil Code"), "utf-8")
    assert translog(["verify", str(file), "--vkey", key]) == 1
    assert capsys.readouterr().err.startswith("not verified: ")


def test_the_whole_log(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.publish()
    sequencer.run_once()
    copy = tmp_path / "copy"
    export_static(log_dir(), copy, keys.vkey())
    assert translog(["fsck", str(copy), "--vkey", (copy / "vkey").read_text().strip()]) == 0
    assert "verified: " in capsys.readouterr().out
    bundle = next(path for path in (copy / "tile" / "entries").rglob("*") if path.is_file())
    bundle.chmod(0o600)
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"?")
    assert translog(["fsck", str(copy), "--vkey", keys.vkey()]) == 1
