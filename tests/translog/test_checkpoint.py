"""Checkpoints in ordinary use. What must be refused: strictness/test_checkpoints.py."""

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
from tests.translog.build import LOG_KEY, ORIGIN, OTHER_KEY

ROOT = bytes(range(32))
TEXT = f"{ORIGIN}\n12\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"


def test_body_and_signature():
    checkpoint = Checkpoint(ORIGIN, 12, ROOT)
    assert checkpoint.to_text() == TEXT
    signed = sign_checkpoint(checkpoint, LOG_KEY)
    assert open_checkpoint(signed, LOG_KEY.verifier) == read_unverified(signed) == checkpoint


def test_only_the_logs_own_key_and_origin():
    with pytest.raises(NoteError):
        open_checkpoint(sign_checkpoint(Checkpoint(ORIGIN, 12, ROOT), OTHER_KEY), LOG_KEY.verifier)
    with pytest.raises(CheckpointError, match="another log"):
        sign_checkpoint(Checkpoint("elsewhere.example.net/log", 12, ROOT), LOG_KEY)


def test_smallest_and_largest_size():
    assert parse_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT).to_text()).size == 0
    largest = Checkpoint(ORIGIN, 2**63 - 1, ROOT)
    assert open_checkpoint(sign_checkpoint(largest, LOG_KEY), LOG_KEY.verifier) == largest
