"""A picture made anew: its pixels, copied one by one into a fresh picture, and nothing else of the file.

To save a picture again is not enough: comments, positions, thumbnails, colour profiles and what hangs behind
the end of the file would come along. What is lost on purpose besides: the colour profile and all frames of a
moving picture but the first.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from fairnotice.plumbing.looking.kinds import GIF, JPEG, PNG, WEBP

#: Pixels that a picture may have at all: more is a bomb, or a scan for which the original is there.
MAX_PIXELS = 25_000_000
#: Pixels that the new picture has at most; it is made smaller where there are more.
SHOWN_PIXELS = 12_000_000
#: Bytes of a file from which a picture without transparency becomes a JPEG: it is a photograph then.
_BIG = 3_000_000
_QUALITY = 90
_FORMATS = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", WEBP: "WEBP"}


class TooManyPixels(Exception):
    """The picture says that it is larger than any that is opened here."""


class Damaged(Exception):
    """It begins as a picture and cannot be read as one to its end."""


@dataclass(frozen=True)
class Made:
    """A picture or text to show: what a browser may be told that it is, and its size in pixels (0: none)."""

    data: bytes
    media: str
    width: int = 0
    height: int = 0


def remade(data: bytes, media: str) -> Made:
    """The picture anew, as a PNG or JPEG. Raises TooManyPixels, before anything is unpacked, and Damaged."""
    Image.MAX_IMAGE_PIXELS = None  # ours is asked before, and has no warnings
    try:
        # Only the one reader that belongs to the content; never one that it could choose itself.
        with Image.open(io.BytesIO(data), formats=[_FORMATS[media]]) as found:
            if found.width * found.height > MAX_PIXELS:
                raise TooManyPixels
            found.load()
            pixels = _pixels(found)
    except (TooManyPixels, MemoryError):
        raise
    except ValueError as error:
        # The library's own limit for what is packed into texts and profiles.
        raise (TooManyPixels if "too large" in str(error) else Damaged) from None
    except Exception:  # its faults are of many kinds
        raise Damaged from None
    return encoded(pixels, like=JPEG if len(data) > _BIG else media)


def encoded(pixels: Image.Image, *, like: str = PNG) -> Made:
    """Fresh bytes of a fresh picture."""
    out = io.BytesIO()
    if like == JPEG and pixels.mode in ("L", "RGB"):
        pixels.save(out, "JPEG", quality=_QUALITY)
        return Made(out.getvalue(), JPEG, *pixels.size)
    pixels.save(out, "PNG", compress_level=3)
    return Made(out.getvalue(), PNG, *pixels.size)


def _pixels(found: Image.Image) -> Image.Image:
    """A new picture with the same pixels, upright, and with nothing else."""
    ImageOps.exif_transpose(found, in_place=True)
    plain = _plain(found)
    if plain.width * plain.height > SHOWN_PIXELS:
        # Two by two become one; a quarter of the pixels is left, and memory for no more copies is needed.
        plain = plain.reduce(2)
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    return fresh


def _plain(image: Image.Image) -> Image.Image:
    """In one of the modes L, RGB and RGBA."""
    if image.mode in ("L", "RGB", "RGBA"):
        clear = image.mode != "RGBA" and "transparency" in image.info
        return image.convert("RGBA") if clear else image
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        # Sixteen bits a pixel: the upper eight are what a screen shows.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode == "1":
        return image.convert("L")
    clear = image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info
    return image.convert("RGBA" if clear else "RGB")
