"""Promises: what a notifier holds until the entry is in the log.

A signed note (C2SP signed-note v1.0.0) under a key of its own, named ``<origin>/promise``, so that a promise
can never be taken for a checkpoint. A promise without inclusion by its deadline is evidence against the
operator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fairnotice.translog.encoding import decode_base64, encode_base64, parse_decimal, require_int
from fairnotice.translog.errors import PromiseError
from fairnotice.translog.merkle import HASH_SIZE
from fairnotice.translog.notes import Signer, Verifier, open_note, sign_note

HEADER = "fair-notice promise v1"
_LAST_SECOND = 253402300799  # end of the year 9999: beyond it no calendar can show the time


def promise_key_name(origin: str) -> str:
    """Name of the key that signs promises for the log ``origin``."""
    return f"{origin}/promise"


@dataclass(frozen=True)
class Promise:
    """The log ``origin`` will hold the entry with ``leaf_hash`` within ``delay`` seconds of ``time``.

    ``time`` is POSIX seconds; ``tree_size`` the number of entries when the promise was made.
    """

    origin: str
    leaf_hash: bytes
    time: int
    delay: int
    tree_size: int

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise PromiseError("the promise names no log")
        if len(self.leaf_hash) != HASH_SIZE:
            raise PromiseError(f"the leaf hash in the promise is not {HASH_SIZE} bytes long")
        require_int(self.time, "the time in the promise", PromiseError, highest=_LAST_SECOND)
        require_int(self.delay, "the delay in the promise", PromiseError, highest=_LAST_SECOND)
        require_int(self.deadline, "the deadline of the promise", PromiseError, highest=_LAST_SECOND)
        require_int(self.tree_size, "the tree size in the promise", PromiseError)

    @property
    def deadline(self) -> int:
        """POSIX seconds by which the entry must be in the log."""
        return self.time + self.delay

    def to_text(self) -> str:
        """The body that is signed."""
        leaf = encode_base64(self.leaf_hash)
        return "\n".join(
            (HEADER, self.origin, leaf, str(self.time), str(self.delay), str(self.tree_size), "")
        )


def parse_promise(text: str) -> Promise:
    """Read a promise's body. Raises :class:`PromiseError`."""
    lines = text.split("\n")
    if len(lines) != 7 or lines[-1] or lines[0] != HEADER:
        raise PromiseError(f"the promise does not have the six lines of '{HEADER}'")
    _, origin, leaf, time, delay, tree_size, _ = lines
    return Promise(
        origin,
        decode_base64(leaf, "the leaf hash in the promise", PromiseError, length=HASH_SIZE),
        parse_decimal(time, "the time in the promise", PromiseError, highest=_LAST_SECOND),
        parse_decimal(delay, "the delay in the promise", PromiseError, highest=_LAST_SECOND),
        parse_decimal(tree_size, "the tree size in the promise", PromiseError),
    )


def sign_promise(promise: Promise, signer: Signer) -> str:
    """The signed note. Raises :class:`PromiseError` when the signer is not the promise key of that log."""
    if signer.name != promise_key_name(promise.origin):
        raise PromiseError("a promise is signed by the log's promise key only")
    return sign_note(promise.to_text(), [signer])


def open_promise(data: bytes | str, verifiers: Iterable[Verifier]) -> Promise:
    """A promise that at least one of ``verifiers`` signed: promise keys, of the log that it speaks of.

    Raises :class:`~fairnotice.translog.errors.NoteError` or :class:`PromiseError`.
    """
    known = list(verifiers)
    promise = parse_promise(open_note(data, known))
    if any(verifier.name != promise_key_name(promise.origin) for verifier in known):
        raise PromiseError("the promise speaks of another log than the one whose key signed it")
    return promise
