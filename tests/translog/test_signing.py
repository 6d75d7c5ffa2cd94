"""Private keys in files and behind commands: used where they are sound, refused with a reason where not."""

import base64
import os
import sys
import time
from pathlib import Path

import pytest

from fairnotice.translog.cosignature import cosign
from fairnotice.translog.errors import SigningError
from fairnotice.translog.notes import Signer, open_note, sign_note
from fairnotice.translog.signing import CommandKey, FileKey, SeedKey

SEED = bytes(range(60, 92))
KEY = SeedKey(SEED)
PIN = "pin-4711"


@pytest.mark.parametrize("ending", ["", "\n"])
@pytest.mark.parametrize("text", [SEED.hex(), SEED.hex().upper(), base64.b64encode(SEED).decode()])
def test_a_key_file(tmp_path, text, ending):
    path = tmp_path / "key"
    path.write_text(text + ending)
    path.chmod(0o600)
    assert FileKey(path).public_key == FileKey(str(path)).public_key == KEY.public_key
    assert FileKey(path).sign(b"message") == KEY.sign(b"message")
    assert SEED.hex() not in repr(FileKey(path))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o601, 0o777])
def test_a_key_file_open_to_others_is_refused(tmp_path, mode):
    path = tmp_path / "key"
    path.write_text(SEED.hex())
    path.chmod(mode)
    with pytest.raises(SigningError, match="600"):
        FileKey(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        SEED,
        SEED.hex().encode()[:-1],
        SEED.hex().encode() + b"0",
        b" " + SEED.hex().encode(),
        SEED.hex(" ").encode(),
        SEED.hex().encode() + b"\n\n",
        SEED.hex().encode() + b"\r\n",
        base64.b64encode(SEED)[:-1],
        base64.b64encode(SEED[:-1]),
        base64.b64encode(SEED + b"\x00"),
        base64.urlsafe_b64encode(b"\xff" * 32),
        SEED.hex().encode() * 1000,
    ],
)
def test_a_key_file_that_holds_something_else_is_refused_and_never_quoted(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SigningError) as caught:
        FileKey(path)
    assert str(path) in str(caught.value)
    assert SEED.hex()[:8] not in str(caught.value)


def test_what_is_no_key_file(tmp_path):
    with pytest.raises(SigningError, match="No such file"):
        FileKey(tmp_path / "missing")
    with pytest.raises(SigningError, match="regular file"):
        FileKey(tmp_path)
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SigningError, match="regular file"):
        FileKey(tmp_path / "pipe")


HOOK = """
import base64, os, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
print("{pin}", file=sys.stderr)
key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(open({seed!r}).read()))
public = key.public_key().public_bytes_raw()
what = sys.argv[-1]
with open({calls!r}, "a") as calls:
    calls.write(what + "\\n")
{wrong}
if what == "public":
    print(base64.b64encode(public).decode())
else:
    print(base64.b64encode(key.sign(sys.stdin.buffer.read())).decode())
"""


