"""Files of evidence whose notes, values and keys were changed, signed anew where that makes it harder to see."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from fairnotice.translog import merkle, openings
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.notes import Signer
from fairnotice.translog.promise import promise_key_name
from fairnotice.translog.proof import format_proof
from tests.browser.tampering import (
    GIVEN,
    GIVEN_PROMISES,
    OTHER_VKEY,
    SECOND,
    SECOND_KEY,
    SECOND_PROMISES,
    Case,
    changed,
    pending,
    put,
    receipt,
    written,
)
from tests.translog import build

_SPACES = "\t\n\x0b\x0c\r\x1c \x85\xa0\u1680\u2003\u2028\u202f\u205f\u3000\ufeff\u200b"


def cases() -> list[Case]:
    """All of them."""
    return [*_of_notes(), *_of_values(), *_of_keys()]


def _of_notes() -> Iterator[Case]:
    """What is signed, or said to be."""
    document = receipt()
    proof, word = document["records"][0]["proof"], document["records"][0]["promise"]
    leaf = base64.b64decode(document["records"][0]["leaf"])
    log = build.numbered(7)
    log.entries[2] = leaf
    path = merkle.inclusion_proof(2, 7, merkle.list_reader(log.hashes))

    def proved(name: str, text: str, **keys: Any) -> Case:
        return Case(name, written(changed(document, ("records", 0, "proof"), put(text))), **keys)

    def with_body(body: str, signer: Signer = build.LOG_KEY, index: int = 2) -> str:
        note = body + "\n" + signer.sign(body)
        return format_proof(index, path, note)

    root = encode_base64(merkle.root(log.hashes))
    lines = proof.split("\n")
    yield proved("index", proof.replace("index 2", "index 3"))
    yield proved("index with a zero", proof.replace("index 2", "index 02"))
    yield proved("index beyond", proof.replace("index 2", "index 7"))
    yield proved("index huge", proof.replace("index 2", f"index {2**63}"))
    yield proved("index in other digits", proof.replace("index 2", "index \u0662"))
    yield proved("size", proof.replace(f"{build.ORIGIN}\n7\n", f"{build.ORIGIN}\n8\n"))
    yield proved("a hash changed", proof.replace(lines[3], encode_base64(bytes(32))))
    yield proved("a hash less", "\n".join(lines[:3] + lines[4:]))
    yield proved("a hash more", "\n".join([*lines[:3], lines[3], *lines[3:]]))
    yield proved("no extra", "\n".join([lines[0], *lines[2:]]))
    yield proved("another extra", proof.replace(lines[1], "extra " + encode_base64(b"x")))
    yield proved("extra twice", proof.replace(lines[1], lines[1] + "\n" + lines[1]))
    yield proved("header", proof.replace("@v1", "@v2"))
    yield proved("carriage returns", proof.replace("\n", "\r\n"))
    yield proved("no end of line", proof[:-1])
    yield proved("an end of line more", proof + "\n")
    yield proved("text before", "\n" + proof)
    yield proved("signed by another", log.proof(2, signer=build.OTHER_KEY))
    yield proved("signed by another, and given", log.proof(2, signer=build.OTHER_KEY), vkeys=(OTHER_VKEY,))
    yield proved("both given", log.proof(2, signer=build.OTHER_KEY), vkeys=(*GIVEN, OTHER_VKEY))
    yield proved("size with a zero, signed", with_body(f"{build.ORIGIN}\n07\n{root}\n"))
    yield proved("size signed as +7", with_body(f"{build.ORIGIN}\n+7\n{root}\n"))
    yield proved("another size, signed", with_body(f"{build.ORIGIN}\n6\n{root}\n"))
    yield proved("extension line", with_body(f"{build.ORIGIN}\n7\n{root}\nmore\n"))
    yield proved("empty extension line", with_body(f"{build.ORIGIN}\n7\n{root}\n\n"))
    yield proved("another origin, signed", with_body(f"{SECOND}\n7\n{root}\n"))
    yield proved("root without padding", with_body(f"{build.ORIGIN}\n7\n{root.rstrip('=')}\n"))
    yield proved("two lines", with_body(f"{build.ORIGIN}\n7\n"))
    dash = "\u2014"
    key = build.LOG_KEY.verifier.key_id
    bad = f"{dash} {build.ORIGIN} {encode_base64(key + bytes(64))}\n"
    yield proved("an unknown signature", proof + f"{dash} other.example.net {encode_base64(bytes(68))}\n")
    yield proved("a wrong one by the same key", proof + bad)
    yield proved("a wrong one first", proof.replace(f"\n{dash}", f"\n{bad}{dash}"))
    yield proved("a short signature", proof + f"{dash} other.example.net {encode_base64(bytes(4))}\n")
    yield proved(
        "a signature cut by a byte", proof + f"{dash} {build.ORIGIN} {encode_base64(key + bytes(63))}\n"
    )
    yield proved(
        "the other spelling of the signature",
        proof[: proof.rindex(dash)] + _malleable(proof[proof.rindex(dash) :]),
    )
    yield proved("the signature twice", proof + proof[proof.rindex(dash) :])
    yield proved("a hundred and one", proof + f"{dash} a {encode_base64(bytes(9))}\n" * 100)
    yield proved("a hundred", proof + f"{dash} a {encode_base64(bytes(9))}\n" * 99)
    yield proved("a hyphen", proof.replace(dash, "-"))
    yield proved("two spaces", proof.replace(f"{dash} ", f"{dash}  "))
    yield proved("a plus in a name", proof + f"{dash} a+b {encode_base64(bytes(9))}\n")
    for space in _SPACES:
        line = f"{dash} a{space}b {encode_base64(bytes(9))}\n"
        yield proved(f"U+{ord(space):04X} in a name", proof + line)
    yield proved("a control character in a name", proof + f"{dash} a\x01b {encode_base64(bytes(9))}\n")

    def promised(name: str, text: str, **more: Any) -> Case:
        return Case(name, written(changed(document, ("records", 0, "promise"), put(text))), **more)

    said = word.split("\n\n")[0] + "\n"
    yield promised("promise by another", said + "\n" + SECOND_PROMISES.sign(said))
    yield promised("promise by the log's key", said + "\n" + build.LOG_KEY.sign(said))
    yield promised(
        "promise by another key of that name",
        build.promise(leaf, Signer(promise_key_name(build.ORIGIN), b"7" * 32)),
    )
    yield promised("promise of another leaf", build.promise(b"x"))
    yield promised("promise of another log", build.promise(leaf, SECOND_PROMISES, origin=SECOND))
    yield promised("promise changed", word.replace("\n3600\n", "\n9600\n"))
    body = word.split("\n\n")[0].split("\n")
    for what, at, text in (
        ("header", 0, "fair-notice promise v2"),
        ("time", 3, "0x10"),
        ("time too late", 3, "253402300799"),
        ("delay of nothing", 4, "0"),
        ("size", 5, "-1"),
        ("a line more", 5, "2\n3"),
    ):
        text_of_it = "\n".join([*body[:at], text, *body[at + 1 :]]) + "\n"
        yield promised(f"promise signed with {what}", text_of_it + "\n" + build.PROMISE_KEY.sign(text_of_it))


def _malleable(line: str) -> str:
    """The same signature with the group's order added to its second half (RFC 8032 section 5.1.7 refuses it)."""
    dash, name, encoded = line.rstrip("\n").split(" ")
    blob = base64.b64decode(encoded)
    order = 2**252 + 27742317777372353535851937790883648493
    half = (int.from_bytes(blob[36:], "little") + order).to_bytes(32, "little")
    return f"{dash} {name} {encode_base64(blob[:36] + half)}\n"


