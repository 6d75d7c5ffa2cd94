"""Signed notes: every byte that does not belong there, and every signature that must or must not count."""

import base64
import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fairnotice.translog.errors import NoteError
from fairnotice.translog.keytext import split_vkey
from fairnotice.translog.notes import (
    MAX_NOTE_BYTES,
    Signer,
    Verifier,
    format_note,
    open_note,
    parse_note,
    sign_note,
    verify_note,
)
from tests.translog.cast import PQ_LOG

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
VECTOR = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
    "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SIGNER = Signer("log.example.org", b"\x07" * 32)
OTHER = Signer("other.example.net", b"\x08" * 32)
GOOD = sign_note("text\n", [SIGNER])
LINE = GOOD.split("\n\n")[1]
WRONG = sign_note("changed\n", [OTHER]).split("\n\n")[1]


def test_the_vector_of_the_specification():
    verifier = Verifier.from_vkey(VKEY)
    assert verifier.vkey == VKEY
    assert open_note(VECTOR, [verifier]) == "This is an example message.\n"
    assert open_note(VECTOR.encode(), [verifier]) == "This is an example message.\n"
    assert format_note(parse_note(VECTOR)) == VECTOR


@pytest.mark.parametrize("at", range(len(VECTOR.encode())))
def test_no_byte_of_the_vector_can_change(at):
    for bit in (1, 0x20, 0x80):
        damaged = bytearray(VECTOR.encode())
        damaged[at] ^= bit
        with pytest.raises(NoteError):
            open_note(bytes(damaged), [Verifier.from_vkey(VKEY)])


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        pytest.param(GOOD[:-1], "line feed", id="no final line feed"),
        pytest.param(GOOD + "\n", "not signed", id="empty line after the signatures"),
        pytest.param(GOOD.replace("\n", "\r\n"), "control", id="carriage returns everywhere"),
        pytest.param(GOOD[:-1] + "\r\n", "control", id="carriage return before the last line feed"),
        pytest.param(GOOD.replace("text", "te\rxt"), "control", id="carriage return in the text"),
        pytest.param(GOOD.replace("text", "te\x00xt"), "control", id="NUL"),
        pytest.param(GOOD.replace("text", "te\txt"), "control", id="tab"),
        pytest.param(GOOD.replace("text", "te\x1fxt"), "control", id="unit separator"),
        pytest.param(GOOD.replace("=\n", "=\x0b\n"), "control", id="vertical tab after the base64"),
        pytest.param(GOOD.replace("— ", "- "), "dash", id="hyphen"),
        pytest.param(GOOD.replace("— ", "– "), "dash", id="en dash"),
        pytest.param(GOOD.replace("— ", "—"), "dash", id="no space after the dash"),
        pytest.param(GOOD.replace("— ", "—\u00a0"), "dash", id="no-break space after the dash"),
        pytest.param(GOOD.replace("— ", " — "), "dash", id="space before the dash"),
        pytest.param(GOOD.replace("— log", "—  log"), "key name", id="two spaces"),
        pytest.param(GOOD.replace("org ", "org  "), "base64", id="two spaces before the base64"),
        pytest.param(GOOD.replace("log.example.org", "log+example.org"), "key name", id="plus in a name"),
        pytest.param(GOOD.replace("=\n", "\n"), "base64", id="no padding"),
        pytest.param(GOOD.replace("=\n", "= \n"), "base64", id="space after the base64"),
        pytest.param(GOOD.replace("=\n", "-=\n"), "base64", id="URL alphabet"),
        pytest.param(GOOD + "— name AAAAAA==\n", "too short", id="a key id without a signature"),
        pytest.param(GOOD + "— name AAAA\n", "too short", id="three bytes"),
        pytest.param(GOOD + "— name\n", "too short", id="a name without a signature"),
        pytest.param(GOOD + "a comment\n", "dash", id="something else than a signature"),
        pytest.param("text\n" + LINE, "empty line", id="no empty line"),
        pytest.param("text\n\n", "not signed", id="no signature"),
        pytest.param("\n\n", "not signed", id="nothing but line feeds"),
        pytest.param("", "line feed", id="nothing"),
        pytest.param("\ud800\n\n" + LINE, "UTF-8", id="lone surrogate"),
    ],
)
def test_malformed_notes_are_refused(damaged, why):
    with pytest.raises(NoteError, match=why):
        open_note(damaged, [SIGNER.verifier])


