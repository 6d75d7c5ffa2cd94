"""What can go wrong in the vault. No message ever quotes a plaintext, a key or a code."""

from __future__ import annotations


class VaultError(Exception):
    """Base of all errors of the vault."""


class MasterKeyError(VaultError):
    """The master key cannot be used; the message says why and how to mend it."""


class WrongMasterKey(MasterKeyError):
    """The master key is a well-formed key, but not the one that this keys database was made with."""


class Erased(VaultError):
    """The key was destroyed: what was sealed under it is gone, by intent."""


class UnknownKey(VaultError):
    """There is no key with this id in the keys database (a restored copy that is too old, or a wrong id)."""


class NeverErased(VaultError):
    """A key of kind "record" was to be destroyed. Records stay."""


class SealBroken(VaultError):
    """A sealed value does not open in this place: it was changed, or moved from another row or field."""