def _of_values() -> Iterator[Case]:
    """Values that two readers of JSON could read in two ways; each is truly committed to."""
    values: list[Any] = [
        None, True, False, 0, -0.0, 1.5, 1e-7, 5e-324, 1 / 3, 2**53 - 1, -(2**53 - 1), 123456789012.25, 1e15, 0.1 + 0.2,
        "", " ", "\u2028\u2029\x7f", "\x00\x1f\b\f\n\r\t\"\\/", "😀 e\u0301 é", "\ufeff", [], {}, [[[]]], [1, "1", True],
        {"": 0, "__proto__": {"constructor": 1}, "toString": "x"},
        {"😀": 1, "\ufb33": 2, "\u20ac": 3, "\r": 4, "1": 5, "a": {"z": 1, "b": 2}, "10": 6, "9": 7},
    ]  # fmt: skip
    for depth in (31, 32):
        nested: Any = "x"
        for _ in range(depth):
            nested = [nested]
        values.append(nested)
    for number, value in enumerate(values):
        opening = openings.Opening("value", value, bytes([5]) * 32)
        commitments = {"value": opening.commitment(build.RECORD)}
        leaf = openings.build_leaf(build.SALT, build.RECORD, commitments)
        record = build.record(leaf, proof=None, promised=build.promise(leaf))
        record["openings"] = [opening.to_json()]
        yield Case(f"value {number}", written(build.evidence(record)))
        yield Case(f"value {number} in ASCII", json.dumps(build.evidence(record)).encode())
        if number > 30:
            record["openings"][0]["value"] = [value]
            yield Case(f"value {number} deeper", written(build.evidence(record)))


