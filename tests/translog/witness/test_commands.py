"""`python -m fairnotice.translog witness ...`: what an operator types and reads."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from fairnotice.translog import cli
from fairnotice.translog.vkeys import is_witness_key, parse_vkey
from fairnotice.translog.witness.config import read_config
from tests.translog.witness.made import LOG_KEY, LOGS, NAME, NOW, ORIGIN, STRANGER, Tree, admitted
from tests.translog.witness.test_state import put_back

TREE = Tree()


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert cli.main(["witness", "init", str(tmp_path / "w"), "--name", NAME]) == 0
    assert cli.main(["witness", "add-log", str(tmp_path / "w"), LOG_KEY.verifier.vkey]) == 0
    capsys.readouterr()
    return tmp_path / "w"


def sign(folder: Path, old: int, size: int, now: int = NOW) -> str:
    """Let the witness of this folder sign, as its server would; returns the whole cosigned checkpoint."""
    config = read_config(folder)
    state = config.state()
    try:
        lines = state.cosign(admitted(TREE.body(old, size), LOGS), config.cosigner().lines, now)
    finally:
        state.close()
    return TREE.note(size) + lines


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = cli.main(["witness", *map(str, arguments)])
    said = capsys.readouterr()
    return status, said.out, said.err


@pytest.mark.parametrize("further", [[], ["--mldsa"]])
def test_init_makes_keys_that_only_the_owner_reads_and_prints_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], further: list[str]
) -> None:
    status, out, _ = run(capsys, "init", tmp_path / "w", "--name", NAME, "--port", "8461", *further)
    assert status == 0
    assert [is_witness_key(parse_vkey(line)) for line in out.splitlines()] == [True] * (1 + len(further))
    files = list((tmp_path / "w").glob("*.key"))
    assert len(files) == 1 + len(further)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert read_config(tmp_path / "w").port == 8461
    again = run(capsys, "init", tmp_path / "w", "--name", NAME)
    assert again[0] == 1 and again[2].endswith("exists already\n")
    assert run(capsys, "status", tmp_path / "w")[1].startswith(out)


@pytest.mark.parametrize("further", [[], ["--mldsa"]])
def test_keygen_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], further: list[str]
) -> None:
    file = tmp_path / "keys" / "a.key"
    status, out, _ = run(capsys, "keygen", file, "--name", NAME, *further)
    assert status == 0 and is_witness_key(parse_vkey(out.strip()))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert run(capsys, "keygen", file, "--name", NAME)[0] == 1
    assert file.read_bytes() == before


def test_a_name_that_no_key_may_have_makes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "init", tmp_path / "w", "--name", "two words")[0] == 1
    assert run(capsys, "keygen", tmp_path / "k", "--name", "a+b")[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_is_none_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "add-log", folder, "nonsense")
    assert status == 1 and err.startswith("witness: ")


def test_status_from_nothing_to_locked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "status", folder)
    assert (status, "nothing signed yet" in out) == (0, True)
    sign(folder, 0, 7)
    status, out, _ = run(capsys, "status", folder)
    assert (status, f"size 7, signed at {NOW} " in out) == (0, True)
    (folder / "state.sqlite3").unlink()
    status, out, _ = run(capsys, "status", folder)
    assert (status, "LOCKED: the state knows" in out) == (1, True)


def test_unlock_with_a_checkpoint_that_a_monitor_kept(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Database and marks were restored together: nothing here can tell, but somebody else's copy can."""
    sign(folder, 0, 3)
    shutil.copy(folder / "state.sqlite3", folder / "copy")
    shutil.copytree(folder / "marks", folder / "marks-copy")
    kept = sign(folder, 3, 9, NOW + 1)
    put_back(folder / "state.sqlite3", folder / "copy")
    shutil.rmtree(folder / "marks")
    shutil.move(folder / "marks-copy", folder / "marks")
    assert "size 3" in run(capsys, "status", folder)[1]
    (folder / "seen").write_text(kept)
    status, out, err = run(capsys, "unlock", folder, "--origin", ORIGIN, "--seen", folder / "seen")
    assert (status, out) == (0, f"{ORIGIN} goes on from size 9\n"), err
    assert f"size 9, signed at {NOW + 1} " in run(capsys, "status", folder)[1]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (TREE.note(9), "does not bear this witness's own signature"),
        (TREE.note(9, STRANGER), "not signed"),
        ("nonsense", "note"),
        ("", "note"),
    ],
)
def test_unlock_believes_nothing_that_it_did_not_sign(
    folder: Path, capsys: pytest.CaptureFixture[str], note: str, said: str
) -> None:
    sign(folder, 0, 3)
    (folder / "seen").write_text(note)
    status, _, err = run(capsys, "unlock", folder, "--origin", ORIGIN, "--seen", folder / "seen")
    assert status == 1 and said in err
    assert "size 3" in run(capsys, "status", folder)[1]


def test_unlock_wants_the_logs_signature_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note = sign(folder, 0, 9)
    text, _, lines = note.partition("\n\n")
    (folder / "seen").write_text(f"{text}\n\n{lines.splitlines(keepends=True)[1]}")
    status, _, err = run(capsys, "unlock", folder, "--origin", ORIGIN, "--seen", folder / "seen")
    assert status == 1 and "the log's signature" in err


def test_unlock_of_a_log_that_is_not_watched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "seen").write_text(TREE.note(9))
    assert run(capsys, "unlock", folder, "--origin", "x.example.org", "--seen", folder / "seen")[0] == 1
    assert run(capsys, "unlock", folder, "--origin", "x.example.org")[0] == 1
    assert run(capsys, "unlock", folder, "--origin", ORIGIN, "--seen", folder / "missing")[0] == 2


def test_serve_says_what_is_missing(tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "serve", tmp_path / "nowhere")
    assert status == 1 and "witness init" in err
    (folder / "witness.key").unlink()
    status, _, err = run(capsys, "serve", folder)
    assert status == 1 and "witness.key cannot be read" in err
