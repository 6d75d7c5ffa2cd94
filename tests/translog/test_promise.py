import pytest

from fairnotice.translog.checkpoint import open_checkpoint
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.errors import NoteError, PromiseError, TranslogError
from fairnotice.translog.merkle import leaf_hash
from fairnotice.translog.notes import sign_note
from fairnotice.translog.promise import Promise, open_promise, parse_promise, sign_promise
from tests.translog.build import LOG_KEY, NOW, ORIGIN, PROMISE_KEY, promise

PROMISE = Promise(ORIGIN, leaf_hash(b"entry"), NOW, 3600, 7)
TEXT = PROMISE.to_text()


def test_body_and_signature():
    leaf = encode_base64(leaf_hash(b"entry"))
    assert f"fair-notice promise v1\n{ORIGIN}\n{leaf}\n{NOW}\n3600\n7\n" == TEXT
    opened = open_promise(promise(b"entry", tree_size=7), [PROMISE_KEY.verifier])
    assert opened == PROMISE
    assert opened.deadline == NOW + 3600


def test_a_promise_is_never_a_checkpoint_and_the_logs_key_never_promises():
    with pytest.raises(TranslogError):
        open_checkpoint(promise(b"entry"), [PROMISE_KEY.verifier])
    with pytest.raises(PromiseError, match="promise key"):
        sign_promise(PROMISE, LOG_KEY)
    with pytest.raises(PromiseError, match="another log"):
        open_promise(sign_note(TEXT, [LOG_KEY]), [LOG_KEY.verifier])
    with pytest.raises(NoteError):
        open_promise(promise(b"entry"), [LOG_KEY.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "x\n",
        TEXT.replace("v1", "v2"),
        TEXT.replace("\n3600\n", "\n"),
        TEXT.replace("\n3600\n", "\n03600\n"),
        TEXT.replace("\n3600\n", "\n-1\n"),
        TEXT.replace("\n7\n", "\n٧\n"),
        TEXT.replace(f"\n{NOW}\n", f"\n{10**18}\n"),
        TEXT.replace("\n3600\n", "\n253402300799\n"),
        TEXT.replace(f"\n{ORIGIN}\n", "\n\n"),
        TEXT.replace("=\n", "\n"),
    ],
)
def test_malformed_promises_are_refused(text):
    with pytest.raises(PromiseError):
        parse_promise(text)


@pytest.mark.parametrize(
    "changes", [{"time": True}, {"delay": 1.5}, {"tree_size": -1}, {"leaf_hash": b""}, {"origin": ""}]
)
def test_impossible_promises_cannot_be_made(changes):
    with pytest.raises(PromiseError):
        promise(b"entry", **changes)
