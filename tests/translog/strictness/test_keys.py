"""Public keys in text form: one spelling, whole, of a known type, and fit to say who signed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog.cosignature import CosignatureVerifier, MldsaVerifier
from fairnotice.translog.ed25519 import _D, _P, _SMALL_ORDER_Y, is_sound_public_key, verify_ed25519
from fairnotice.translog.errors import NoteError
from fairnotice.translog.keytext import format_vkey, key_id
from fairnotice.translog.notes import Signer, Verifier
from fairnotice.translog.vkeys import parse_vkey
from tests.translog.cast import PQ_LOG, WITNESSES

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNER = Signer("log.example.org", b"\x07" * 32)
VKEYS = [VKEY, WITNESSES[0].verifier.vkey, PQ_LOG.verifier.vkey]


@pytest.mark.parametrize(
    "vkey",
    [
        pytest.param("", id="nothing"),
        pytest.param("name", id="a name alone"),
        pytest.param("name+530d903a", id="no key"),
        pytest.param("name+530d903a+", id="an empty key"),
        pytest.param("name+530d903a+AQ==", id="a type without a key"),
        pytest.param(VKEY.replace("530d903a", "530d903b"), id="another hash"),
        pytest.param(VKEY.replace("530d903a", "530D903A"), id="upper case"),
        pytest.param(VKEY.replace("530d903a", "53 0d 90 3a"), id="spaces that bytes.fromhex accepts"),
        pytest.param(VKEY.replace("530d903a", "530d903a "), id="space after the hash"),
        pytest.param(VKEY.replace("530d903a", "٥30d903a"), id="a digit of another script"),
        pytest.param(VKEY.replace("530d903a", "0530d903a"), id="nine digits"),
        pytest.param(VKEY.replace("530d903a", "30d903a"), id="seven digits"),
        pytest.param(VKEY.replace("+Aek", "+Bek"), id="another key"),
        pytest.param(VKEY.replace("foo", "fou"), id="another name"),
        pytest.param(VKEY + " ", id="space at the end"),
        pytest.param(VKEY + "\n", id="line feed at the end"),
        pytest.param(" " + VKEY, id="space at the beginning"),
        pytest.param("\ufeff" + VKEY, id="byte order mark"),
        pytest.param(VKEY + "=", id="padding that does not belong there"),
        pytest.param(VKEY[:-1], id="cut"),
        pytest.param(VKEY.replace("k", "K", 1), id="one letter in the other case"),
        pytest.param("+" + VKEY.split("+", 1)[1], id="no name"),
        pytest.param("two words+" + VKEY.split("+", 1)[1], id="space in the name"),
        pytest.param("no\u00a0break+" + VKEY.split("+", 1)[1], id="no-break space in the name"),
        pytest.param("\ud800+" + VKEY.split("+", 1)[1], id="lone surrogate"),
        pytest.param("a" * 5000, id="far too long"),
    ],
)
def test_malformed_keys_are_refused(vkey):
    for read in (Verifier.from_vkey, CosignatureVerifier.from_vkey, MldsaVerifier.from_vkey, parse_vkey):
        with pytest.raises(NoteError):
            read(vkey)


def test_unused_bits_of_the_base64_are_zero():
    """1,313 bytes are no multiple of three: the last letter has two bits that say nothing."""
    vkey = format_vkey("log.example.org", 6, bytes(1312))
    assert vkey.endswith("A=")
    twin = vkey[:-2] + "B="
    assert base64.b64decode(twin.split("+")[-1]) == base64.b64decode(vkey.split("+")[-1])
    with pytest.raises(NoteError, match="canonical"):
        parse_vkey(twin)


def test_a_key_whose_base64_holds_a_plus():
    for seed in range(200):
        vkey = Signer("log.example.org", bytes([seed]) * 32).verifier.vkey
        if vkey.count("+") > 2:
            assert Verifier.from_vkey(vkey).vkey == parse_vkey(vkey).vkey == vkey
            return
    pytest.fail("no key with a plus sign was found")


@pytest.mark.parametrize("size", [0, 1, 31, 33, 64, 1311, 1313])
@pytest.mark.parametrize("kind", [1, 4, 6])
def test_keys_of_another_length_are_refused(kind, size):
    with pytest.raises(NoteError):
        parse_vkey(format_vkey("log.example.org", kind, bytes([5]) * size))


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 7, 0xFA, 0xFF])
def test_types_that_are_not_known_here_are_named(kind):
    with pytest.raises(NoteError, match=f"type {kind} "):
        parse_vkey(format_vkey("log.example.org", kind, SIGNER.verifier.public_key))


@pytest.mark.parametrize(
    ("reader", "kinds"), [(Verifier, (4, 6)), (CosignatureVerifier, (1, 6)), (MldsaVerifier, (1, 4))]
)
def test_a_key_of_one_type_is_never_taken_for_another(reader, kinds):
    for kind in kinds:
        with pytest.raises(NoteError, match="type"):
            reader.from_vkey(format_vkey("log.example.org", kind, SIGNER.verifier.public_key))


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


def test_under_a_small_order_key_one_signature_would_verify_for_every_message():
    """What the check is for: OpenSSL loads the identity point, and this signature holds for anything."""
    identity = (1).to_bytes(32, "little")
    Ed25519PublicKey.from_public_bytes(identity)
    forged = identity + bytes(32)
    assert verify_ed25519(identity, forged, b"yes\n") and verify_ed25519(identity, forged, b"no\n")
    for kind in (1, 4):
        with pytest.raises(NoteError, match="sound"):
            parse_vkey(format_vkey("log.example.org", kind, identity))


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(_P, id="0 written as p"),
        pytest.param(_P + 1, id="1 written as p + 1"),
        pytest.param(_P + 3, id="3 written as p + 3"),
        pytest.param(2**255 - 1, id="the largest"),
        pytest.param(_P | 1 << 255, id="0 written as p, with the sign bit"),
        pytest.param(1 | 1 << 255, id="x is 0 and negative"),
        pytest.param(2, id="no point of the curve"),
    ],
)
def test_other_spellings_of_a_point_and_no_points_are_no_keys(number):
    assert not is_sound_public_key(number.to_bytes(32, "little"))
    for kind in (1, 4):
        with pytest.raises(NoteError, match="sound"):
            parse_vkey(format_vkey("log.example.org", kind, number.to_bytes(32, "little")))


def test_a_sound_key_has_32_bytes():
    assert is_sound_public_key(SIGNER.verifier.public_key)
    for wrong in (SIGNER.verifier.public_key[:-1], SIGNER.verifier.public_key + b"\0", b""):
        assert not is_sound_public_key(wrong)


def test_the_short_hash_covers_the_type():
    key = SIGNER.verifier.public_key
    assert len({key_id("a", key, kind) for kind in (1, 4, 6)}) == 3
    other = format_vkey("log.example.org", 4, key).split("+")[1]
    name, _, encoded = SIGNER.verifier.vkey.split("+", 2)
    with pytest.raises(NoteError, match="short hash"):
        parse_vkey(f"{name}+{other}+{encoded}")


@given(
    st.text(max_size=80)
    | st.from_regex(r"[a-z.]{1,9}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}", fullmatch=True)
    | st.builds(
        lambda vkey, at, char: vkey[: at % len(vkey)] + char + vkey[at % len(vkey) + 1 :],
        st.sampled_from(VKEYS),
        st.integers(0, 5000),
        st.characters(codec="utf-8") | st.sampled_from("+=/AQgw0"),
    )
    | st.builds(
        format_vkey,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        st.sampled_from([1, 4]),
        st.binary(min_size=32, max_size=32),
    )
)
def test_any_text_is_a_key_or_refused(text):
    try:
        verifier = parse_vkey(text)
    except NoteError:
        return
    assert verifier.vkey == text
