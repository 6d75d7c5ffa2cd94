"""Policies: reading, nested groups, and which checkpoints satisfy them."""

from itertools import product

import pytest

from fairnotice.translog.checkpoint import Checkpoint, sign_checkpoint
from fairnotice.translog.cosignature import cosign
from fairnotice.translog.errors import CheckpointError, NoteError, PolicyError
from fairnotice.translog.mldsa import MldsaSigner
from fairnotice.translog.notes import Signer
from fairnotice.translog.policy import (
    CLOCK_AHEAD,
    Group,
    KnownLog,
    Policy,
    Witness,
    format_policy,
    parse_policy,
)
from fairnotice.translog.proof import parse_proof, verify_proof_by_policy
from tests.translog.build import LOG_KEY, numbered
from tests.translog.cast import (
    CHECKPOINT,
    KEYS,
    LOG,
    NAMES,
    ORIGIN,
    PQ_LOG,
    PQ_WITNESS,
    ROOT,
    SIGNED,
    TEXT,
    TIME,
    WITNESSES,
    cosigned,
)

VKEYS = [witness.verifier.vkey for witness in WITNESSES]
POLICY = f"""# Two of three at one place, and one of two at the other.
log {LOG.verifier.vkey} https://log.example.org/log/2026

  witness X1 {VKEYS[0]}
witness\tX2 \t {VKEYS[1]} https://w1.example.net/submit\t
witness X3 {VKEYS[2]}
group X 2 X1 X2 X3
\t# The other place.
witness Y1 {VKEYS[3]}
witness Y2 {PQ_WITNESS.verifier.vkey}
group Y any Y1 Y2

group X-and-Y all X Y
quorum X-and-Y
""".encode()


def test_what_is_read():
    policy = parse_policy(POLICY)
    assert policy.logs == (KnownLog(LOG.verifier, b"https://log.example.org/log/2026"),)
    assert [witness.name for witness in policy.witnesses] == [b"X1", b"X2", b"X3", b"Y1", b"Y2"]
    assert policy.witnesses[1].url == b"https://w1.example.net/submit"
    assert policy.groups == (
        Group(b"X", 2, (b"X1", b"X2", b"X3")),
        Group(b"Y", 1, (b"Y1", b"Y2")),
        Group(b"X-and-Y", 2, (b"X", b"Y")),
    )
    assert policy.quorum == b"X-and-Y"


def test_what_is_written_is_read_again():
    policy = parse_policy(POLICY)
    text = format_policy(policy)
    assert parse_policy(text) == policy
    assert b"#" not in text and text.endswith(b"group X-and-Y all X Y\nquorum X-and-Y\n")
    assert format_policy(Policy()) == b"quorum none\n"


@pytest.mark.parametrize(
    "policy",
    [
        Policy(witnesses=(Witness(b"two words", WITNESSES[0].verifier),)),
        Policy(witnesses=(Witness(b"", WITNESSES[0].verifier),)),
        Policy(witnesses=(Witness(b"none", WITNESSES[0].verifier),)),
        Policy(witnesses=(Witness(b"a\nquorum", WITNESSES[0].verifier),)),
        Policy(witnesses=(Witness(b"a", WITNESSES[0].verifier, b"b c"),)),
        Policy(witnesses=(Witness(b"a", WITNESSES[0].verifier, b""),)),
        Policy(witnesses=(Witness(b"a", LOG.verifier),)),
        Policy(logs=(KnownLog(WITNESSES[0].verifier),)),
        Policy(quorum=b"nobody"),
        Policy(quorum=b"none"),
        Policy(groups=(Group(b"g", 0, ()),)),
    ],
)
def test_a_policy_put_together_wrongly_is_not_written(policy):
    with pytest.raises(PolicyError):
        format_policy(policy)


@pytest.mark.parametrize("present", list(product((0, 1), repeat=5)))
def test_nested_groups_count_as_they_say(present):
    note = cosigned(*(number for number in range(4) if present[number]))
    if present[4]:
        note += PQ_WITNESS.sign(TEXT)
    enough = sum(present[:3]) >= 2 and sum(present[3:]) >= 1
    policy = parse_policy(POLICY)
    if enough:
        assert policy.check(note) == CHECKPOINT
    else:
        with pytest.raises(PolicyError, match="not cosigned by as many"):
            policy.check(note)


def _policy(*lines: str, quorum: str = "none", log: str = LOG.verifier.vkey) -> Policy:
    return parse_policy("\n".join((f"log {log}", *lines, f"quorum {quorum}", "")).encode())


