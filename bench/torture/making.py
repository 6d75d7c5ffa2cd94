"""What strangers' programs, and those who want to do harm, make of a letter."""

from __future__ import annotations

import random
from base64 import encodebytes
from collections.abc import Callable, Iterator

from bench.torture.sound import KINDS, head, plain, words

_CHARSETS = (
    "no-such", "utf-7", "utf-16", "idna", "punycode", "rot13", "zlib", "base64", "unicode_escape", "mbcs",
    "iso-2022-jp", "a\x00b", "'; x", "utf-8" * 50, "cp037", "undefined", "gb18030", "../../x",
)  # fmt: skip
_CODINGS = ("base64", "quoted-printable", "x-uuencode", "7bit", "binary", "no-such", "\xff", "base64; x", "")
Mutation = Callable[[random.Random, bytes], bytes]


def letters(seed: int, count: int) -> Iterator[bytes]:
    """So many letters; number n of a seed is always the same, however many are asked for."""
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        if rng.random() < 0.15:
            raw = rng.choice(BOMBS)(rng)
        else:
            raw = rng.choice(KINDS)(rng).encode("utf-8")
        for _ in range(rng.choice([0, 1, 1, 2, 3, 6])):
            raw = rng.choice(MUTATIONS)(rng, raw)
        yield raw


def _flip(rng: random.Random, raw: bytes) -> bytes:
    data = bytearray(raw)
    for _ in range(rng.choice([1, 3, 20])):
        if data:
            data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def _cut(rng: random.Random, raw: bytes) -> bytes:
    return raw[: rng.randint(0, len(raw))]


def _insert(rng: random.Random, raw: bytes) -> bytes:
    place = rng.randint(0, len(raw))
    piece = rng.choice(
        [b"\x00", b"\x00" * 500, b"\r", b"\n\n", b"\xff\xfe", rng.randbytes(50), b"--b--\n", b"=?", b">From "]
    )
    return raw[:place] + piece + raw[place:]


def _line_ends(rng: random.Random, raw: bytes) -> bytes:
    way = rng.randrange(4)
    if way == 3:
        return b"".join(line + rng.choice([b"\n", b"\r\n", b"\r", b"\n\r"]) for line in raw.split(b"\n"))
    return raw.replace(b"\n", [b"\r\n", b"\r", b"\r\r\n"][way])