@pytest.mark.parametrize(
    "space", [chr(code) for code in range(0x110000) if chr(code).isspace() and code > 31]
)
def test_no_unicode_space_stands_in_a_key_name(space):
    named = f"text\n\n— log{space}name AAAAAAA=\n"
    with pytest.raises(NoteError, match=r"key name|base64"):
        parse_note(named)
    with pytest.raises(NoteError, match="space"):
        Signer(f"log{space}name", bytes(32))


@pytest.mark.parametrize("control", [*map(chr, range(0x0A)), *map(chr, range(0x0B, 0x20))])
def test_no_ascii_control_character_but_lf(control):
    with pytest.raises(NoteError, match="control"):
        sign_note(f"a{control}b\n", [SIGNER])
    with pytest.raises(NoteError, match="control"):
        parse_note(GOOD.replace("text", f"a{control}b"))


@pytest.mark.parametrize(
    "text", ["\x7f\n", "\x80\x85\x9b\n", "\u2028\u2029\n", "\ufeff\n", "\n", "\n\n\n", "— x\n"]
)
def test_del_c1_and_other_line_ends_are_text(text):
    """They belong to the text as they stand: no line is split at them and nothing is trimmed."""
    note = sign_note(text, [SIGNER])
    assert open_note(note, [SIGNER.verifier]) == open_note(note.encode(), [SIGNER.verifier]) == text


def test_the_last_empty_line_separates():
    text = "first\n\nsecond\n\n— log.example.org AAAAAAAA\n"
    assert open_note(sign_note(text, [SIGNER]), [SIGNER.verifier]) == text
    with pytest.raises(NoteError, match="wrong"):  # the first empty line would make this a signed "first"
        open_note("first\n\nsecond\n\n" + sign_note("first\n", [SIGNER]).split("\n\n")[1], [SIGNER.verifier])


