"""Signed notes: the specification's own vector, and every leniency that must not be there."""

import base64

import pytest

from fairnotice.translog.ed25519 import _D, _P, _SMALL_ORDER_Y, is_sound_public_key
from fairnotice.translog.errors import NoteError, SigningError
from fairnotice.translog.keytext import format_vkey
from fairnotice.translog.notes import Signer, Verifier, key_id, open_note, parse_note, sign_note

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
    "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SIGNER = Signer("log.example.org", b"\x07" * 32)


def test_the_vector_of_the_specification():
    verifier = Verifier.from_vkey(VKEY)
    assert verifier.vkey == VKEY
    assert (
        open_note(NOTE, [verifier]) == open_note(NOTE.encode(), [verifier]) == "This is an example message.\n"
    )


@pytest.mark.parametrize("at", range(len(NOTE.encode())))
def test_no_byte_of_the_vector_can_change(at):
    damaged = bytearray(NOTE.encode())
    damaged[at] ^= 1
    with pytest.raises(NoteError):
        open_note(bytes(damaged), [Verifier.from_vkey(VKEY)])


def test_signing_and_opening():
    text = "first\n\nafter an empty line: ü 中\n"
    note = sign_note(text, [SIGNER, Signer("other.example.net", b"\x08" * 32)])
    assert open_note(note, [SIGNER.verifier]) == text
    assert [item.name for item in parse_note(note).signatures] == ["log.example.org", "other.example.net"]
    assert sign_note(text, [SIGNER]) == sign_note(text, [SIGNER])


def test_the_seed_is_not_shown():
    assert "\\x07" not in repr(SIGNER)


def test_unknown_signatures_are_passed_over_and_known_wrong_ones_are_not():
    other = Signer("other.example.net", b"\x08" * 32)
    good = sign_note("text\n", [SIGNER])
    wrong = good.split("\n\n")[0] + "\n\n" + sign_note("changed\n", [other]).split("\n\n")[1]
    assert open_note(good + wrong.split("\n\n")[1], [SIGNER.verifier]) == "text\n"
    with pytest.raises(NoteError, match="wrong"):
        open_note(good + wrong.split("\n\n")[1], [SIGNER.verifier, other.verifier])
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(good, [other.verifier])
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(good, [])


def test_the_same_name_with_another_key_is_unknown():
    with pytest.raises(NoteError, match="not signed by the key"):
        open_note(sign_note("text\n", [SIGNER]), [Signer(SIGNER.name, b"\x09" * 32).verifier])


@pytest.mark.parametrize("blob", [63, 65, 1])
def test_a_signature_of_another_length_is_wrong(blob):
    line = base64.b64encode(SIGNER.verifier.key_id + b"\x01" * blob).decode()
    with pytest.raises(NoteError, match="wrong"):
        open_note(f"text\n\n— {SIGNER.name} {line}\n", [SIGNER.verifier])


GOOD = sign_note("text\n", [SIGNER])
LINE = GOOD.split("\n\n")[1]


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        (GOOD[:-1], "line feed"),
        (GOOD + "\n", "not signed"),
        (GOOD.replace("text", "te\rxt"), "control"),
        (GOOD.replace("text", "te\x00xt"), "control"),
        (GOOD.replace("text", "te\txt"), "control"),
        (GOOD.replace("— ", "- "), "dash"),
        (GOOD.replace("— ", "—"), "dash"),
        (GOOD.replace("— log", "—  log"), "key name"),
        (GOOD.replace("log.example.org", "log+example.org"), "key name"),
        (GOOD.replace("log.example.org", "log\u00a0example.org"), "key name"),
        (GOOD.replace("log.example.org", "log\u2003example.org"), "key name"),
        (GOOD.replace("=\n", "\n"), "base64"),
        (GOOD.replace("=\n", "= \n"), "base64"),
        (GOOD.replace("=\n", "=\x0b\n"), "control"),
        (GOOD.replace("=\n", "-=\n"), "base64"),
        (GOOD + "— name AAAA\n", "too short"),
        (GOOD + "— name\n", "too short"),
        ("text\n" + LINE, "empty line"),
        ("text\n\n", "not signed"),
        ("", "line feed"),
        ("text\n\n" + LINE * 101, "more than 100"),
        ("x" * 1_000_001 + "\n", "longer than"),
        ("\ud800", "UTF-8"),
    ],
)
def test_malformed_notes_are_refused(damaged, why):
    with pytest.raises(NoteError, match=why):
        open_note(damaged, [SIGNER.verifier])


