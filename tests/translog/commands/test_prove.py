"""``prove``: a promise becomes a proof, or evidence; and the proofs that anybody can make from tiles."""

import base64
import json
import os
import subprocess
import sys
import time

import pytest

import fairnotice
from fairnotice.site.cli import main as fairnotice_main
from fairnotice.translog import merkle
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.cli import main
from fairnotice.translog.commands.prove import address_of
from fairnotice.translog.notes import Signer
from fairnotice.translog.promise import promise_key_name
from tests.translog.build import (
    ORIGIN,
    OTHER_KEY,
    PROMISE_KEY,
    RECORD,
    VKEY,
    Log,
    evidence,
    log_keys,
    make_leaf,
    numbered,
    promise,
    record,
)
from tests.translog.cast import PQ_LOG
from tests.translog.server import serving

OTHER_RECORD = "ff" * 16
LEAF, OTHER_LEAF = make_leaf(), make_leaf(OTHER_RECORD)


def receipt(folder, *records, **changes):
    path = folder / "receipt.json"
    path.write_text(json.dumps(evidence(*records, **changes)))
    path.chmod(0o600)
    return path


def waiting(leaf=LEAF, name=RECORD, due=3600, **changes):
    now = int(time.time())
    return record(
        leaf, proof=None, promised=promise(leaf, time=now - 7200, delay=7200 + due, **changes), name=name
    )


@pytest.fixture
def log(tmp_path):
    made = Log([*numbered(700).entries, LEAF, *numbered(50).entries])
    made.publish(tmp_path / "log", 300, 451)
    return made


@pytest.fixture
def server(tmp_path, log):
    with serving(tmp_path / "log") as started:
        yield started


def prove(path, server, *options):
    return main(["prove", str(path), "--url", server.url, *options])


def test_a_promise_becomes_a_proof(tmp_path, server, capsys):
    path = receipt(tmp_path, waiting(tree_size=600))
    before = path.read_bytes()
    assert prove(path, server, "--vkey", VKEY, "--promise-vkey", PROMISE_KEY.verifier.vkey) == 0
    done = tmp_path / "receipt.json.proven.json"
    out = capsys.readouterr().out
    assert "verified: entry 701 of 751 in log.example.org/log" in out and f"written: {done}" in out
    assert path.read_bytes() == before
    assert done.stat().st_mode & 0o777 == 0o600  # it says what the person wrote, as the receipt does
    assert main(["verify", str(done), "--vkey", VKEY]) == 0
    # Nothing before the tree of the promise is fetched, no entry ever, and no partial of another size.
    assert [name for name in server.asked if name.startswith("tile/0")] == ["tile/0/002.p/239"]
    assert not any("entries" in name for name in server.asked)
    assert prove(done, server) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_it_writes_where_it_is_told_and_over_nothing_else(tmp_path, server, capsys):
    path = receipt(tmp_path, waiting())
    assert prove(path, server) == 0
    assert prove(path, server) == 2
    assert "is there already" in capsys.readouterr().err
    assert prove(path, server, "-o", str(path)) == 0
    assert main(["verify", str(path), "--vkey", VKEY]) == 0


def test_a_broken_promise_is_evidence(tmp_path, server, capsys):
    path = receipt(tmp_path, waiting(OTHER_LEAF, OTHER_RECORD, due=-60))
    assert prove(path, server) == 1
    err = capsys.readouterr().err
    assert "The promise is broken: the entry was to be in log.example.org/log by " in err
    assert "not among the 751 entries" in err
    [kept] = tmp_path.glob("receipt.json.checkpoint-*")
    assert kept.read_bytes() == (tmp_path / "log/checkpoint").read_bytes() and str(kept) in err
    assert not (tmp_path / "receipt.json.proven.json").exists()
    path = receipt(tmp_path, waiting(OTHER_LEAF, OTHER_RECORD, due=-60, tree_size=800))
    assert prove(path, server) == 1
    assert "The log has even become smaller: the promise speaks of 800 entries." in capsys.readouterr().err


def test_not_due_yet(tmp_path, server, capsys):
    path = receipt(tmp_path, waiting(OTHER_LEAF, OTHER_RECORD))
    assert prove(path, server) == 3
    assert "not yet: the entry is to be in log.example.org/log by " in capsys.readouterr().out
    assert sorted(item.name for item in tmp_path.iterdir()) == ["log", "receipt.json"]


@pytest.mark.parametrize(("due", "status"), [(3600, 3), (-60, 1)])
def test_what_is_found_is_written_though_another_is_missing(tmp_path, server, capsys, due, status):
    path = receipt(tmp_path, waiting(), waiting(OTHER_LEAF, OTHER_RECORD, due=due))
    assert prove(path, server) == status
    written = json.loads((tmp_path / "receipt.json.proven.json").read_text())
    assert [item["proof"] is None for item in written["records"]] == [False, True]
    assert "promised" in capsys.readouterr().out.lower()


def test_a_log_that_contradicts_a_proof_in_the_file(tmp_path, log, server, capsys):
    other = Log([b"x", OTHER_LEAF])
    path = receipt(
        tmp_path, waiting(), record(OTHER_LEAF, proof=other.proof(1), promised=None, name=OTHER_RECORD)
    )
    assert prove(path, server) == 1
    err = capsys.readouterr().err
    assert "the log contradicts a proof in the file" in err and "does not begin with" in err
    assert len(list(tmp_path.glob("receipt.json.checkpoint-*"))) == 1
    longer = Log([*log.entries, OTHER_LEAF])
    path = receipt(
        tmp_path, waiting(), record(OTHER_LEAF, proof=longer.proof(751), promised=None, name=OTHER_RECORD)
    )
    assert prove(path, server) == 1
    assert "the tree shrank from 752 to 751" in capsys.readouterr().err


