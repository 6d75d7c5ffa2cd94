"""Files of our own making: pictures with words hidden in them, bombs, and what is two things at once."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

SECRET = "SENTINEL-inside-a-picture"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def picture(
    format: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object
) -> bytes:
    """A picture with a pattern, so that its pixels can be told from others."""
    small = size[0] * size[1] < 1_000_000
    image = (Image.effect_noise(size, 64) if small else Image.radial_gradient("L").resize(size)).convert(mode)
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def png_with_words() -> bytes:
    """Words in each kind of text chunk, in EXIF, in a colour profile, and behind the end."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", SECRET)
    said.add_text("Packed", SECRET, zip=True)
    said.add_itxt("Title", SECRET)
    return picture(pnginfo=said, exif=_exif(), icc_profile=SECRET.encode() * 9) + SECRET.encode()


def jpeg_with_words() -> bytes:
    """Words in a comment, in EXIF with a place, in a colour profile, and behind the end."""
    made = picture("JPEG", comment=SECRET.encode(), exif=_exif(), icc_profile=SECRET.encode() * 9, quality=95)
    return made + b"<script>" + SECRET.encode()


def gif_with_words() -> bytes:
    """Two frames and a comment."""
    first, second = (Image.effect_noise((20, 10), 64).convert("P") for _ in range(2))
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=[second], comment=SECRET.encode())
    return out.getvalue()


def webp_with_words() -> bytes:
    """EXIF and a description."""
    return picture("WEBP", exif=_exif(), xmp=SECRET.encode())


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET  # description
    exif[0x0112] = 6  # lies on its side
    exif[0x9286] = SECRET  # the user's comment
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # where it was taken
    return exif.tobytes()


def bomb(side: int = 12_000) -> bytes:
    """A PNG of a few hundred kB that unpacks to `side` squared pixels."""
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(side // 8 + 1)) for _ in range(side)) + rows.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def text_bomb() -> bytes:
    """A small picture with a text chunk that unpacks to 20 MB."""
    whole = picture()
    packed = zlib.compressobj(9)
    much = b"".join(packed.compress(bytes(1_000_000)) for _ in range(20)) + packed.flush()
    return whole[:33] + _chunk(b"zTXt", b"Comment\0\0" + much) + whole[33:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pdf(words: str = "Seen", extra: str = "", pages: int = 1) -> bytes:
    """A PDF with these words on each page; `extra` goes into its catalogue."""
    kids = " ".join(f"{10 + number} 0 R" for number in range(pages))
    stream = f"BT /F 24 Tf 20 40 Td ({words}) Tj ET"
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{extra}>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {pages}>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        4: f"<</Length {len(stream)}>>\nstream\n{stream}\nendstream",
    } | {
        10 + number: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]"
        "/Resources<</Font<</F 3 0 R>>>>/Contents 4 0 R>>"
        for number in range(pages)
    }
    body = "".join(f"{number} 0 obj\n{text}\nendobj\n" for number, text in objects.items())
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF\n".encode()


SCRIPT = f"/OpenAction<</S/JavaScript/JS(app.alert\\('{SECRET}'\\))>>"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>{SECRET}</svg>".encode()
HTML = f"<!doctype html><script>alert('{SECRET}')</script>".encode()