def _vkey(key: bytes, name: str = build.ORIGIN, kind: int = 1) -> str:
    """A vkey whose short hash fits, whatever the key is."""
    blob = bytes([kind]) + key
    short = hashlib.sha256(name.encode() + b"\n" + blob).hexdigest()[:8]
    return f"{name}+{short}+{encode_base64(blob)}"


def _of_keys() -> Iterator[Case]:
    document = pending()
    good = build.VKEY
    name, short, blob = good.split("+", 2)
    small = [bytes([1]) + bytes(31), bytes(32), (2**255 - 20).to_bytes(32, "little"), (2**255 - 19).to_bytes(32, "little"),
             bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
             bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
             bytes([2]) + bytes(31), bytes([3]) + bytes(31), bytes([255]) * 32]  # fmt: skip
    keys = {
        "short hash in capitals": f"{name}+{short.upper()}+{blob}",
        "another short hash": f"{name}+00000000+{blob}",
        "no padding": good.rstrip("="),
        "a space": good + " ",
        "an end of line": good + "\n",
        "two parts": f"{name}+{blob}",
        "type 4": _vkey(build.LOG_KEY.verifier.public_key, kind=4),
        "31 bytes": _vkey(bytes([7]) * 31),
        "another name": _vkey(build.LOG_KEY.verifier.public_key, name="log.example.org/other"),
        "another sound key": _vkey(build.OTHER_KEY.verifier.public_key),
        "too long": _vkey(build.LOG_KEY.verifier.public_key) + "A" * 1000,
        **{f"unsound key {number}": _vkey(key) for number, key in enumerate(small)},
    }
    for what, key in keys.items():
        doc = written(changed(document, ("logs", 0, "vkey"), put(key)))
        yield Case(f"key: {what}", doc)
        yield Case(f"key: {what}, not given", doc, (), ())
    yield Case("keys of another log only", written(document), (SECOND_KEY.verifier.vkey,), GIVEN_PROMISES)
    yield Case("promise keys of another log only", written(document), GIVEN, GIVEN_PROMISES[1:])
    yield Case("promise keys of another only, none of the log", written(document), (), GIVEN_PROMISES[1:])
    yield Case("log keys given, no promise keys", written(document), GIVEN, ())
