import pytest

from fairnotice.translog.checkpoint import (
    Checkpoint,
    open_checkpoint,
    parse_checkpoint,
    read_unverified,
    sign_checkpoint,
)
from fairnotice.translog.errors import CheckpointError, NoteError
from fairnotice.translog.merkle import EMPTY_ROOT
from fairnotice.translog.notes import Signer, sign_note
from tests.translog.build import LOG_KEY, ORIGIN, OTHER_KEY

ROOT = bytes(range(32))
TEXT = f"{ORIGIN}\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def test_body_and_signature():
    checkpoint = Checkpoint(ORIGIN, 12, ROOT)
    assert checkpoint.to_text() == TEXT
    signed = sign_checkpoint(checkpoint, LOG_KEY)
    assert open_checkpoint(signed, LOG_KEY.verifier) == read_unverified(signed) == checkpoint


def test_extension_lines_and_odd_origins_of_others_are_kept():
    checkpoint = parse_checkpoint("go.sum database tree\n" + TEXT.split("\n", 1)[1] + "one\ntwo\n")
    assert (checkpoint.origin, checkpoint.extensions) == ("go.sum database tree", ("one", "two"))
    assert parse_checkpoint(checkpoint.to_text()) == checkpoint


def test_the_empty_log_has_the_empty_root():
    assert parse_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT).to_text()).size == 0
    with pytest.raises(CheckpointError, match="empty"):
        Checkpoint(ORIGIN, 0, ROOT)


@pytest.mark.parametrize(
    "size",
    ["", "012", "00", "-1", "+12", "1_2", " 12", "12 ", "1e1", "12.0", "١٢", "１２", str(2**63), "9" * 5000],
)
def test_sizes_have_one_spelling(size):
    with pytest.raises(CheckpointError, match="tree size"):
        parse_checkpoint(TEXT.replace("\n12\n", f"\n{size}\n"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "\nx\n",
        "\n" + TEXT,
        f"{ORIGIN}\n12\n",
        TEXT.replace("8=", "8"),
        TEXT.replace("AAEC", ""),
        TEXT.replace("8=", "9="),
        TEXT.replace("AAEC", "AA-C"),
    ],
)
def test_malformed_bodies_are_refused(text):
    with pytest.raises(CheckpointError):
        parse_checkpoint(text)


@pytest.mark.parametrize("size", [True, 1.0, -1, 2**63])
def test_sizes_are_whole_numbers(size):
    with pytest.raises(CheckpointError):
        Checkpoint(ORIGIN, size, ROOT)


def test_only_the_logs_own_key_and_origin():
    with pytest.raises(NoteError):
        open_checkpoint(sign_checkpoint(Checkpoint(ORIGIN, 12, ROOT), OTHER_KEY), LOG_KEY.verifier)
    with pytest.raises(CheckpointError, match="another log"):
        sign_checkpoint(Checkpoint("elsewhere.example.net/log", 12, ROOT), LOG_KEY)
    smuggled = sign_note(Checkpoint("elsewhere.example.net/log", 12, ROOT).to_text(), [LOG_KEY])
    with pytest.raises(CheckpointError, match="not of the log"):
        open_checkpoint(smuggled, LOG_KEY.verifier)


def test_largest_size():
    largest = Checkpoint(ORIGIN, 2**63 - 1, ROOT)
    signed = sign_checkpoint(largest, Signer(ORIGIN, LOG_KEY.key))
    assert open_checkpoint(signed, LOG_KEY.verifier) == largest
