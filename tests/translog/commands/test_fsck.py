"""``fsck`` from a folder or over HTTP: every problem is said, the right file is blamed, the tree rebuilt."""

import os
import shutil
import subprocess
import sys

import pytest

import fairnotice
from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.cli import main
from fairnotice.translog.fsck import tree_check
from tests.translog.build import LOG_KEY, ORIGIN, OTHER_KEY, VKEY, numbered
from tests.translog.server import serving


@pytest.fixture
def log(tmp_path):
    numbered(1000).publish(tmp_path / "log", 300, 700)
    return tmp_path / "log"


def fsck(source, *options):
    return main(["fsck", str(source), "--vkey", VKEY, *options])


def flip(path, at=0):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def files_of(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_a_log_over_http(log, capsys):
    with serving(log) as server:
        assert fsck(server.url) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"9 files agree with the entries; the root is {tree_check(log, VKEY).root.hex()}",
            "verified: 1000 entries in log.example.org/log",
        ]
        # Only what belongs to the signed size: nobody's partials are probed for.
        assert len(server.asked) == 10 and "tile/0/001.p/44" not in server.asked
        server.answers["tile/0/001"] = lambda to: to.send(b"", 404)
        assert fsck(server.url) == 1
        assert "tile/0/001 is missing" in capsys.readouterr().err
        server.answers["tile/0/001"] = lambda to: to.send(b"", 403)
        assert fsck(server.url) == 2
        assert "cannot read or write http://127.0.0.1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "blamed"),
    [
        ("tile/entries/001", "tile/entries/001 does not agree with the tree"),
        ("tile/0/001", "tile/0/001 does not agree with the entries"),
        ("tile/entries/003.p/232", "tile/entries/003.p/232 does not agree with the tree"),
        ("tile/0/003.p/232", "tile/0/003.p/232 does not agree with the entries"),
        ("tile/1/000.p/3", "tile/1/000.p/3 does not agree with the entries"),
        ("tile/0/001.p/44", "tile/0/001.p/44 does not agree with the entries"),
        ("tile/entries/001.p/44", "tile/entries/001.p/44 does not agree with the tree"),
    ],
)
def test_the_wrong_file_is_blamed_and_no_other(log, capsys, name, blamed):
    flip(log / name, 40)
    assert fsck(log) == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[:-1] == [f"wrong: {blamed}"]
    whole = (
        "entries are missing or wrong"
        if name in ("tile/entries/001", "tile/entries/003.p/232")
        else "the entries are whole"
    )
    assert lines[-1] == f"not verified: 1 problems in log.example.org/log; {whole}"


def test_every_problem_is_said_up_to_a_number(log, capsys):
    flip(log / "tile/0/000", 5)
    flip(log / "tile/entries/001", 0)
    (log / "tile/entries/002").unlink()
    (log / "tile/1/000.p/3").write_bytes(b"short")
    (log / "tile/0/notes.txt").write_bytes(b"?")
    assert fsck(log) == 1
    err = capsys.readouterr().err
    assert err.count("wrong: ") == 5
    for name in (
        "tile/0/000 ",
        "tile/entries/001:",
        "tile/entries/002 ",
        "tile/1/000.p/3 ",
        "tile/0/notes.txt:",
    ):
        assert f"wrong: {name}" in err
    assert "5 problems" in err
    assert fsck(log, "--problems", "2") == 1
    err = capsys.readouterr().err
    assert err.count("wrong: ") == 2 and "... and 3 more" in err and "5 problems" in err


def test_a_tree_is_rebuilt_from_its_entries_alone(log, tmp_path, capsys):
    whole = tmp_path / "whole"
    assert fsck(log, "--rebuild", str(whole)) == 0
    assert "rebuilt: 9 files and the checkpoint" in capsys.readouterr().out
    assert fsck(whole) == 0
    made, before = files_of(whole), files_of(log)
    assert {name: before[name] for name in made} == made and len(made) == 10
    shutil.rmtree(log / "tile/0")
    shutil.rmtree(log / "tile/1")
    with serving(log) as server:
        again = tmp_path / "again"
        assert fsck(server.url, "--rebuild", str(again)) == 1
        captured = capsys.readouterr()
        assert "5 problems" in captured.err and "the entries are whole" in captured.err
        assert "rebuilt: 9 files" in captured.out
    assert files_of(again) == made


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_536, 65_537])
def test_rebuilt_trees_are_the_published_ones(tmp_path, size):
    numbered(size).publish(tmp_path / "log")
    assert fsck(tmp_path / "log", "--rebuild", str(tmp_path / "new")) == 0
    assert files_of(tmp_path / "new") == files_of(tmp_path / "log")


def test_nothing_is_rebuilt_from_wrong_entries_or_over_something(log, tmp_path, capsys):
    (log / "vkey").write_text("something")
    assert fsck(log, "--rebuild", str(log)) == 2
    assert "is not empty" in capsys.readouterr().err
    flip(log / "tile/entries/001", 40)
    assert fsck(log, "--rebuild", str(tmp_path / "new")) == 1
    assert "nothing was rebuilt" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_keys_and_usage(log, tmp_path, capsys):
    other = OTHER_KEY.verifier.vkey
    assert main(["fsck", str(log), "--vkey", other]) == 1
    assert main(["fsck", str(log), "--vkey", other, "--vkey", VKEY]) == 0
    assert fsck(tmp_path) == 1
    assert "no file named checkpoint" in capsys.readouterr().err
    for wrong in (("--problems", "0"), ("--problems", "\u0661"), ("--problems", "1" * 5000)):
        with pytest.raises(SystemExit):
            fsck(log, *wrong)


def test_a_size_beyond_all_measure_ends(log, capsys, monkeypatch):
    signed = sign_checkpoint(Checkpoint(ORIGIN, 2**60, bytes(32)), LOG_KEY)
    (log / "checkpoint").write_text(signed)
    monkeypatch.setattr("fairnotice.translog.commands.fsck._MOST", 50)
    assert fsck(log) == 1
    assert "more than 50 problems: the check ends here" in capsys.readouterr().err


def test_output_that_nobody_reads_to_its_end_and_ctrl_c(log, capsys, monkeypatch):
    command = f"{sys.executable} -m fairnotice.translog inclusion {log} 7 --vkey {VKEY} | true; echo ${{PIPESTATUS[0]}}"
    source = os.path.dirname(os.path.dirname(fairnotice.__file__))
    done = subprocess.run(
        ["bash", "-c", command],
        env={"PYTHONPATH": source, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == "" and done.stdout.strip() in ("0", "1")

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("fairnotice.translog.commands.fsck.check_tree", interrupted)
    assert fsck(log) == 130
    assert capsys.readouterr().err == "stopped\n"
