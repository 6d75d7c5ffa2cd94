"""The verifier as a stranger runs it: by itself, without Django, settings or a network."""

import json
import os
import subprocess
import sys
import time

import pytest

import fairnotice
from fairnotice.translog.cli import main
from fairnotice.translog.cosignature import CosignatureSigner
from fairnotice.translog.notes import open_note
from fairnotice.translog.signing import SeedKey
from tests.translog.build import (
    LOG_KEY,
    NOW,
    OTHER_KEY,
    PROMISE_KEY,
    VKEY,
    Log,
    evidence,
    make_leaf,
    numbered,
    promise,
    record,
)

LEAF = make_leaf()
LOG = Log([b"one", LEAF, b"three"])


@pytest.fixture
def receipt(tmp_path):
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(evidence(record(LEAF, proof=LOG.proof(1), promised=promise(LEAF)))))
    return path


def test_a_genuine_receipt(receipt, capsys):
    for options in (
        [],
        ["--vkey", VKEY],
        ["--vkey", VKEY + "\n", "--promise-vkey", PROMISE_KEY.verifier.vkey],
    ):
        assert main(["verify", str(receipt), *options]) == 0
        out = capsys.readouterr().out.splitlines()
        own_key = "" if options else " (with the key in the file itself)"
        assert out[-1] == f"verified: entry 2 of 3 in log.example.org/log{own_key}"
        assert '  kind = "decision"' in out


def test_a_bare_proof(tmp_path, capsys):
    path = tmp_path / "entry.tlog-proof"
    path.write_text(LOG.proof(1, extra=LEAF))
    assert main(["verify", str(path), "--vkey", VKEY]) == 0
    assert capsys.readouterr().out.endswith("verified: entry 2 of 3 in log.example.org/log\n")
    assert main(["verify", str(path)]) == 1
    assert "public key is needed" in capsys.readouterr().err


def test_a_promise_says_that_it_is_one(tmp_path, capsys):
    path = tmp_path / "receipt.json"
    just_now = promise(LEAF, time=int(time.time()))
    path.write_text(json.dumps(evidence(record(LEAF, proof=None, promised=just_now))))
    assert main(["verify", str(path), "--vkey", VKEY]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("promised: not in the log yet")
    assert "verified" not in out
    path.write_text(json.dumps(evidence(record(LEAF, proof=None, promised=promise(LEAF)))))
    assert main(["verify", str(path), "--vkey", VKEY, "--promise-vkey", PROMISE_KEY.verifier.vkey]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("overdue: promised by 2026-09-21 15:13 UTC")


def test_several_keys_may_be_given(receipt, capsys):
    """Old and new ones of one log, and those of other years."""
    others = [OTHER_KEY.verifier.vkey, VKEY]
    options = [part for key in others for part in ("--vkey", key)]
    assert main(["verify", str(receipt), *options]) == 0
    assert capsys.readouterr().out.endswith("verified: entry 2 of 3 in log.example.org/log\n")
    assert main(["verify", str(receipt), "--vkey", others[0]]) == 1


def test_a_policy_asks_for_witnesses_as_well(tmp_path, capsys):
    witness = CosignatureSigner("witness.example.net", SeedKey(bytes(32)), NOW)
    policy = tmp_path / "policy"
    policy.write_text(f"log {VKEY}\nwitness one {witness.verifier.vkey}\nquorum one\n")
    plain = LOG.proof(1)
    text = open_note(LOG.checkpoint(), [LOG_KEY.verifier])
    path = tmp_path / "entry.json"
    options = ["verify", str(path), "--policy", str(policy)]
    path.write_text(json.dumps(evidence(record(LEAF, proof=plain, promised=None))))
    assert main(options) == 1
    assert "witnesses" in capsys.readouterr().err
    path.write_text(json.dumps(evidence(record(LEAF, proof=plain + witness.sign(text), promised=None))))
    assert main(options) == 0
    assert main([*options, "--vkey", VKEY]) == 0
    assert capsys.readouterr().out.endswith("verified: entry 2 of 3 in log.example.org/log\n")
    assert main([*options[:-1], str(tmp_path / "missing")]) == 2


def test_a_changed_receipt_is_refused_with_one_sentence(receipt, capsys):
    receipt.write_text(receipt.read_text().replace("removal", "warning"))
    assert main(["verify", str(receipt), "--vkey", VKEY]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(
        "not verified: record 1 of 1: the field 'measure' does not match the entry"
    )
    assert captured.err.count("\n") == 1


def test_messages_cannot_move_the_cursor(tmp_path, capsys):
    path = tmp_path / "receipt.json"
    document = evidence(record(LEAF, proof=LOG.proof(1), promised=None))
    document["records"][0]["openings"][0]["path"] = "a\u009b2J\u202e"
    path.write_text(json.dumps(document))
    assert main(["verify", str(path)]) == 1
    assert not set("\u009b\u202e") & set(capsys.readouterr().err)


def test_fsck(tmp_path, capsys):
    numbered(300).publish(tmp_path, 5, 295)
    assert main(["fsck", str(tmp_path), "--vkey", VKEY]) == 0
    assert capsys.readouterr().out.endswith("verified: 300 entries in log.example.org/log\n")
    (tmp_path / "tile/0/001.p/44").write_bytes(b"")
    assert main(["fsck", str(tmp_path), "--vkey", VKEY]) == 1
    assert "tile/0/001.p/44 has 0 bytes" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["verify"],
        ["verify", "x", "--vkey", "nonsense"],
        ["fsck", "."],
        ["unknown"],
        ["fsck", ".", "--vkey", VKEY[:-1]],
    ],
)
def test_wrong_usage_is_two(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_two(tmp_path, capsys):
    assert main(["verify", str(tmp_path / "nothing.json")]) == 2
    assert "nothing.json" in capsys.readouterr().err
    assert main(["verify", str(tmp_path)]) == 2
    assert main(["fsck", str(tmp_path), "--vkey", OTHER_KEY.verifier.vkey]) == 1


def test_it_runs_by_itself_even_where_the_terminal_knows_only_ascii(receipt):
    source = os.path.dirname(os.path.dirname(fairnotice.__file__))
    program = (
        "import sys, runpy; sys.modules['django'] = None; sys.argv[0:1] = ['translog'];"
        "runpy.run_module('fairnotice.translog', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "verify", str(receipt), "--vkey", LOG_KEY.verifier.vkey],
        env={"PYTHONPATH": source, "PYTHONIOENCODING": "ascii", "PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(b"verified: entry 2 of 3 in log.example.org/log\n")
    assert b"Gr\\xfc\\xdfe" in done.stdout
