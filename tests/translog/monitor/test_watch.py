"""The monitor as somebody runs it: a process of its own, killed, stopped, started again."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

import fairnotice
from fairnotice.translog.cli import main
from fairnotice.translog.cosignature import CosignatureVerifier, cosign
from fairnotice.translog.signing import SeedKey
from tests.translog.build import NOW, OTHER_KEY, VKEY
from tests.translog.monitor.build import Growing, numbers
from tests.translog.server import serving

SOURCE = os.path.dirname(os.path.dirname(fairnotice.__file__))
WITNESS = SeedKey(bytes(range(7, 39)))


@pytest.fixture
def growing(tmp_path):
    made = Growing(tmp_path / "log")
    made.grow(*numbers(0, 300))
    return made


@pytest.fixture
def server(growing):
    with serving(growing.directory) as started:
        yield started


def start(url, state, *options, keys=("--vkey", VKEY)):
    return subprocess.Popen(
        [sys.executable, "-m", "fairnotice.translog", "monitor", url, *keys, "--state", str(state), *options],
        env={"PYTHONPATH": SOURCE, "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(condition, process, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(0.01)


def lines(state):
    return [json.loads(line) for line in (state / "seen.jsonl").read_text().splitlines()]


def monitor(source, state, *options):
    return main(["monitor", str(source), "--vkey", VKEY, "--state", str(state), *options])


@pytest.mark.fault
def test_killed_again_and_again_it_ends_with_the_same_account(growing, server, tmp_path):
    growing.grow(*numbers(300, 12_000))
    state = tmp_path / "state"

    def slowly(to):
        time.sleep(0.005)
        to.send((growing.directory / to.path.removeprefix("/log/")).read_bytes())

    server.answers["*"] = slowly
    for asked in (1, 2, 5, 9, 40, 90):
        server.asked.clear()
        process = start(server.url, state, "--from-start")
        until(lambda asked=asked: len(server.asked) >= asked, process)
        process.kill()
        process.communicate()
    out, err = start(server.url, state, "--from-start").communicate()
    assert "12000 entries, 12000 new" in out, err
    assert [(line["size"], line["new"]) for line in lines(state)] == [(12_000, 12_000)]
    assert not (state / "incidents").exists()


@pytest.mark.fault
def test_stopped_in_order_it_goes_on_where_it_was(growing, server, tmp_path):
    growing.grow(*numbers(300, 12_000))
    state = tmp_path / "state"
    hold = f"tile/entries/{30:03d}"
    server.answers[hold] = lambda to: server.closing.wait(20)
    process = start(server.url, state, "--from-start")
    # It reads eight files ahead: asking for this one it has come to the bundle that does not come.
    until(lambda: "tile/0/034" in server.asked, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 2 and "the next run goes on from here" in err
    assert json.loads((state / "state.json").read_text())["read"] == 30 * 256
    server.answers.clear()
    server.asked.clear()
    process = start(server.url, state, "--from-start")
    process.communicate()
    assert process.returncode == 0
    assert "tile/entries/029" not in server.asked and "tile/entries/030" in server.asked
    assert [line["new"] for line in lines(state)] == [12_000]


@pytest.mark.fault
def test_again_and_again_until_stopped(growing, server, tmp_path):
    state = tmp_path / "state"
    process = start(server.url, state, "--every", "1")
    until((state / "seen.jsonl").exists, process)
    growing.grow(*numbers(300, 310))
    until(lambda: len(lines(state)) == 2, process)
    good = (growing.directory / "checkpoint").read_bytes()
    growing.sign(size=200)
    until((state / "incidents").exists, process)
    (growing.directory / "checkpoint").write_bytes(good)
    growing.grow(b"more")
    until(lambda: len(lines(state)) == 3, process)
    growing.grow(b"and more")
    until(lambda: len(lines(state)) == 4, process)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate()
    assert process.returncode == 1
    assert "311 entries, 1 new" in out and "(1 incidents on record)" in out
    assert "INCIDENT shrunk" in err


def test_a_second_monitor_on_one_folder_stands_back(growing, server, tmp_path, capsys):
    state = tmp_path / "state"
    process = start(server.url, state, "--every", "60")
    try:
        until((state / "seen.jsonl").exists, process)
        assert monitor(server.url, state) == 2
        assert "another monitor is using this folder" in capsys.readouterr().err
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()
    assert process.returncode == 0


def test_an_incident_is_written_once_and_said_each_time(growing, tmp_path, capsys):
    state = tmp_path / "state"
    assert monitor(growing.directory, state) == 0
    assert "followed from here on" in capsys.readouterr().out
    growing.sign(root_hash=bytes(32))
    assert monitor(growing.directory, state) == 1
    assert monitor(growing.directory, state) == 1
    err = capsys.readouterr().err
    assert err.count("INCIDENT fork: two different trees of 300 entries are signed") == 2
    assert err.count("(kept before)") == 1
    [folder] = (state / "incidents").iterdir()
    told = json.loads((folder / "incident.json").read_text())
    assert (told["kind"], told["files"]) == ("fork", ["checkpoint-known", "checkpoint-new"])
    assert (folder / "checkpoint-new").read_bytes() == (growing.directory / "checkpoint").read_bytes()
    assert told["origin"] == "log.example.org/log" and "two trees" in told["meaning"]
    assert main(["incident", str(folder), "--vkey", VKEY]) == 0
    assert "proven: log.example.org/log signed a tree of 300" in capsys.readouterr().out
    assert main(["incident", str(folder), "--vkey", OTHER_KEY.verifier.vkey]) == 1
    (folder / "checkpoint-new").write_bytes((folder / "checkpoint-known").read_bytes())
    assert main(["incident", str(folder), "--vkey", VKEY]) == 1


def test_evidence_that_proves_something_and_evidence_that_does_not(growing, tmp_path, capsys):
    state = tmp_path / "state"
    assert monitor(growing.directory, state) == 0
    growing.sign(size=200)
    assert monitor(growing.directory, state) == 1
    growing.sign(size=200, root_hash=bytes(32))
    assert monitor(growing.directory, state) == 1
    growing.sign(signer=OTHER_KEY)
    assert monitor(growing.directory, state) == 1
    statuses = {
        folder.name.partition("-")[0]: main(["incident", str(folder), "--vkey", VKEY])
        for folder in (state / "incidents").iterdir()
    }
    assert statuses == {"shrunk": 0, "fork": 0, "signature": 1}
    captured = capsys.readouterr()
    assert (
        "proven: log.example.org/log signed trees of 300 and of 200 entries" in captured.out
        and "has forked" in captured.out
    )
    assert "no signature proves it" in captured.err
    assert main(["incident", str(tmp_path / "fork-nothing"), "--vkey", VKEY]) == 2
    assert main(["incident", str(state / "incidents"), "--vkey", VKEY]) == 1
    assert "give one of those below" in capsys.readouterr().err


def test_evidence_of_a_file_is_that_file(growing, tmp_path, capsys):
    growing.grow(*numbers(300, 600))
    path = growing.directory / "tile/0/001"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert monitor(growing.directory, tmp_path / "state", "--from-start") == 1
    [folder] = (tmp_path / "state/incidents").iterdir()
    assert folder.name.startswith("file-")
    assert (folder / "tile/0/001").read_bytes() == path.read_bytes()
    assert "tile/0/001 does not lead to the root" in capsys.readouterr().err


def test_nobody_there(tmp_path, capsys):
    assert monitor(tmp_path / "nothing", tmp_path / "state") == 2
    assert "nothing learned" in capsys.readouterr().err


def test_a_policy_asks_for_witnesses(growing, tmp_path, capsys):
    text = (growing.directory / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    line = cosign(text, "witness.example.org", WITNESS, NOW)
    stranger = cosign(text, "stranger.example.org", SeedKey(bytes(32)), NOW + 5)
    vkey = CosignatureVerifier("witness.example.org", WITNESS.public_key).vkey
    policy = tmp_path / "policy"
    policy.write_text(f"log {VKEY}\nwitness w {vkey}\nquorum w\n")
    options = ("--policy", str(policy), "--state", str(tmp_path / "state"))
    assert main(["monitor", str(growing.directory), *options]) == 1
    assert "INCIDENT witnesses" in capsys.readouterr().err
    with (growing.directory / "checkpoint").open("a") as file:
        file.write(line + stranger)
    assert main(["monitor", str(growing.directory), *options]) == 0
    assert "2 cosignatures (1 of known witnesses)" in capsys.readouterr().out
    assert lines(tmp_path / "state")[0]["cosignatures"] == [
        {"name": "witness.example.org", "time": NOW, "verified": True},
        {"name": "stranger.example.org", "time": NOW + 5, "verified": False},
    ]
    growing.grow(b"not cosigned")
    assert main(["monitor", str(growing.directory), *options]) == 1
    assert "INCIDENT witnesses" in capsys.readouterr().err
    assert len(list((tmp_path / "state/checkpoints").iterdir())) == 2
    # A fork is called a fork, though nobody cosigned it; and a cosignature that is wrong is said.
    growing.sign(size=300, root_hash=bytes(32))
    assert main(["monitor", str(growing.directory), *options]) == 1
    assert "INCIDENT fork" in capsys.readouterr().err
    growing.grow(b"cosigned with another text")
    with (growing.directory / "checkpoint").open("a") as file:
        file.write(line)
    assert main(["monitor", str(growing.directory), *options]) == 1
    assert "INCIDENT witnesses: the signature of witness.example.org is wrong" in capsys.readouterr().err


def test_keys_in_rotation_and_wrong_usage(growing, tmp_path, capsys):
    state = tmp_path / "state"
    both = ("--vkey", OTHER_KEY.verifier.vkey)
    assert monitor(growing.directory, state, *both) == 0
    growing.log.entries.append(b"x")
    shutil.rmtree(growing.directory)
    again = Growing(growing.directory)
    again.grow(*numbers(0, 300), b"x")
    again.sign(signer=OTHER_KEY)
    assert monitor(growing.directory, state, *both) == 0
    assert main(["monitor", str(growing.directory), "--state", str(state)]) == 2
    assert "give the public key" in capsys.readouterr().err
    (tmp_path / "policy").write_text("nonsense")
    assert monitor(growing.directory, state, "--policy", str(tmp_path / "policy")) == 2
    for wrong in (["http://192.0.2.1/"], [str(tmp_path), "--every", "0"], [str(tmp_path), "--every", "x"]):
        with pytest.raises(SystemExit) as stop:
            main(["monitor", *wrong, "--vkey", VKEY, "--state", str(state)])
        assert stop.value.code == 2
