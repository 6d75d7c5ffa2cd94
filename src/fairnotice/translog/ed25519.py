"""Which 32 bytes are fit to be an Ed25519 public key (RFC 8032 section 5.1.3), and checking a signature.

OpenSSL loads points of small order and coordinates beyond the field prime. Under a small-order key one
signature verifies for many messages, so such a "key" proves nothing about who signed.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
# y of the eight points whose order divides 8: identity, order 2, order 4 (two points), order 8 (four points).
_SMALL_ORDER_Y = frozenset(
    {
        1,
        _P - 1,
        0,
        int.from_bytes(
            bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
        ),
        int.from_bytes(
            bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"
        ),
    }
)


def is_sound_public_key(key: bytes) -> bool:
    """True when ``key`` is the canonical encoding of a curve point that is not of small order."""
    if len(key) != 32:
        return False
    y = int.from_bytes(key, "little") & (2**255 - 1)
    if y >= _P or y in _SMALL_ORDER_Y:
        return False
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    return pow(x_squared, (_P - 1) // 2, _P) == 1


def verify_ed25519(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """True when ``signature`` is that of ``public_key``, which must be sound, over ``message``."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True
