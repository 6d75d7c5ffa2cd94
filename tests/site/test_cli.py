"""The command line through its real door: clear words, right exit status, never a traceback."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fairnotice import __version__
from fairnotice.site import cli
from tests.conftest import SOURCE

ROOT = SOURCE.parent


@pytest.fixture
def fairnotice(data_folder):
    """Runs `fairnotice` with arguments on the folder of this test."""
    return lambda *arguments, **options: data_folder.run("-m", "fairnotice", *arguments, **options)


def test_accounts_from_opening_to_closing(fairnotice):
    added = fairnotice("user", "add", "a-reviewer", "--role", "reviewer", "--role", "publisher")
    assert added.returncode == 0, added.stderr
    assert "Password (shown only now): " in added.stdout
    assert "a-reviewer: publisher, reviewer" in fairnotice("user", "list").stdout
    changed = fairnotice("user", "roles", "a-reviewer", "--take", "reviewer", "--give", "auditor")
    assert changed.stdout == "a-reviewer: auditor, publisher\n"
    assert "Password" in fairnotice("user", "password", "a-reviewer").stdout
    assert fairnotice("user", "close", "a-reviewer").stdout == "a-reviewer: closed.\n"
    assert "(closed)" in fairnotice("user", "list").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        (["user", "add", "two words"], 1, "username"),
        (["user", "password", "nobody-here"], 1, "nobody-here"),
        (["user", "add", "x", "--role", "emperor"], 2, "emperor"),
        (["rules", "publish", "/nonexistent/rules.md"], 2, "/nonexistent/rules.md"),
        (["rules", "publish", sys.executable], 2, "UTF-8"),
        (["log", "export", "/proc/nonexistent"], 1, "Nothing has been published yet"),
        (["serve", "--port", "0"], 2, "not a port"),
        (["serve", "--port", "http"], 2, "not a port"),
        (["nonsense"], 2, "nonsense"),
        ([], 2, "COMMAND"),
        (["user", "list", "--data", "/nonexistent/data"], 2, "fairnotice init --data /nonexistent/data"),
    ],
)
def test_what_a_person_got_wrong_is_said_plainly(fairnotice, arguments, status, word):
    result = fairnotice(*arguments)
    assert result.returncode == status, result.stderr
    assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_the_folder_may_be_named_anywhere(data_folder, tmp_path):
    for arguments in (
        ("--data", "X", "user", "list"),
        ("user", "--data", "X", "list"),
        ("user", "list", "--data=X"),
    ):
        words = [word.replace("X", str(tmp_path / "missing")) for word in arguments]
        result = data_folder.run("-m", "fairnotice", *words)
        assert str(tmp_path / "missing") in result.stderr


def test_help_of_every_command_works(fairnotice):
    import argparse

    def parsers(parser, words):
        yield words
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                for name, inner in action.choices.items():
                    yield from parsers(inner, [*words, name])

    data = argparse.ArgumentParser(add_help=False)
    for words in parsers(cli._parser(data), []):
        with pytest.raises(SystemExit) as left:
            cli.main([*words, "--help"])
        assert left.value.code == 0


def test_a_notice_comes_in_as_a_file_and_its_receipt_verifies(fairnotice, tmp_path):
    receipt = tmp_path / "receipt.json"
    example = str(ROOT / "examples" / "notice.json")
    assert fairnotice("rules", "publish", str(ROOT / "examples" / "rules.md")).returncode == 0
    result = fairnotice("notice", "submit", example, "--receipt", str(receipt))
    assert result.returncode == 0, result.stderr
    shown = r"^Receipt code \(shown only now\): ([A-Z2-7]{2,}-)+[A-Z2-7]+$"
    assert re.search(shown, result.stdout, re.MULTILINE)
    assert receipt.stat().st_mode & 0o777 == 0o600
    verified = fairnotice("verify", str(receipt))
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout.splitlines()[-1].startswith("promised: ")


def test_a_receipt_that_cannot_be_written_stops_the_notice_before_it_is_in(data_folder, fairnotice, tmp_path):
    receipt = tmp_path / "receipt.json"
    receipt.write_text("an older receipt")
    example = str(ROOT / "examples" / "notice.json")
    assert fairnotice("rules", "publish", str(ROOT / "examples" / "rules.md")).returncode == 0
    result = fairnotice("notice", "submit", example, "--receipt", str(receipt))
    assert result.returncode == 2
    assert str(receipt) in result.stderr
    assert receipt.read_text() == "an older receipt"
    database = sqlite3.connect(data_folder.path / "db.sqlite3")
    assert database.execute("SELECT count(*) FROM cases_notice").fetchone() == (0,)
    database.close()


def test_a_file_that_is_no_notice_is_named_and_leaves_no_receipt(fairnotice, tmp_path):
    file, receipt = tmp_path / "notice.json", tmp_path / "receipt.json"
    for text in ("{", '{"xarf_version": "4.0.0"}', '{"items": 3}'):
        file.write_text(text)
        result = fairnotice("notice", "submit", str(file), "--receipt", str(receipt))
        assert result.returncode == 1
        assert str(file) in result.stderr
        assert "Traceback" not in result.stderr
        assert not receipt.exists()


def test_rules_are_published_in_versions(fairnotice, tmp_path):
    rules = tmp_path / "rules.md"
    rules.write_text("# Our rules\n## 1 No spam\nPlease do not.\n## 2.1 No fraud\nAt all.\n", "utf-8")
    assert fairnotice("rules", "publish", str(rules)).stdout == "Published version 1 of the rules.\n"
    without_note = fairnotice("rules", "publish", str(rules))
    assert without_note.returncode == 1
    assert "what is new" in without_note.stderr
    again = fairnotice("rules", "publish", str(rules), "--note", "Clause 2.1 is new.")
    assert again.stdout == "Published version 2 of the rules.\n"


def test_a_token_for_effects_is_shown_once(fairnotice):
    first, second = (fairnotice("token", "add", "shop software").stdout for _ in range(2))
    assert first.startswith("Token (shown only now): ")
    assert first != second


def test_a_token_for_forwards_reports_no_effect(data_folder, fairnotice):
    made = fairnotice("token", "add", "a host", "--for", "forwards").stdout
    secret = made.removeprefix("Token (shown only now): ").strip()
    look = "from fairnotice.site.setup import prepare; prepare(); "
    look += "from fairnotice.cases.actions.tokens import find_token; "
    look += f"print(find_token({secret!r}, 'effects'), find_token({secret!r}, 'forwards').client.label)"
    assert data_folder.run("-c", look).stdout == "None a host\n"
    assert fairnotice("token", "list").stdout.startswith("a host: for forwards, since 20")
    assert fairnotice("token", "add", "x", "--for", "all").returncode == 2


def test_a_revoked_token_no_longer_opens(data_folder, fairnotice):
    secret = (
        fairnotice("token", "add", "shop software").stdout.removeprefix("Token (shown only now): ").strip()
    )
    look = "from fairnotice.site.setup import prepare; prepare(); "
    look += "from fairnotice.cases.actions.tokens import find_token; "
    look += f"print(find_token({secret!r}, 'effects') is None)"
    assert data_folder.run("-c", look).stdout == "False\n"
    assert fairnotice("token", "revoke", "shop software").stdout == "Revoked: 1.\n"
    assert data_folder.run("-c", look).stdout == "True\n"
    listed = fairnotice("token", "list").stdout
    assert (
        listed.startswith("shop software: for effects, since 20")
        and "(revoked 20" in listed
        and secret not in listed
    )


def test_the_register_can_be_published_at_once(fairnotice):
    assert fairnotice("register", "publish").stdout == "Published 0 entries.\n"


def test_the_exported_log_is_whole_and_for_everybody(data_folder, fairnotice, tmp_path):
    fairnotice("user", "add", "a-reviewer")
    code = "from fairnotice.site.setup import prepare; prepare(); from fairnotice.ledger import sequencer; "
    data_folder.run("-c", f"{code}sequencer.run_once()")
    copy = tmp_path / "export"
    result = fairnotice("log", "export", str(copy))
    assert result.returncode == 0, result.stderr
    assert "Wrote 1 entries" in result.stdout
    (year,) = copy.iterdir()
    vkey = (year / "vkey").read_text().strip()
    checked = data_folder.run("-m", "fairnotice.translog", "fsck", str(year), "--vkey", vkey)
    assert checked.returncode == 0, checked.stderr
    assert all(path.stat().st_mode & 0o004 for path in copy.rglob("*"))
    other = year / "tile" / "0" / "000.p" / "1"
    other.write_bytes(bytes(32))
    refused = fairnotice("log", "export", str(copy))
    assert (refused.returncode, "holds another log" in refused.stderr) == (1, True)
    assert other.read_bytes() == bytes(32)


def test_verify_needs_neither_django_nor_a_data_folder(tmp_path):
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps({"format": "fair-notice-evidence/1"}))
    code = (
        "import sys; from fairnotice.site.cli import main; "
        f"status = main(['verify', {str(file)!r}]); "
        "print(status, [name for name in sys.modules if name.partition('.')[0] == 'django'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.stdout.strip() == "1 []"
    assert result.stderr.startswith("not verified: ")
    assert not (tmp_path / "var").exists()


def test_the_version_is_the_one_of_the_project(fairnotice):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert fairnotice("--version").stdout == f"Fair Notice {__version__}\n"


def test_unexpected_faults_are_said_without_the_message(fairnotice, data_folder):
    Path(data_folder.path / "db.sqlite3").write_bytes(b"sentinel, not a database" * 100)
    result = fairnotice("user", "list")
    assert result.returncode == 1
    assert "Something went wrong inside the program: django.db.utils.DatabaseError at " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(data_folder):
    command = f"{sys.executable} -m fairnotice --help | head -1"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        env=data_folder.env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in result.stderr


def test_a_command_needs_no_variable_of_the_environment_to_find_its_settings(data_folder, tmp_path):
    """As on a user's machine: these tests themselves name a settings module and a data folder."""
    ours = ("DJANGO_SETTINGS_MODULE", "FAIRNOTICE_DATA")
    plain = {name: value for name, value in data_folder.env.items() if name not in ours}
    for folder in (tmp_path / "other", data_folder.path):
        verb = "check" if folder == data_folder.path else "init"
        words = [sys.executable, "-m", "fairnotice", verb, "--data", str(folder)]
        done = subprocess.run(words, env=plain, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
    assert (tmp_path / "other" / "db.sqlite3").exists()
    assert not (tmp_path / "var").exists()


def test_a_new_key_of_the_log_and_a_year_that_is_not_over(data_folder, fairnotice):
    assert fairnotice("log", "roll").stderr == "There is no log yet; the first act opens it.\n"
    fairnotice("user", "add", "a-reviewer")
    done = fairnotice("log", "rotate-key", "--overlap", "10")
    assert done.returncode == 0, done.stderr
    new, old = (line.rsplit(" ", 1)[1] for line in done.stdout.splitlines()[:2])
    (checkpoint,) = (data_folder.path / "log").glob("2*/checkpoint")
    lines = [line for line in checkpoint.read_text("utf-8").splitlines() if line.startswith("\u2014 ")]
    assert len(lines) == 2
    assert "10 days" not in done.stdout and "beside it until" in done.stdout
    done = fairnotice("log", "rotate-key", "--now", "stolen")
    assert "signs no more" in done.stdout and old in done.stdout and new in done.stdout
    assert fairnotice("log", "rotate-key", "--overlap", "0").returncode == 2
    assert fairnotice("log", "rotate-key", "--overlap", "30", "--now", "lost").returncode == 2
    assert fairnotice("log", "rotate-key", "--overlap", "30", "--promise").returncode == 2
    refused = fairnotice("log", "roll")
    assert (refused.returncode, "is not over" in refused.stderr) == (1, True)
    shown = fairnotice("log", "next-key").stdout
    assert f"/{datetime.now(UTC).year + 1}+" in shown and shown == fairnotice("log", "next-key").stdout
