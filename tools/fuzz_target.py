"""One reader under atheris: TARGET CORPUS [libFuzzer's own words]. For `dev.py soak fuzz`.

The corpus starts from seeds that are made here, none of them anybody's data.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
_HOME = tempfile.TemporaryDirectory(prefix="fuzz-home-")
os.environ |= {
    "FAIRNOTICE_DATA": _HOME.name,
    "XDG_CONFIG_HOME": _HOME.name,
    "DJANGO_SETTINGS_MODULE": "fairnotice.site.settings",
}

import atheris  # type: ignore[import-untyped]  # noqa: E402 - after the environment, which Django reads
import django  # noqa: E402

from bench.intake import made  # noqa: E402

SEEDS = 200
Target = Callable[[bytes], object]


def mail() -> tuple[Target, Iterable[bytes]]:
    """A letter of anybody's."""
    from bench import torture
    from fairnotice.intake.mail.reader import read_letter
    from fairnotice.intake.reading_types import Envelope

    return (lambda data: read_letter(data, Envelope())), torture.letters(0, SEEDS)


def xarf() -> tuple[Target, Iterable[bytes]]:
    """A report, or a notice as a file."""
    from fairnotice.cases.drafts import check_notice
    from fairnotice.intake.readers import Unreadable, read_notice

    def read(data: bytes) -> None:
        try:
            draft, _door, machine = read_notice(data)
        except Unreadable:
            return
        check_notice(draft, machine=machine)

    def target(data: bytes) -> None:
        read(data)
        read(edited(data))

    return target, (form(number) for number in range(20) for form in (made.in_xarf, made.in_json))


def edited(data: bytes) -> bytes:
    """A sound report, or notice, of which some fields hold what the bytes say: few random texts are JSON."""
    chance = atheris.FuzzedDataProvider(data)
    found = json.loads(
        (made.in_xarf if chance.ConsumeBool() else made.in_json)(chance.ConsumeIntInRange(0, 9))
    )
    for _ in range(chance.ConsumeIntInRange(1, 4)):
        key = chance.PickValueInList([*found, "evidence", "xarf_version", "x-fairnotice", "items"])
        text = chance.ConsumeUnicode(chance.ConsumeIntInRange(0, 200))
        number = chance.ConsumeInt(8)
        found[key] = chance.PickValueInList(
            [None, True, number, text, [text], [{"location": text}], {text: number}, [[number]] * 3]
        )
    return json.dumps(found).encode("utf-8", "surrogatepass")


def url() -> tuple[Target, Iterable[bytes]]:
    """A location as somebody types it."""
    from fairnotice.answerable.resources import NotALocation, parse
    from fairnotice.cases.drafts import ItemDraft, NoticeDraft, as_url, check_notice, normalised

    def target(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        as_url(text)
        normalised(text)
        check_notice(NoticeDraft(items=[ItemDraft(text, text)], problem="defamation", why=text))
        try:
            parse(text)
        except NotALocation:
            return

    return target, locations()


def csv() -> tuple[Target, Iterable[bytes]]:
    """A table of notices."""
    from fairnotice.cases.tables.table import NoTable, read

    def target(data: bytes) -> None:
        try:
            read(data)
        except NoTable:
            return

    head = b"location,problem,why,good_faith\n"
    rows = (
        head + b'"%s",defamation,"it says ""x""",yes\r\n' % made.place(number).encode() for number in range(9)
    )
    return target, [*rows, made.in_json(1).replace(b"\n", b" ") + b"\n" + made.in_json(2)]


def locations() -> Iterator[bytes]:
    """Addresses, names and numbers, as people and programs write them."""
    for number in range(20):
        yield made.place(number).encode()
    for text in (
        "https://user:secret@xn--nxasmq6b.example:8443/a/../b?c=d#e",
        "http://[2001:db8::1%25eth0]/",
        "HTTP:/\\\\EXAMPLE.org",
        "2001:db8::/32",
        "192.0.2.1-192.0.2.9",
        "AS64496",
        "b\u00fccher.example",
        "data:text/plain,x",
        "post number 7 in the thread about cats",
    ):
        yield text.encode()


TARGETS = {"mail": mail, "xarf": xarf, "url": url, "csv": csv}


def main(name: str, corpus: str, *words: str) -> None:
    """Write the seeds, then let it run until its time is over; the process ends with its status."""
    # What Django imports first would stay without the marks that steer.
    with atheris.instrument_imports(include=["email", "fairnotice"]):
        django.setup()
        target, seeds = TARGETS[name]()
    for number, seed in enumerate(islice(seeds, SEEDS)):
        (Path(corpus) / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], corpus, *words], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
