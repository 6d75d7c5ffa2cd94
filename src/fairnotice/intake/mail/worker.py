"""The process in which letters are read, started by `child.Reader`: first comes the envelope as JSON, then
the letter."""

from __future__ import annotations

import pkgutil
import sys
from typing import Any

from fairnotice.plumbing.limited_worker import Made, serve

#: Bytes of address space: the interpreter with all that it needs takes some 75 MB of it.
MEMORY = 256 * 1024 * 1024
#: Seconds of computing for one letter.
SECONDS = 2


def main() -> int:
    """Read letters until the input ends."""
    return serve(_read, _get_ready, memory=MEMORY, seconds=SECONDS)


def _get_ready() -> None:
    """Settings for the texts of faults, which nobody reads here; every charset, read from its file, and one
    letter of each kind. A charset that is not loaded by then is said to be none."""
    from django.conf import settings

    settings.configure(USE_I18N=False)
    import encodings

    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            __import__(f"encodings.{module.name}")
        except ImportError:  # those of other systems
            continue
    from fairnotice.intake.mail.samples import warm_up

    warm_up()


def _read(said: dict[str, Any], raw: bytes) -> Made:
    from fairnotice.intake.mail.reader import read_letter
    from fairnotice.intake.reading_types import Envelope

    envelope = Envelope(said["sender"], tuple(said["recipients"]), tuple(said["hosts"]))
    return {"reading": read_letter(raw, envelope).to_json()}, []


if __name__ == "__main__":
    sys.exit(main())
