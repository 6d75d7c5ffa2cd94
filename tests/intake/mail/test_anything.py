"""Whatever bytes come: something is said about them, and it can be stored."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.torture import letters
from fairnotice.cases.drafts import MAX_ITEMS, MAX_WHY, UNSTORABLE, check_notice
from fairnotice.intake.mail.child import Reader
from fairnotice.intake.mail.reader import read_letter
from fairnotice.intake.mail.samples import SAMPLES
from fairnotice.intake.reading_types import Reading
from fairnotice.law.doors import REASONS


def _check(reading: Reading) -> None:
    said = json.dumps(reading.to_json())
    assert Reading.from_json(json.loads(said)) == reading
    assert (reading.reason in REASONS) == (reading.outcome != "notice")
    draft = reading.draft
    if reading.outcome in ("notice", "draft", "reply"):
        assert draft is not None
    if draft is not None:
        assert len(draft.items) <= MAX_ITEMS or reading.reason == "invalid"
        texts = [draft.why, draft.law, draft.name, draft.email, *(item.location for item in draft.items)]
        assert len(draft.why) <= MAX_WHY
        assert reading.reason == "invalid" or not any(UNSTORABLE.search(text) for text in texts)
    if reading.outcome == "notice":
        assert draft and check_notice(draft, machine=reading.machine) == []
    assert not (reading.machine and reading.receipt_to)


_PIECES = st.sampled_from(
    [*SAMPLES, b"\n\n", b"--b\n", b"Content-Type: ", b"Where:", b"\x00", b"=?", b"://", b"[.]"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES | st.binary(max_size=60), max_size=8).map(b"".join))
def test_any_bytes(raw: bytes) -> None:
    _check(read_letter(raw))


def test_letters_that_are_hard_to_read() -> None:
    """A few of those that `dev.py bench torture` reads ten thousand of."""
    with Reader(wall=60) as reader:
        for raw in letters(7, 200):
            digest = hashlib.sha256(raw).hexdigest()
            _check(reader.read(raw))
            assert reader.usage.digest == digest
        assert reader.usage.killed == 0


def test_they_are_the_same_for_the_same_seed() -> None:
    assert list(letters(3, 20)) == list(letters(3, 30))[:20]
    assert list(letters(3, 20)) != list(letters(4, 20))
