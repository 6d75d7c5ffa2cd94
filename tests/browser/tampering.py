"""Files of evidence that were changed in every way we could think of, and some that only look changed."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fairnotice.translog import openings
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import Signer
from fairnotice.translog.promise import promise_key_name
from tests.translog import build

Document = dict[str, Any]
SECOND = "log.example.org/log/2027"
SECOND_KEY = Signer(SECOND, bytes(range(3, 35)))
SECOND_PROMISES = Signer(promise_key_name(SECOND), bytes(range(4, 36)))
GIVEN = (build.VKEY, SECOND_KEY.verifier.vkey)
GIVEN_PROMISES = (build.PROMISE_KEY.verifier.vkey, SECOND_PROMISES.verifier.vkey)
OTHER_VKEY = build.OTHER_KEY.verifier.vkey
SECOND_RECORD = "ff" * 16


@dataclass(frozen=True)
class Case:
    """A file, and the keys of whoever checks it."""

    name: str
    doc: bytes
    vkeys: tuple[str, ...] = GIVEN
    promise_vkeys: tuple[str, ...] = GIVEN_PROMISES
    now: int = build.NOW + 60


def written(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def receipt() -> Document:
    """Promise and proof, third of seven."""
    leaf = build.make_leaf()
    log = build.numbered(7)
    log.entries[2] = leaf
    return build.evidence(build.record(leaf, proof=log.proof(2, extra=leaf), promised=build.promise(leaf)))


def pending() -> Document:
    """A promise only."""
    leaf = build.make_leaf(clear_type="change.of-grounds")
    return build.evidence(build.record(leaf, proof=None, promised=build.promise(leaf)))


def two_logs() -> Document:
    """A record in each of two years' logs; the second is only promised."""
    first = receipt()
    leaf = build.make_leaf(SECOND_RECORD)
    word = build.promise(leaf, SECOND_PROMISES, origin=SECOND)
    record = build.record(leaf, proof=None, promised=word, name=SECOND_RECORD, origin=SECOND)
    keys = build.log_keys(
        origin=SECOND, vkey=SECOND_KEY.verifier.vkey, promise_vkey=SECOND_PROMISES.verifier.vkey
    )
    logs, records = [*first["logs"], keys], [*first["records"], record]
    return {**first, "kind": "statement", "logs": logs, "records": records}


def cases() -> list[Case]:
    """Those of the file as such; the same every time but for the filling of the entries."""
    found = [*_sound(), *_of_text(), *_of_parts(), *_of_meaning()]
    return found + list(_flipped(random.Random(7), 60))


def _sound() -> Iterator[Case]:
    for make in (receipt, pending, two_logs):
        doc = written(make())
        yield Case(f"{make.__name__} as it is", doc)
        yield Case(f"{make.__name__}, its own keys", doc, (), ())
        yield Case(f"{make.__name__}, late", doc, now=build.NOW + 3601)
        yield Case(f"{make.__name__}, in the last second", doc, now=build.NOW + 3600)


def _of_text() -> Iterator[Case]:
    text = written(receipt()).decode()

    def swap(name: str, old: str, new: str) -> Case:
        assert old in text, old
        return Case(name, text.replace(old, new, 1).encode())

    yield Case("byte order mark", b"\xef\xbb\xbf" + text.encode())
    yield Case("utf-16", text.encode("utf-16"))
    yield Case("not utf-8", text.encode().replace("ü".encode(), b"\xfc"))
    yield Case("overlong", text.encode().replace(b"decision", b"\xc1\xa4ecision"))
    yield Case("surrogate in utf-8", text.encode().replace(b"decision", b"\xed\xa0\x80"))
    yield Case("spaces around", b" \t\r\n" + text.encode() + b"\n\n")
    yield Case("form feed around", b"\x0c" + text.encode())
    yield Case("more after it", text.encode() + b"{}")
    yield Case("cut off", text.encode()[:-2])
    yield Case("empty", b"")
    yield Case("a list", b"[]")
    yield Case("null", b"null")
    yield Case("deep", b"[" * 100_000)
    yield swap("kind twice", '"kind": "receipt"', '"kind": "statement",\n "kind": "receipt"')
    yield swap("path twice", '"path": "kind"', '"path": "other", "path": "kind"')
    yield swap("twice behind an escape", '"kind": "receipt"', '"kind": "receipt", "k\\u0069nd": "receipt"')
    yield swap("twice within a value", '"days": 30', '"days": 31, "days": 30')
    yield swap("escape of a letter", '"receipt"', '"\\u0072eceipt"')
    yield swap("escape of a slash", "log.example.org/log", "log.example.org\\/log")
    yield swap("unknown escape", '"receipt"', '"\\x72eceipt"')
    yield swap("comma at the end", '"kind": "receipt",', '"kind": "receipt",,')
    yield swap("other quotation marks", '"receipt"', "'receipt'")
    yield swap("comment", '"kind"', '/* */ "kind"')
    yield swap("control character", "decision", "deci\x01sion")
    for number in ("30.0", "3e1", "3.0E+01", "030", "+30", "30.", "NaN", "Infinity", "1e999", "-0", "0x1e"):
        yield swap(f"30 as {number}", '"days": 30', f'"days": {number}')
    yield swap("thirty digits", '"days": 30', f'"days": 3{"0" * 30}')
    yield swap("five thousand digits", '"days": 30', f'"days": 3{"0" * 5000}')
    yield swap("half a character", '"decision"', '"\\ud800"')
    yield swap("half a character in a key name", "log.example.org/log+", "log.example.org/log\\udc00+")