def test_bytes_that_are_not_utf8_are_refused():
    with pytest.raises(NoteError, match="UTF-8"):
        open_note(GOOD.encode().replace(b"text", b"te\xffxt"), [SIGNER.verifier])


def test_base64_has_one_spelling():
    """The unused last bits of the base64 must be zero: two spellings would be two notes with one meaning."""
    encoded = LINE.split(" ")[2].strip()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    twin = encoded[:-2] + alphabet[alphabet.index(encoded[-2]) ^ 1] + "="
    assert base64.b64decode(twin) == base64.b64decode(encoded)
    with pytest.raises(NoteError, match="canonical"):
        open_note(GOOD.replace(encoded, twin), [SIGNER.verifier])


def test_sixteen_large_signatures_are_accepted():
    """As the specification asks: post-quantum cosignatures of others are up to about 5 kB each."""
    large = "".join(f"— w{n}.example.org {base64.b64encode(bytes(5000)).decode()}\n" for n in range(16))
    assert open_note(GOOD + large, [SIGNER.verifier]) == "text\n"


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("530d903a", "530D903A"),
        VKEY.replace("530d903a", "٥30d903a"),
        VKEY.replace("+Aek", "+Bek"),
        VKEY + " ",
        VKEY + "\n",
        VKEY[:-1],
        "+" + VKEY.split("+", 1)[1],
        "two words+" + VKEY.split("+", 1)[1],
        "\ud800+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "a" * 5000,
    ],
)
def test_malformed_keys_are_refused(vkey):
    with pytest.raises(NoteError):
        Verifier.from_vkey(vkey)


def test_a_key_whose_base64_holds_a_plus():
    for seed in range(200):
        vkey = Signer("log.example.org", bytes([seed]) * 32).verifier.vkey
        if vkey.count("+") > 2:
            assert Verifier.from_vkey(vkey).vkey == vkey
            return
    pytest.fail("no key with a plus sign was found")


def test_other_key_types_are_refused():
    with pytest.raises(NoteError, match="Ed25519"):
        Verifier.from_vkey(format_vkey("log.example.org", 4, SIGNER.verifier.public_key))


def _add(p, q):
    (x1, y1), (x2, y2) = p, q
    k = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + k, -1, _P) % _P
    return x, (y1 * y2 + x1 * x2) * pow(1 - k, -1, _P) % _P


def _point(y):
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    assert (x * x - square) % _P == 0
    return x, y


def test_points_of_small_order_are_no_keys():
    assert len(_SMALL_ORDER_Y) == 5
    for y in _SMALL_ORDER_Y:
        point = _point(y)
        for _ in range(3):
            point = _add(point, point)
        assert point == (0, 1)  # eight times the point is the identity
        for sign in (0, 1 << 255):
            assert not is_sound_public_key((y | sign).to_bytes(32, "little"))


def test_encodings_beyond_the_field_and_off_the_curve_are_no_keys():
    assert not is_sound_public_key((_P + 3).to_bytes(32, "little"))
    assert not is_sound_public_key((2**255 - 1).to_bytes(32, "little"))
    assert not is_sound_public_key((2).to_bytes(32, "little"))
    assert not is_sound_public_key(b"\x09" * 31)
    assert is_sound_public_key(SIGNER.verifier.public_key)
    name, key = "log.example.org", (1).to_bytes(32, "little")
    blob = base64.b64encode(b"\x01" + key).decode()
    with pytest.raises(NoteError, match="sound"):
        Verifier.from_vkey(f"{name}+{key_id(name, key).hex()}+{blob}")


def test_what_cannot_be_signed():
    for text in ("no line feed", "tab\t\n", ""):
        with pytest.raises(NoteError):
            sign_note(text, [SIGNER])
    with pytest.raises(NoteError, match="needs a signature"):
        sign_note("text\n", [])
    with pytest.raises(SigningError, match="32 bytes"):
        Signer("log.example.org", b"short")