def _shuffle(rng: random.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    for _ in range(rng.randint(1, 5)):
        one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _repeat(rng: random.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    place = rng.randrange(len(lines))
    return b"\n".join([*lines[:place], *lines[place : place + 4] * rng.choice([2, 5, 200]), *lines[place:]])


def _without(rng: random.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def _boundary(rng: random.Random, raw: bytes) -> bytes:
    new = rng.choice(
        [b'boundary=""', b'boundary=" "', b"boundary=" + b"x" * 3000, b"boundary*=a'b'%00", b"boundary"]
    )
    return raw.replace(b"boundary=", new, 1)


def _charset(rng: random.Random, raw: bytes) -> bytes:
    charset = rng.choice(_CHARSETS).encode("latin-1")
    return raw.replace(b"text/plain", b'text/plain; charset="' + charset + b'"', rng.randint(1, 3))


def _coding(rng: random.Random, raw: bytes) -> bytes:
    coding = rng.choice(_CODINGS).encode("latin-1")
    return raw.replace(b"Content-Type:", b"Content-Transfer-Encoding: " + coding + b"\nContent-Type:", 1)


def _header(rng: random.Random, raw: bytes) -> bytes:
    name = rng.choice(
        [
            "Subject",
            "From",
            "To",
            "References",
            "Content-Type",
            "Content-Disposition",
            "X-A",
            "Auto-Submitted",
        ]
    )
    value = rng.choice(
        [
            "x" * 100_000,
            "=?utf-8?q?" + "=41" * 3000 + "?=",
            "=?utf-8?b?" + "?==?utf-8?b?" * 1500,
            "=?punycode?q?" + "a" * 3000 + "?=",
            "".join(f"; a*{n}*=x" for n in range(3000)),
            "attachment; filename*=utf-8''%00%ff; filename=\"a\"",
            "\xff\xfe\xe4",
            ";" * 50_000,
            '"' * 9_999,
            "<" * 9_999,
            "(" * 9_999,
            "a@b, " * 9_999,
            "\n \n x\n\t",
            "",
        ]
    )
    line = f"{name}: {value}\n".encode("latin-1") * rng.choice([1, 1, 3])
    return line + raw if rng.random() < 0.7 else raw.replace(b"\n\n", b"\n" + line + b"\n", 1)


def _wrap(rng: random.Random, raw: bytes) -> bytes:
    return head(rng, "Content-Type: message/rfc822").encode() + b"\n" + raw


def _depth(rng: random.Random) -> bytes:
    depth = rng.choice([5, 19, 21, 60, 150, 250, 1500])
    kind = rng.choice(["mixed", "digest", "alternative", "report"])
    made = b"".join(
        b"Content-Type: multipart/%s; boundary=b%d\n\n--b%d\n" % (kind.encode(), n, n) for n in range(depth)
    )
    return made + plain(rng).encode()


def _letters_in_letters(rng: random.Random) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * rng.choice([3, 30, 150, 1200]) + plain(rng).encode()


def _many_parts(rng: random.Random) -> bytes:
    part = rng.choice(
        [b"--b\n\n", b"--b\nContent-Type: text/html\n\n<p>x", b"--b\nContent-Type: message/rfc822\n\nA: b\n"]
    )
    return b"Content-Type: multipart/mixed; boundary=b\n\n" + (part + b"\n") * rng.choice(
        [50, 250, 5000, 30_000]
    )


def _many_lines(rng: random.Random) -> bytes:
    line = rng.choice([b"\n", b"\r", b"a: b\n", b"x\n", b"--\n", b"> \n", b"\r\n "])
    return head(rng).encode() + rng.choice([b"", b"\n"]) + line * rng.choice([1000, 50_000, 250_000])


def _base64_bomb(rng: random.Random) -> bytes:
    data = rng.choice(
        [b"\x00" * 600_000, rng.randbytes(300_000), b"PK\x03\x04" + b"\x00" * 90_000, b"<a " * 90_000]
    )
    kind = rng.choice(
        [
            "text/plain",
            "text/html",
            "application/zip; name=a.zip",
            "application/json",
            "message/feedback-report",
        ]
    )
    return (
        head(rng, f"Content-Type: {kind}", "Content-Transfer-Encoding: base64").encode()
        + b"\n"
        + encodebytes(data)
    )


def _page_bomb(rng: random.Random) -> bytes:
    piece = rng.choice(
        [
            "<!--",
            "<a ",
            "<a href=",
            "&#",
            "<![",
            "</",
            "<br",
            "&" * 9,
            "<a href='http://x.example'>",
            "hxxp://[.]",
        ]
    )
    return (
        head(rng, "Content-Type: text/html").encode()
        + b"\n"
        + (piece * rng.choice([10, 20_000, 100_000])).encode()
    )


def _json_bomb(rng: random.Random) -> bytes:
    text = rng.choice(
        [
            "[" * 90_000,
            '{"a":' * 9_000,
            '{"xarf_version": ' + "9" * 9_000 + "}",
            '{"xarf_version": "4.2.0"',
            "NaN",
            '{"xarf_version": "4.\\ud800"}',
        ]
    )
    return head(rng, "Content-Type: application/json; name=xarf.json").encode() + b"\n" + text.encode()


def _noise(rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice([0, 1, 100, 5000, 100_000]))


def _words_bomb(rng: random.Random) -> bytes:
    piece = rng.choice(["://", "a://", "[.]", "where:", "x" * 99 + " ", ")", "http://x.example/", words(rng)])
    return head(rng).encode() + b"\n" + (piece * rng.choice([100, 20_000, 90_000])).encode()[:2_000_000]


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _insert, _line_ends, _shuffle, _repeat,
    _without, _boundary, _charset, _coding, _header, _wrap,
)  # fmt: skip
BOMBS: tuple[Callable[[random.Random], bytes], ...] = (
    _depth, _letters_in_letters, _many_parts, _many_lines,
    _base64_bomb, _page_bomb, _json_bomb, _noise, _words_bomb,
)  # fmt: skip