class Hook:
    """A signing command; ``wrong`` is a statement that goes wrong in it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seed, self.calls = folder, folder / "seed", folder / "calls"
        self.seed.write_text(SEED.hex())

    def __call__(self, wrong: str = "", *, expected: bytes | None = None) -> CommandKey:
        script = self.folder / "hook.py"
        script.write_text(HOOK.format(wrong=wrong, seed=str(self.seed), calls=str(self.calls), pin=PIN))
        return CommandKey([sys.executable, str(script), "--pin", PIN], 60, expected=expected)


@pytest.fixture
def hook(tmp_path):
    return Hook(tmp_path)


def test_a_command_signs_notes_and_cosigns(hook):
    key = hook()
    signer = Signer("log.example.org", key)
    note = sign_note("text\n", [signer])
    assert note == sign_note("text\n", [Signer("log.example.org", KEY)])
    assert open_note(note, [signer.verifier]) == "text\n"
    text = "log.example.org\n1\n" + base64.b64encode(bytes(32)).decode() + "\n"
    assert cosign(text, "w.example.net", key, 5) == cosign(text, "w.example.net", KEY, 5)
    assert hook.calls.read_text() == "public\nsign\nsign\n"


def test_a_message_longer_than_a_pipe_holds(hook):
    message = b"x" * 300_000
    assert hook().sign(message) == KEY.sign(message)


def test_a_known_public_key_is_not_asked_for(hook):
    assert hook(expected=KEY.public_key).sign(b"message") == KEY.sign(b"message")
    assert hook.calls.read_text() == "sign\n"
    with pytest.raises(SigningError, match="sound"):
        hook(expected=bytes(32))


def test_a_key_that_changed_signs_nothing(hook):
    key = hook()
    key.confirm()
    hook.seed.write_text(bytes(32).hex())
    with pytest.raises(SigningError, match="another key than before"):
        key.sign(b"message")
    with pytest.raises(SigningError, match="another key than before"):
        key.confirm()
    assert key.public_key == KEY.public_key
    with pytest.raises(SigningError, match="another key than before"):
        hook(expected=KEY.public_key).sign(b"message")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("sys.exit(3)", "failed to public|status 3"),
        ("os.kill(os.getpid(), 9)", "status -9"),
        ("print('not base64!'); sys.exit()", "not base64"),
        ("sys.stdout.buffer.write(b'\\xff'); sys.exit()", "not base64"),
        ("print(''); sys.exit()", "0 bytes instead of 32"),
        ("print(base64.b64encode(bytes(31)).decode()); sys.exit()", "31 bytes"),
        ("print(base64.b64encode(bytes(32)).decode()); sys.exit()", "sound"),
        ("print(base64.b64encode(public).decode() + chr(10)); sys.exit()", "base64"),
        ("print('A' * 2000)", "more than 1000 bytes"),
        ("print('A' * 50_000_000)", "more than 1000 bytes"),
    ],
)
def test_a_command_that_misbehaves_is_named_and_its_words_are_not(hook, wrong, why):
    with pytest.raises(SigningError, match=why) as caught:
        _ = hook(wrong).public_key
    assert PIN not in str(caught.value) and "AAAA" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("what == 'sign' and (print(base64.b64encode(bytes(64)).decode()), sys.exit())", "does not fit"),
        (
            "what == 'sign' and (print(base64.b64encode(key.sign(b'other')).decode()), sys.exit())",
            "does not fit",
        ),
        ("what == 'sign' and (print(base64.b64encode(bytes(63)).decode()), sys.exit())", "63 bytes"),
        ("what == 'sign' and sys.exit(1)", "failed to sign"),
    ],
)
def test_no_wrong_signature_is_handed_out(hook, wrong, why):
    with pytest.raises(SigningError, match=why):
        hook(wrong).sign(b"message")


@pytest.mark.parametrize("first", ["true", "echo QUJD"])
def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path, first):
    """The grandchild keeps the pipe open, too; neither may be left behind."""
    pid = tmp_path / "pid"
    script = f"{first}; sleep 600 & echo $! > {pid}.new; mv {pid}.new {pid}; wait"
    with pytest.raises(SigningError, match="longer than 3 seconds to public"):
        _ = CommandKey(["/bin/sh", "-c", script, "sh"], 3).public_key
    for _ in range(500):  # whoever takes in the killed grandchild needs a moment
        if not _alive(int(pid.read_text())):
            break
        time.sleep(0.02)
    assert not _alive(int(pid.read_text()))


def test_what_a_command_leaves_running_on_purpose_is_let_be(tmp_path):
    """A card's own daemon, started on first use, is none of our business once the command has ended well."""
    pid = tmp_path / "pid"
    public = base64.b64encode(KEY.public_key).decode()
    script = f"sleep 600 >/dev/null & echo $! > {pid}; echo {public}"
    assert CommandKey(["/bin/sh", "-c", script, "sh"], 60).public_key == KEY.public_key
    assert _alive(int(pid.read_text()))
    os.kill(int(pid.read_text()), 9)


def _alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_no_shell_reads_the_command(tmp_path):
    with pytest.raises(SigningError, match="cannot be started"):
        _ = CommandKey([f"touch {tmp_path}/made; true"]).public_key
    with pytest.raises(SigningError, match="cannot be started"):
        _ = CommandKey([str(tmp_path)]).public_key
    with pytest.raises(SigningError, match="cannot be started"):
        _ = CommandKey(["nul\0"]).public_key
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("argv", [[], "sign-it", [""], [5]])
def test_a_command_is_a_list_of_words(argv):
    with pytest.raises(SigningError, match="a list"):
        CommandKey(argv)


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_a_command_has_a_time_limit(timeout):
    with pytest.raises(SigningError, match="time limit"):
        CommandKey(["sign"], timeout)


def test_the_arguments_are_not_shown(hook):
    assert PIN not in repr(hook()) and PIN not in repr(Signer("log.example.org", hook()))