def test_nothing_is_believed_that_the_log_did_not_sign(tmp_path, server, capsys):
    path = receipt(tmp_path, waiting(due=-60))
    tile = tmp_path / "log/tile/0/002.p/239"
    good = tile.read_bytes()
    tile.write_bytes(good[:-1] + b"?")
    assert prove(path, server) == 1
    assert "do not lead to the root" in capsys.readouterr().err
    tile.write_bytes(good)
    (tmp_path / "log/checkpoint").write_text(Log([b"x"]).checkpoint(signer=OTHER_KEY))
    assert prove(path, server) == 1
    assert "not signed by the key" in capsys.readouterr().err
    (tmp_path / "log/checkpoint").unlink()
    assert prove(path, server) == 1
    assert "there is no checkpoint" in capsys.readouterr().err
    assert list(tmp_path.glob("receipt.json.*")) == []
    server.answers["*"] = lambda to: to.send(b"", 403)
    assert prove(path, server) == 2


def test_only_a_genuine_promise_is_asked_about(tmp_path, server, capsys):
    forged = record(LEAF, proof=None, promised=promise(OTHER_LEAF))
    assert prove(receipt(tmp_path, forged), server) == 1
    assert "given for another entry" in capsys.readouterr().err
    assert server.asked == []


def test_it_finds_the_log_by_its_name(tmp_path, server, log):
    host = server.url.removeprefix("http://")
    assert address_of(host) == server.url
    assert address_of("localhost:8000/log/2026") == "http://localhost:8000/log/2026"
    assert address_of(ORIGIN) == "https://log.example.org/log"
    key, promises = Signer(host, bytes(range(32))), Signer(promise_key_name(host), bytes(range(1, 33)))
    (tmp_path / "log/checkpoint").write_text(
        sign_checkpoint(Checkpoint(host, 751, merkle.root(log.hashes)), key)
    )
    item = record(LEAF, proof=None, promised=promise(LEAF, promises, origin=host), origin=host)
    logs = [log_keys(origin=host, vkey=key.verifier.vkey, promise_vkey=promises.verifier.vkey)]
    assert main(["prove", str(receipt(tmp_path, item, logs=logs))]) == 0


def test_a_folder_will_do_too(tmp_path, log):
    path = receipt(tmp_path, waiting())
    assert main(["prove", str(path), "--url", str(tmp_path / "log")]) == 0
    # The same command by its other name.
    assert fairnotice_main(["prove", str(path), "--url", str(tmp_path / "log"), "-o", str(path)]) == 0
    assert main(["verify", str(path)]) == 0


@pytest.mark.parametrize("index", [0, 255, 256, 700, 750])
def test_inclusion(tmp_path, log, server, capsys, index):
    assert main(["inclusion", server.url, str(index), "--vkey", VKEY, "--entry"]) == 0
    (tmp_path / "a.tlog-proof").write_text(capsys.readouterr().out)
    assert main(["verify", str(tmp_path / "a.tlog-proof"), "--vkey", VKEY]) == 0
    assert f"entry {index + 1} of 751" in capsys.readouterr().out
    server.asked.clear()
    assert main(["inclusion", server.url, str(index), "--vkey", VKEY]) == 0
    assert "extra" not in capsys.readouterr().out
    assert not any("entries" in name for name in server.asked)


@pytest.mark.parametrize(("old", "new"), [(0, 751), (1, 2), (256, 700), (300, 751), (751, 751)])
def test_consistency(log, tmp_path, server, capsys, old, new):
    assert main(["consistency", server.url, str(old), str(new), "--vkey", VKEY]) == 0
    captured = capsys.readouterr()
    proof = [base64.b64decode(line) for line in captured.out.splitlines()]
    roots = merkle.root(log.hashes[:old]), merkle.root(log.hashes[:new])
    merkle.verify_consistency(old, new, proof, *roots)
    assert base64.b64encode(roots[1]).decode() in captured.err


def test_proofs_that_cannot_be(log, tmp_path, capsys):
    place = str(tmp_path / "log")
    for words in (
        ["inclusion", place, "751"],
        ["consistency", place, "2", "752"],
        ["consistency", place, "3", "2"],
    ):
        assert main([*words, "--vkey", VKEY]) == 1
    for words in (["inclusion", place, "-1"], ["inclusion", place, "01"], ["consistency", place, "2", "x"]):
        with pytest.raises(SystemExit):
            main([*words, "--vkey", VKEY])
    with pytest.raises(SystemExit):
        main(["inclusion", place, "1"])


def test_checking_offline_needs_neither_the_network_nor_bars_nor_the_newest_cryptography(tmp_path, log):
    path = receipt(tmp_path, record(LEAF, proof=log.proof(700), promised=None))
    absent = ["urllib3", "tqdm", "granian", "django", "cryptography.hazmat.primitives.asymmetric.mldsa"]
    program = (
        f"import sys, runpy; sys.modules.update(dict.fromkeys({absent}));"
        "sys.argv[0:1] = ['translog']; runpy.run_module('fairnotice.translog', run_name='__main__')"
    )
    source = os.path.dirname(os.path.dirname(fairnotice.__file__))
    verify, fsck = ["verify", str(path)], ["fsck", str(tmp_path / "log")]
    for words, vkey, status, said in (
        (verify, VKEY, 0, ""),
        (fsck, VKEY, 0, ""),
        (fsck, PQ_LOG.verifier.vkey, 2, "ML-DSA-44 keys need a newer release of cryptography"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", program, *words, "--vkey", vkey],
            env={"PYTHONPATH": source, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status and said in done.stderr, done.stderr