@pytest.mark.parametrize("raw", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80"])
def test_bytes_that_are_not_utf8_are_refused(raw):
    """Among them an overlong NUL and an encoded surrogate."""
    with pytest.raises(NoteError, match="UTF-8"):
        open_note(GOOD.encode().replace(b"text", b"te" + raw + b"xt"), [SIGNER.verifier])


def test_base64_has_one_spelling():
    """The unused last bits of the base64 must be zero: two spellings would be two notes with one meaning."""
    encoded = LINE.split(" ")[2].strip()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = encoded[:-2] + alphabet[alphabet.index(encoded[-2]) ^ 1] + "="
    assert base64.b64decode(twin) == base64.b64decode(encoded)
    with pytest.raises(NoteError, match="canonical"):
        open_note(GOOD.replace(encoded, twin), [SIGNER.verifier])


def test_unknown_signatures_are_passed_over_and_known_wrong_ones_are_not():
    assert open_note(GOOD + WRONG, [SIGNER.verifier]) == "text\n"
    with pytest.raises(NoteError, match="wrong"):
        open_note(GOOD + WRONG, [SIGNER.verifier, OTHER.verifier])
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(GOOD, [OTHER.verifier])
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(GOOD, [])


def test_a_second_signature_by_one_key_is_verified_too():
    """A reader that drops repeats before looking would pass the wrong one."""
    repeated = verify_note(GOOD + LINE, [SIGNER.verifier])
    assert [item.verifier for item in repeated.verified] == [SIGNER.verifier] * 2
    wrong = sign_note("changed\n", [SIGNER]).split("\n\n")[1]
    for lines in (LINE + wrong, wrong + LINE):
        with pytest.raises(NoteError, match="wrong"):
            open_note("text\n\n" + lines, [SIGNER.verifier])


def test_name_and_short_hash_must_both_be_known():
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(GOOD, [Signer(SIGNER.name, b"\x09" * 32).verifier])
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(GOOD, [Verifier("log.example.net", SIGNER.verifier.public_key)])
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(GOOD.replace("log.example.org", "LOG.example.org"), [SIGNER.verifier])


def test_two_keys_with_one_short_hash_are_not_mixed_up(monkeypatch):
    """Four bytes can be met by trying. Then nobody can say whose signature a line is."""
    twin = Verifier(SIGNER.name, OTHER.verifier.public_key)
    monkeypatch.setattr(Verifier, "key_id", property(lambda self: b"same"))
    with pytest.raises(NoteError, match="same short hash"):
        open_note(GOOD, [SIGNER.verifier, twin])
    line = LINE.replace(
        LINE.split(" ")[2], base64.b64encode(b"same" + SIGNER.key.sign(b"text\n")).decode() + "\n"
    )
    assert open_note("text\n\n" + line, [SIGNER.verifier, SIGNER.verifier]) == "text\n"


@pytest.mark.parametrize("blob", [1, 63, 65, 72])
def test_a_signature_of_another_length_is_wrong(blob):
    line = base64.b64encode(SIGNER.verifier.key_id + b"\x01" * blob).decode()
    with pytest.raises(NoteError, match="wrong"):
        open_note(f"text\n\n— {SIGNER.name} {line}\n", [SIGNER.verifier])


def test_a_signature_plus_the_group_order_is_wrong():
    """The same point with another number: accepted where S is not reduced (RFC 8032 section 5.1.7)."""
    order = 2**252 + 27742317777372353535851937790883648493
    signature = SIGNER.key.sign(b"text\n")
    larger = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    assert SIGNER.verifier.verify(b"text\n", signature)
    assert not SIGNER.verifier.verify(b"text\n", signature[:32] + larger)


def test_sixteen_large_signatures_and_one_hundred_are_accepted_and_no_more():
    """16 are asked for; post-quantum cosignatures of others are up to about 5 kB each."""
    large = "".join(f"— w{n}.example.org {base64.b64encode(bytes(5000)).decode()}\n" for n in range(16))
    assert open_note(large.join(("text\n\n", LINE)), [SIGNER.verifier]) == "text\n"
    short = "— w.example.org AAAAAAA=\n"
    assert open_note("text\n\n" + short * 99 + LINE, [SIGNER.verifier]) == "text\n"
    with pytest.raises(NoteError, match="more than 100"):
        open_note("text\n\n" + short * 100 + LINE, [SIGNER.verifier])


def test_oversized_notes_are_refused_before_parsing():
    padding = MAX_NOTE_BYTES - len(sign_note("\n", [SIGNER]).encode())
    assert len(open_note(sign_note("x" * padding + "\n", [SIGNER]), [SIGNER.verifier])) == padding + 1
    for data in (
        "x" * padding + "x\n\n" + LINE,
        b"\xff" * (MAX_NOTE_BYTES + 1),
        "ü" * (MAX_NOTE_BYTES // 2) + "\n",
    ):
        with pytest.raises(NoteError, match="longer than"):
            parse_note(data)


def test_a_blob_of_one_byte_is_a_signature_of_somebody():
    """The specification's least: four bytes of key id and one more. It is passed over, not refused."""
    assert open_note(GOOD + "— name AAAAAAA=\n", [SIGNER.verifier]) == "text\n"


def test_vkeys_of_other_types_never_verify_plain_signatures():
    """0x04 over the same Ed25519 key has another key id, and a plain 64-byte signature is none of its own."""
    name, kind, public_key = split_vkey(SIGNER.verifier.vkey)
    ids = {
        hashlib.sha256(name.encode() + b"\n" + bytes([number]) + public_key).digest()[:4]
        for number in (1, 4, 6)
    }
    assert kind == 1 and len(ids) == 3 and SIGNER.verifier.key_id in ids
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(GOOD, [PQ_LOG.verifier])


NAMES = st.text(alphabet="ab+ /.\u00a0ü", min_size=1, max_size=4)
BLOBS = st.binary(max_size=7).map(lambda raw: base64.b64encode(raw).decode()) | st.text("A=/+-B", max_size=8)
SIGNATURES = st.builds(lambda name, blob: f"— {name} {blob}\n", NAMES, BLOBS)
TEXTS = st.text(alphabet="a\n\x7f\x85\u2028\r\x00ü", max_size=6).map(lambda text: text + "\n\n")


@given(
    st.builds(lambda text, lines: (text + "".join(lines)).encode(), TEXTS, st.lists(SIGNATURES, max_size=3))
    | st.binary(max_size=80)
)
@example(VECTOR.encode())
def test_any_bytes_are_a_note_or_refused(data):
    try:
        note = parse_note(data)
    except NoteError:
        return
    assert format_note(note).encode() == data


@given(
    st.text(max_size=40) | st.text(max_size=40).map(lambda text: text + "\n"),
    st.lists(st.sampled_from([SIGNER, OTHER]), max_size=3),
)
def test_any_text_is_signed_as_it_stands_or_refused(text, signers):
    try:
        note = sign_note(text, signers)
    except NoteError:
        return
    assert open_note(note, [SIGNER.verifier, OTHER.verifier]) == text
    assert len(verify_note(note, [SIGNER.verifier, OTHER.verifier]).verified) == len(signers)
