"""Reports about no item go on byte for byte, once, to a mailbox or a program; what fails is kept."""

from __future__ import annotations

import email
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from fairnotice.cases.actions import receive
from fairnotice.cases.models import Received
from fairnotice.delivery import passing_on
from fairnotice.delivery.ports import FolderPort
from fairnotice.delivery.runner import run_due
from fairnotice.ledger.models import OutboxRow
from fairnotice.site import check_out
from fairnotice.site.config import Config, ConfigError, load

pytestmark = pytest.mark.usefixtures("fn_db")
# Line ends and bytes that a mail system likes to change.
RAW = b'{"category": "connection",\r\n"a": "\xc3\xa9 \xff",\n\r "x": ".\n.\n"}' + b"z" * 2000
KEEPS = """import os, sys, pathlib
folder = pathlib.Path(sys.argv[0]).parent
(folder / "got").write_bytes(sys.stdin.buffer.read())
told = {n: v for n, v in os.environ.items() if n.startswith(("FAIRNOTICE", "DJANGO", "XDG"))}
(folder / "told").write_text(repr(sorted(told.items())))
raise SystemExit(int(sys.argv[1]))
"""


def passed(door: str = "xarf", raw: bytes = RAW) -> Received:
    received = receive.receive(door=door, raw=raw)[0]
    receive.settle_passed_on(received=received, format="xarf", subject="a scan", about="connection/port_scan")
    return received


def program(folder: Path, status: int) -> str:
    (folder / "keeps.py").write_text(KEEPS)
    return f"{sys.executable} '{folder / 'keeps.py'}' {status}"


def letters(folder: Path) -> list[Any]:
    return [email.message_from_bytes(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]


@pytest.mark.parametrize(("door", "ending"), [("xarf", "json"), ("mail", "eml")])
def test_the_mailbox_gets_the_report_byte_for_byte_once(settings, tmp_path, door: str, ending: str) -> None:
    settings.FN_PASS_ON_TO = "network@example.org"
    received = passed(door)
    port = FolderPort(tmp_path)
    assert run_due(port=port) == 1 and run_due(port=port) == 0
    (letter,) = letters(tmp_path)
    attached = letter.get_payload()[1]
    assert attached.get_payload(decode=True) == RAW
    assert attached.get_filename() == f"{received.ref}.{ending}"
    row = OutboxRow.objects.get(kind=receive.PASSED_ON)
    assert letter["Message-ID"] == f"<{row.message_id}>" and letter["To"] == "network@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "connection/port_scan" in letter["Subject"]
    # Whatever try it is, the letter is the same.
    again = passing_on.letter(row, received, RAW)
    assert again.as_bytes() == passing_on.letter(row, received, RAW).as_bytes()


def test_the_program_gets_the_report_on_its_standard_input(settings, tmp_path) -> None:
    settings.FN_PASS_ON_COMMAND = program(tmp_path, 0)
    received = passed()
    assert run_due() == 1
    assert (tmp_path / "got").read_bytes() == RAW
    assert (tmp_path / "told").read_text() == repr(
        [
            ("FAIRNOTICE_ABOUT", "connection/port_scan"),
            ("FAIRNOTICE_FORMAT", "xarf"),
            ("FAIRNOTICE_REFERENCE", received.ref),
        ]
    )


@pytest.mark.parametrize(
    ("status", "code", "dead"),
    [(75, "deferred", False), (1, "refused", True), (None, "misconfigured", False)],
)
def test_what_is_not_taken_stays_and_says_why(
    settings, tmp_path, status: int | None, code: str, dead: bool
) -> None:
    settings.FN_PASS_ON_COMMAND = "" if status is None else program(tmp_path, status)
    received = passed()
    assert run_due() == 0
    row = OutboxRow.objects.get()
    assert (row.error_code, row.dead) == (code, dead)
    assert receive.raw_of(received) == RAW


def test_both_ways_at_once_and_ways_that_lead_nowhere_are_named(settings, tmp_path) -> None:
    lines = ['pass_on_to = "network@example.org"', 'pass_on_command = "true"']
    (tmp_path / "fairnotice.toml").write_text("\n".join(lines))
    with pytest.raises(ConfigError, match="not both"):
        load(tmp_path)
    assert not Config().pass_on_to
    settings.FN_PASS_ON_TO = str(settings.FN_MAIL["from"])
    settings.FN_PASS_ON_COMMAND = json.dumps("/no such program")
    texts = [finding.text for finding in check_out.passing_on()]
    assert any("address that letters come from" in text for text in texts)
    assert any("cannot be started" in text for text in texts)
    settings.FN_PASS_ON_TO, settings.FN_PASS_ON_COMMAND = "network@example.org", "true --queue network"
    assert list(check_out.passing_on()) == []
