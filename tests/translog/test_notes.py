"""Signed notes in ordinary use. What must be refused: strictness/test_notes.py and test_keys.py there."""

import pytest

from fairnotice.translog.errors import NoteError, SigningError
from fairnotice.translog.notes import Signer, Verified, open_note, parse_note, sign_note, verify_note

SIGNER = Signer("log.example.org", b"\x07" * 32)
OTHER = Signer("other.example.net", b"\x08" * 32)


def test_signing_and_opening():
    text = "first\n\nafter an empty line: ü 中\n"
    note = sign_note(text, [SIGNER, OTHER])
    assert open_note(note, [SIGNER.verifier]) == text
    assert [item.name for item in parse_note(note).signatures] == ["log.example.org", "other.example.net"]
    assert sign_note(text, [SIGNER]) == sign_note(text, [SIGNER])


def test_who_signed_is_told_in_the_order_of_the_note():
    note = sign_note("text\n", [OTHER, SIGNER])
    opened = verify_note(note, [SIGNER.verifier, OTHER.verifier])
    assert opened.verified == (Verified(OTHER.verifier, None), Verified(SIGNER.verifier, None))


def test_the_seed_is_not_shown():
    assert "\\x07" not in repr(SIGNER) and "07070707" not in repr(SIGNER)


def test_what_cannot_be_signed():
    for text in ("no line feed", "tab\t\n", "", "\ud800\n"):
        with pytest.raises(NoteError):
            sign_note(text, [SIGNER])
    with pytest.raises(NoteError, match="needs a signature"):
        sign_note("text\n", [])
    with pytest.raises(SigningError, match="32 bytes"):
        Signer("log.example.org", b"short")
