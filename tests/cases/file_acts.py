"""What can be done with a file that came with a notice, as `test_every_action` does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fairnotice.cases import codes, uploads
from fairnotice.cases.actions import files
from tests.cases import making


def handle(name: str = "a.txt") -> str:
    """Of a text that waits for its notice."""
    incoming = uploads.Incoming(name)
    incoming.write(b"Words of a file.")
    return incoming.finish()


def came() -> str:
    """The reference of a text that came with a notice, and the code of that."""
    sent = making.notice("https://forum.example.org/with-a-file", files=[handle()])
    return f"{sent.notice.evidence.get().ref} {sent.code}"


def settled(ref: str) -> str:
    files.settle(file_ref=ref, found=files.Found("kept", "application/zip", "other-type"))
    return ref


def _take_back() -> None:
    ref, code = came().split()
    access = codes.find(code)
    assert access is not None
    files.take_back(access=access, file_ref=ref)


DONE: dict[Callable[..., object], tuple[Callable[[Any], object], str]] = {
    files.settle: (lambda s: settled(came().split()[0]), "evidence.looked-at"),
    files.take_back: (lambda s: _take_back(), "evidence.removed"),
    files.hand_out: (
        lambda s: files.hand_out(
            actor=s.reviewer, file_ref=settled(came().split()[0]), purpose="To compare it."
        ),
        "evidence.handed-out",
    ),
}
