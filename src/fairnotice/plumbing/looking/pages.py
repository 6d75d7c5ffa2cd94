"""The first pages of a PDF as pictures. Scripts, links, forms and attached files in it do nothing: it is only
drawn, and by a library that is built without a language for scripts."""

from __future__ import annotations

import time
from typing import Any

from fairnotice.plumbing.looking.pictures import Damaged, Made, encoded

try:
    import pypdfium2
except ImportError:  # a system that it is not built for: then a PDF can be downloaded, and is not shown
    pypdfium2 = None

#: Pages that are shown, pixels of one, and seconds of computing after which no further one is begun.
MOST_PAGES = 20
PAGE_PIXELS = 2_500_000
SECONDS = 5.0
# Dots for each of the 72 points of an inch.
_SCALE = 2.0


class Locked(Exception):
    """It needs a password."""


class NoRenderer(Exception):
    """Nothing here can draw a PDF."""


def drawn(data: bytes) -> tuple[list[Made], int]:
    """Its first pages, and how many it has. Raises Damaged, Locked, NoRenderer."""
    if pypdfium2 is None:
        raise NoRenderer
    start = time.process_time()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise (Locked if "password" in str(error).lower() else Damaged) from None
    made: list[Made] = []
    pages = len(document)
    try:
        while len(made) < min(pages, MOST_PAGES) and time.process_time() - start < SECONDS:
            made.append(_page(document[len(made)]))
    except (pypdfium2.PdfiumError, Damaged):
        pass  # those before it are shown
    finally:
        document.close()
    if not made:
        raise Damaged
    return made, pages


def _page(page: Any) -> Made:
    width, height = page.get_size()
    much = max(width * height, 1.0) * _SCALE**2 / PAGE_PIXELS
    scale = _SCALE / max(1.0, much**0.5)
    # A page of no width at all, or of a mile in length, is drawn as a line.
    if not 0 < width * scale < 20_000 or not 0 < height * scale < 20_000:
        raise Damaged
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=True)
    return encoded(bitmap.to_pil().convert("RGB"))