def test_who_cosigned_and_when_is_told():
    note = cosigned(0, 1) + cosign(TEXT, NAMES[0], KEYS[0], TIME + 60) + cosign(TEXT, NAMES[0], KEYS[0], 5)
    checked = _policy(*(f"witness w{n} {VKEYS[n]}" for n in range(3)), quorum="w1").examine(note.encode())
    assert checked.checkpoint == CHECKPOINT
    assert checked.witnesses == {b"w0": TIME + 60, b"w1": TIME}


def test_no_quorum_needs_the_logs_signature_only():
    assert _policy().check(SIGNED) == CHECKPOINT
    with pytest.raises(NoteError, match="not signed"):
        _policy().check(sign_checkpoint(CHECKPOINT, Signer(ORIGIN, b"\x31" * 32)))


def test_cosignatures_do_not_replace_the_logs_signature():
    other = sign_checkpoint(CHECKPOINT, Signer(ORIGIN, b"\x31" * 32))
    with pytest.raises(CheckpointError, match="not of the log"):
        _policy(f"witness w {VKEYS[0]}", quorum="w").check(other + WITNESSES[0].sign(TEXT))


def test_a_log_signs_for_its_own_origin_only():
    name = "other.example.org/log"
    two = _policy(f"log {Signer(name, b'x' * 32).verifier.vkey}")
    assert two.check(SIGNED) == CHECKPOINT
    own = Checkpoint(name, 12, ROOT).to_text()
    with pytest.raises(CheckpointError, match="not of the log"):
        two.check(own + "\n" + LOG.sign(own))


def test_a_log_may_be_known_by_its_mldsa_key():
    policy = _policy(f"witness w {VKEYS[0]}", quorum="w", log=PQ_LOG.verifier.vkey)
    note = sign_checkpoint(CHECKPOINT, LOG, [PQ_LOG]) + WITNESSES[0].sign(TEXT)
    assert policy.check(note) == CHECKPOINT


def test_logs_known_from_elsewhere():
    none = parse_policy(f"witness w {VKEYS[0]}\nquorum w\n".encode())
    with pytest.raises(PolicyError, match="names no log"):
        none.check(cosigned(0))
    assert none.check(cosigned(0), logs=[LOG.verifier]) == CHECKPOINT
    with pytest.raises(PolicyError, match="type that logs do not sign"):
        none.check(cosigned(0), logs=[WITNESSES[0].verifier])


def test_a_cosignature_from_the_future_does_not_count():
    policy = _policy(f"witness w {VKEYS[0]}", quorum="w")
    assert policy.check(cosigned(0), now=TIME - CLOCK_AHEAD) == CHECKPOINT
    with pytest.raises(PolicyError, match="not cosigned"):
        policy.check(cosigned(0), now=TIME - CLOCK_AHEAD - 1)


def test_a_cosignature_without_a_time_does_not_count():
    policy = _policy(f"witness w {PQ_WITNESS.verifier.vkey}", quorum="w")
    timeless = MldsaSigner(PQ_WITNESS.name, PQ_WITNESS.seed).sign(TEXT)
    with pytest.raises(PolicyError, match="not cosigned"):
        policy.check(SIGNED + timeless)
    assert policy.check(SIGNED + timeless + PQ_WITNESS.sign(TEXT)) == CHECKPOINT


def test_a_wrong_cosignature_of_a_known_witness_spoils_the_checkpoint():
    policy = _policy(*(f"witness w{n} {VKEYS[n]}" for n in range(2)), quorum="w0")
    wrong = cosign(Checkpoint(ORIGIN, 13, ROOT).to_text(), NAMES[1], KEYS[1], TIME)
    with pytest.raises(NoteError, match="wrong"):
        policy.check(cosigned(0) + wrong)


def test_a_proof_is_checked_by_policy():
    log = numbered(11)
    vkey = f"log {LOG_KEY.verifier.vkey}\n"
    text = log.proof(5)
    body = log.checkpoint().split("\n\n")[0] + "\n"
    seen = text + cosign(body, NAMES[0], KEYS[0], TIME)
    policy = parse_policy(f"{vkey}witness w {VKEYS[0]}\nquorum w\n".encode())
    assert verify_proof_by_policy(parse_proof(seen), log.entries[5], policy).size == 11
    with pytest.raises(PolicyError):
        verify_proof_by_policy(parse_proof(text), log.entries[5], policy)
    with pytest.raises(PolicyError):
        verify_proof_by_policy(parse_proof(seen), log.entries[5], policy, now=0)
    alone = parse_policy(f"witness w {VKEYS[0]}\nquorum w\n".encode())
    found = verify_proof_by_policy(parse_proof(seen), log.entries[5], alone, logs=[LOG_KEY.verifier])
    assert found.size == 11
