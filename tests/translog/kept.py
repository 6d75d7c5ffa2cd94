"""Files of evidence that several tests read: one log, one of another year, and the way to check them."""

import json

from fairnotice.translog.evidence import verify_evidence
from fairnotice.translog.notes import Signer
from tests.translog.build import (
    PROMISE_KEY,
    VKEY,
    Log,
    evidence,
    log_keys,
    make_leaf,
    record,
)

LEAF = make_leaf(clear_type="order")
LOG = Log([b"one", LEAF, b"three", make_leaf()])
PROOF = LOG.proof(1)
PROMISE_VKEY = PROMISE_KEY.verifier.vkey
NEW_PROMISE_KEY = Signer(PROMISE_KEY.name, bytes(range(5, 37)))
OTHER_LOG_KEY = Signer("log.example.org/next", bytes(range(7, 39)))
OTHER_NAME = "ff" * 16
OTHER_LEAF = make_leaf(OTHER_NAME)
OTHER_LOG = Log([b"one", OTHER_LEAF], origin=OTHER_LOG_KEY.name)
TWO_YEARS = evidence(
    record(LEAF, proof=PROOF, promised=None),
    record(
        OTHER_LEAF,
        proof=OTHER_LOG.proof(1, OTHER_LOG_KEY),
        promised=None,
        name=OTHER_NAME,
        origin=OTHER_LOG_KEY.name,
    ),
    logs=[
        log_keys(),
        log_keys(origin=OTHER_LOG_KEY.name, vkey=OTHER_LOG_KEY.verifier.vkey, promise_vkey=None),
    ],
)


def check(document, *vkeys, **options):
    """With the log's key unless others are given; `check(document, None)`: with none."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    return verify_evidence(data, [key for key in vkeys or (VKEY,) if key], **options)
