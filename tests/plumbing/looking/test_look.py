"""What is shown of a file is made anew and holds nothing else; what would do harm is shown by nobody."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from fairnotice.plumbing import limited
from fairnotice.plumbing.looking import kinds
from fairnotice.plumbing.looking.eyes import Eyes
from fairnotice.plumbing.looking.look import look
from fairnotice.plumbing.looking.worker import MEMORY
from tests.plumbing.looking import making


@pytest.fixture(scope="module")
def eyes() -> Iterator[Eyes]:
    with Eyes(wall=120) as made:
        yield made


def image(data: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(data))
    found.load()
    return found


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (making.png_with_words(), "image/png"),
        (making.jpeg_with_words(), "image/jpeg"),
        (making.gif_with_words(), "image/gif"),
        (making.webp_with_words(), "image/webp"),
    ],
    ids=["png", "jpeg", "gif", "webp"],
)
def test_nothing_but_the_pixels_comes_along(eyes: Eyes, data: bytes, media: str) -> None:
    assert making.SECRET.encode() in data
    seen = eyes.look(data)
    assert (seen.outcome, seen.media, len(seen.shown)) == ("ready", media, 1)
    made = seen.shown[0]
    assert made.media in ("image/png", "image/jpeg")
    assert making.SECRET.encode() not in made.data
    shown = image(made.data)
    assert not shown.getexif() and "icc_profile" not in shown.info and "comment" not in shown.info
    assert getattr(shown, "n_frames", 1) == 1
    if made.media == "image/png":
        chunks = {made.data[at + 4 : at + 8] for at in chunk_starts(made.data)}
        assert chunks <= {b"IHDR", b"IDAT", b"IEND", b"PLTE", b"tRNS"}


def chunk_starts(data: bytes) -> Iterator[int]:
    at = 8
    while at < len(data):
        yield at
        at += 12 + int.from_bytes(data[at : at + 4], "big")


def test_the_pixels_are_the_same_and_upright(eyes: Eyes) -> None:
    plain = making.picture(size=(40, 30))
    assert image(eyes.look(plain).shown[0].data).tobytes() == image(plain).tobytes()
    turned = eyes.look(making.png_with_words()).shown[0]
    assert (turned.width, turned.height) == (30, 40), "it was taken with the camera on its side"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_pixel_is_shown(eyes: Eyes, mode: str) -> None:
    seen = eyes.look(making.picture(mode=mode))
    assert seen.outcome == "ready" and image(seen.shown[0].data).mode in ("L", "RGB", "RGBA")


def test_a_large_picture_is_shown_smaller(eyes: Eyes) -> None:
    made = eyes.look(making.picture("JPEG", size=(5000, 4000))).shown[0]
    assert (made.width, made.height) == (2500, 2000)


def test_bombs_are_refused_and_the_process_lives(eyes: Eyes) -> None:
    eyes.look(b"Ready.")
    killed, pid = eyes.usage.killed, eyes.pid
    for data in (making.bomb(), making.text_bomb()):
        assert len(data) < 1_500_000
        seen = eyes.look(data)
        assert (seen.outcome, seen.reason, seen.shown) == ("refused", "too-many-pixels", [])
    assert (eyes.usage.killed, eyes.pid) == (killed, pid)
    assert eyes.usage.peak_kb * 1024 < MEMORY


@pytest.mark.parametrize(
    ("data", "media", "reason"),
    [
        (making.SVG, "image/svg+xml", "other-type"),
        (b"\xef\xbb\xbf \n" + making.HTML, "text/html", "other-type"),
        (b"<?xml version='1.0'?><a/>", "application/xml", "other-type"),
        (b"PK\x03\x04" + making.picture(), "application/zip", "other-type"),
        (b"\xff\xfeH\x00i\x00", "application/octet-stream", "other-type"),
        (b"words\x00words", "application/octet-stream", "other-type"),
        (b"", "application/octet-stream", "other-type"),
        (making.picture()[:-60], "image/png", "damaged"),
        (making.picture("JPEG")[:300], "image/jpeg", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + making.HTML, "image/png", "damaged"),
        (b"GIF89a/*" + making.HTML, "image/gif", "damaged"),
        (b"%PDF-1.7 and no more", "application/pdf", "damaged"),
    ],
)
def test_what_cannot_be_shown_is_kept_as_it_came(eyes: Eyes, data: bytes, media: str, reason: str) -> None:
    seen = eyes.look(data)
    assert (seen.outcome, seen.media, seen.reason, seen.shown) == ("kept", media, reason, [])


def test_a_file_that_is_two_things_is_the_one_that_it_begins_as(eyes: Eyes) -> None:
    both = making.picture("GIF", mode="P") + making.HTML + making.pdf()
    seen = eyes.look(both)
    assert seen.media == "image/gif" and making.SECRET.encode() not in seen.shown[0].data


def test_a_text_is_shown_as_one(eyes: Eyes) -> None:
    said = "Line one\n\tLine <b>two</b> ä"
    seen = eyes.look(said.encode())
    assert (seen.media, seen.outcome, seen.shown[0].data.decode()) == ("text/plain", "ready", said)


def test_a_pdf_is_drawn_and_its_script_does_nothing(eyes: Eyes) -> None:
    plain, scripted = (eyes.look(making.pdf(extra=extra)) for extra in ("", making.SCRIPT))
    assert plain.outcome == scripted.outcome == "ready"
    assert plain.shown[0].data == scripted.shown[0].data
    drawn = image(plain.shown[0].data)
    assert drawn.size == (400, 200) and len(set(drawn.convert("L").tobytes())) > 2, "there are words on it"
    assert eyes.look(making.pdf("")).shown[0].data != plain.shown[0].data


def test_of_a_long_pdf_the_first_pages_are_drawn(eyes: Eyes) -> None:
    seen = eyes.look(making.pdf(pages=30))
    assert seen.pages == 30 and 1 <= len(seen.shown) <= 20


def test_without_a_renderer_a_pdf_can_only_be_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    from fairnotice.plumbing.looking import pages

    monkeypatch.setattr(pages, "pypdfium2", None)
    seen = look(making.pdf())
    assert (seen.outcome, seen.reason) == ("kept", "no-renderer")


def test_the_process_may_open_nothing(eyes: Eyes) -> None:
    eyes.look(b"Ready.")
    said = Path(f"/proc/{eyes.pid}/limits").read_text()
    limits = {line[:25].strip(): line[25:].split()[0] for line in said.splitlines()[1:]}
    assert limits["Max open files"] == limits["Max file size"] == limits["Max core file size"] == "0"
    assert limits["Max address space"] == str(MEMORY)
    environ = Path(f"/proc/{eyes.pid}/environ").read_text().split("\0")
    assert {one.partition("=")[0] for one in environ if one} == {"PYTHONPATH", "PYTHONUTF8"}


def test_one_that_stalls_or_dies_is_refused_and_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    harm = [
        "import fairnotice.plumbing.looking.kinds as kinds",
        "sound = kinds.as_text",
        "def harmed(data):",
        "    if data == b'die': __import__('os')._exit(1)",
        "    if data == b'stall': exec('while True: pass')",
        "    if data == b'eat': bytearray(900_000_000)",
        "    return sound(data)",
        "kinds.as_text = harmed",
    ]
    (tmp_path / "sitecustomize.py").write_text("\n".join(harm))
    monkeypatch.setattr(limited, "_SOURCE", f"{limited._SOURCE}{os.pathsep}{tmp_path}")
    with Eyes(wall=60) as eyes:
        assert eyes.look(b"sound").outcome == "ready"
        eyes.wall = 2.0
        stalled = eyes.look(b"stall")
        eyes.wall = 60.0
        for seen in (stalled, eyes.look(b"die"), eyes.look(b"eat")):
            assert (seen.outcome, seen.reason, seen.shown) == ("refused", "too-much", [])
        assert eyes.look(b"sound").outcome == "ready"


def test_threads_share_one(eyes: Eyes) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(eyes.look(making.picture()).outcome)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["ready"] * 4


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(
        [
            making.png_with_words(),
            making.jpeg_with_words(),
            making.gif_with_words(),
            making.webp_with_words(),
            making.pdf(),
        ]
    ),
    st.integers(0, 10_000),
    st.binary(min_size=1, max_size=8),
    st.integers(0, 3000),
)
def test_any_bytes_have_an_outcome(eyes: Eyes, data: bytes, at: int, put: bytes, cut: int) -> None:
    at %= len(data)
    seen = eyes.look((data[:at] + put + data[at + len(put) :])[: max(1, len(data) - cut)])
    assert seen.outcome in ("ready", "kept", "refused")
    assert (seen.outcome == "ready") == bool(seen.shown)
    assert all(making.SECRET.encode() not in one.data for one in seen.shown if one.media != kinds.TEXT)
