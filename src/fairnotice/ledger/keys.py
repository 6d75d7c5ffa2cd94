"""The two signing keys of each log: one for checkpoints under its origin, one for promises under
`<origin>/promise`.

Two keys, so that a promise (made by the web process at once) can never be taken for a checkpoint. Keys of
their own for each log, so that what happens to one of them says nothing about another year. Without a log
named, it is the one that is written to."""

from __future__ import annotations

from fairnotice.ledger import logs
from fairnotice.ledger.models import Log
from fairnotice.translog import notes
from fairnotice.translog.promise import promise_key_name
from fairnotice.vault import keys


def log_signer(log: Log | None = None) -> notes.Signer:
    """Signs checkpoints. Only the sequencer uses it."""
    of = log or logs.current()
    return notes.Signer(of.origin, keys.named_secret(_secret("log-signing-key", of)))


def promise_signer(log: Log | None = None) -> notes.Signer:
    """Signs promises of inclusion."""
    of = log or logs.current()
    return notes.Signer(promise_key_name(of.origin), keys.named_secret(_secret("promise-signing-key", of)))


def vkey(log: Log | None = None) -> str:
    """The log's public key in its text form `name+hash+base64` (signed-note)."""
    return log_signer(log).verifier.vkey


def promise_vkey(log: Log | None = None) -> str:
    """The public key of promises in its text form."""
    return promise_signer(log).verifier.vkey


def _secret(purpose: str, log: Log) -> str:
    return f"{purpose}/{log.place}" if log.place else purpose