def _places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield (*path, key)
        yield from _places(data[key], (*path, key))


def changed(document: Document, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Document:
    copied = copy.deepcopy(document)
    inner: Any = copied
    for key in path[:-1]:
        inner = inner[key]
    change(inner, path[-1])
    return copied


def put(value: Any) -> Callable[[Any, Any], None]:
    return lambda inner, key: inner.__setitem__(key, value)


def _of_parts() -> Iterator[Case]:
    """Each part left out, emptied, of another type, and with a name more."""
    document = two_logs()
    for path in _places(document):
        name = ".".join(map(str, path))
        changes: list[tuple[str, Callable[[Any, Any], None]]] = [
            ("left out", lambda inner, key: inner.pop(key)),
            ("null", put(None)),
            ("a number", put(7)),
            ("empty", put("")),
        ]
        if "openings" in path and path[-1] != 0:
            changes = changes[:2]
        for what, change in changes:
            yield Case(f"{name} {what}", written(changed(document, path, change)))
    for path in ((), ("logs", 0), ("records", 0), ("records", 0, "openings", 0)):
        more = changed(document, (*path, "extra"), put(1))
        yield Case(f"{'.'.join(map(str, path))} has a name more", written(more))


def _of_meaning() -> Iterator[Case]:
    document = two_logs()
    first, second = document["records"]

    def one(name: str, *path: Any, value: Any) -> Case:
        return Case(name, written(changed(document, path, put(value))))

    yield one("another salt", "records", 0, "salt", value=encode_base64(bytes(32)))
    yield one("a short salt", "records", 0, "salt", value=encode_base64(bytes(31)))
    yield one("another secret", "records", 0, "openings", 0, "r", value=encode_base64(bytes([9]) * 32))
    yield one("another value", "records", 0, "openings", 0, "value", value="decisions")
    yield one("another path", "records", 0, "openings", 0, "path", value="kinds")
    yield one("a path in capitals", "records", 0, "openings", 0, "path", value="Kind")
    yield one("the path of another", "records", 0, "openings", 0, "path", value="measure")
    yield one("another record", "records", 0, "record", value="ab" * 16)
    yield one("a record in capitals", "records", 0, "record", value=build.RECORD.upper())
    yield one("leaf of the other", "records", 0, "leaf", value=second["leaf"])
    yield one("promise of the other", "records", 0, "promise", value=second["promise"])
    yield one("proof of the other", "records", 1, "proof", value=first["proof"])
    yield one("the other log", "records", 0, "origin", value=SECOND)
    yield one("no promise key", "logs", 0, "promise_vkey", value=None)
    yield one("vkey as promise key", "logs", 0, "promise_vkey", value=build.VKEY)
    yield one("the same log twice", "logs", 1, value=document["logs"][0])
    yield one("a log too many", "logs", value=[*document["logs"], build.log_keys(origin="x")])
    yield one("the same record twice", "records", value=[first, first])
    yield one("a record of the same name", "records", 1, "record", value=build.RECORD)
    yield one("no openings", "records", 0, "openings", value=[])
    yield one("an opening twice", "records", 0, "openings", value=first["openings"][:1] * 2)
    yield one("openings reversed", "records", 0, "openings", value=first["openings"][::-1])
    yield one("an unused log", "records", value=[first])
    leaf = json.loads(build.make_leaf())
    for what, body in {
        "version": leaf | {"v": 1},
        "version as a fraction": leaf | {"v": 2.5},
        "an element less": leaf | {"c": leaf["c"][1:]},
        "order": leaf | {"c": leaf["c"][::-1]},
        "a type": leaf | {"t": "tally"},
        "an odd type": leaf | {"t": "Tally"},
        "type null": leaf | {"t": None},
        "name more": leaf | {"x": 1},
        "no mark": {"c": leaf["c"], "v": 2},
        "two elements for one tag": leaf | {"c": _same_tag(leaf["c"])},
    }.items():
        data = openings.canonical_json(body)
        log = build.numbered(3)
        log.entries[1] = data
        record = build.record(data, proof=log.proof(1), promised=None)
        yield Case(f"leaf: {what}", written(build.evidence(record)))
    spaced = json.dumps(leaf).encode()
    yield Case(
        "leaf with spaces",
        written(build.evidence(build.record(spaced, proof=None, promised=build.promise(spaced)))),
    )


def _same_tag(elements: list[str]) -> list[str]:
    """The tag of the first element in the second as well."""
    return sorted([elements[0], elements[0][:22] + elements[1][22:], *elements[2:]])


def _flipped(chance: random.Random, count: int) -> Iterator[Case]:
    """One bit changed somewhere."""
    for number in range(count):
        doc = bytearray(written(two_logs()))
        doc[chance.randrange(len(doc))] ^= 1 << chance.randrange(8)
        yield Case(f"bit {number}", bytes(doc))
