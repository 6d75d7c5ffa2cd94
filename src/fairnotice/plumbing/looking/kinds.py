"""What a file is, by what it holds. Its name is never asked: a name can say anything."""

from __future__ import annotations

import re

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"
PDF, TEXT = "application/pdf", "text/plain"
PICTURES = (PNG, JPEG, GIF, WEBP)
OTHER = "application/octet-stream"

# In order. Only the very beginning counts: a file that is two things at once is the one that it begins as.
_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-elf"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
# Pages and pictures with scripts in them. They are texts, but no browser may get one as what it is.
_MARKUP: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<svg\b|<!doctype svg", re.IGNORECASE), "image/svg+xml"),
    (re.compile(r"<!doctype html|<html\b|<head\b|<body\b|<script\b", re.IGNORECASE), "text/html"),
    (re.compile(r"^<\?xml\b", re.IGNORECASE), "application/xml"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HEAD = 1024


def kind_of(data: bytes) -> str:
    """The media type; OTHER for what is not known here. Plain text has to be UTF-8 from end to end."""
    for begins, kind in _BEGINS:
        if data.startswith(begins):
            return kind
    if data[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(data[8:12], OTHER)
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return {b"heic": "image/heic", b"avif": "image/avif", b"mif1": "image/heif"}.get(brand, "video/mp4")
    text = as_text(data)
    if text is None:
        return OTHER
    head = text.lstrip()[:_HEAD]
    return next((kind for pattern, kind in _MARKUP if head[:1] == "<" and pattern.search(head)), TEXT)


def as_text(data: bytes) -> str | None:
    """The text that these bytes are, or None where they are none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) or not text.strip() else text
