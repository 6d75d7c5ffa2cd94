"""The process in which files are looked at, started by `eyes.Eyes`."""

from __future__ import annotations

import io
import sys
from typing import Any

from fairnotice.plumbing.limited_worker import Made as Answer
from fairnotice.plumbing.limited_worker import serve

#: Bytes of address space. More than letters get: 25 million pixels are 100 MB, twice while they are copied.
MEMORY = 448 * 1024 * 1024
#: Seconds of computing for one file: packing 12 million pixels anew takes two of them on a slow machine.
SECONDS = 8

# One page with a letter on it, so that fonts and all else are loaded that drawing needs.
_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R>>endobj
4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
5 0 obj<</Length 32>>stream
BT /F 9 Tf 9 9 Td (Seen) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def main() -> int:
    """Look at files until the input ends."""
    return serve(_look, _get_ready, memory=MEMORY, seconds=SECONDS)


def _look(said: dict[str, Any], raw: bytes) -> Answer:
    from fairnotice.plumbing.looking.look import look

    seen = look(raw)
    sizes = [{"media": one.media, "width": one.width, "height": one.height} for one in seen.shown]
    answer = {
        "media": seen.media,
        "outcome": seen.outcome,
        "reason": seen.reason,
        "pages": seen.pages,
        "shown": sizes,
    }
    return answer, [one.data for one in seen.shown]


def _get_ready() -> None:
    """Look at one of each kind."""
    from PIL import Image

    from fairnotice.plumbing.looking.look import look

    for mode, format in (("RGB", "PNG"), ("P", "GIF"), ("L", "JPEG"), ("RGBA", "WEBP"), ("CMYK", "JPEG")):
        out = io.BytesIO()
        Image.new(mode, (9, 9)).save(out, format)
        look(out.getvalue())
        look(out.getvalue()[:-20])
    look(_PDF)
    look(b"%PDF-1.4 broken")
    look("Text: ä".encode())


if __name__ == "__main__":
    sys.exit(main())
