"""The two signing keys of the log: one for checkpoints under the origin, one for promises under
`<origin>/promise`.

Two keys, so that a promise (made by the web process at once) can never be taken for a checkpoint."""

from __future__ import annotations

from django.conf import settings

from fairnotice.translog import notes
from fairnotice.translog.promise import promise_key_name
from fairnotice.vault import keys


def origin() -> str:
    """The log's origin line (tlog-checkpoint), also the name of its key."""
    return str(settings.FN_ORIGIN)


def log_signer() -> notes.Signer:
    """Signs checkpoints. Only the sequencer uses it."""
    return notes.Signer(origin(), keys.named_secret("log-signing-key"))


def promise_signer() -> notes.Signer:
    """Signs promises of inclusion."""
    return notes.Signer(promise_key_name(origin()), keys.named_secret("promise-signing-key"))


def vkey() -> str:
    """The log's public key in its text form `name+hash+base64` (signed-note)."""
    return log_signer().verifier.vkey


def promise_vkey() -> str:
    """The public key of promises in its text form."""
    return promise_signer().verifier.vkey
