"""tlog-policy: every rule of the format, with a file that breaks it in the quietest way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairnotice.translog.cosignature import CosignatureVerifier
from fairnotice.translog.errors import PolicyError
from fairnotice.translog.notes import Verifier
from fairnotice.translog.policy import format_policy, parse_policy
from fairnotice.translog.signing import SeedKey
from tests.translog.cast import LOG, PQ_LOG, PQ_WITNESS, WITNESSES

L = LOG.verifier.vkey
W = [witness.verifier.vkey for witness in WITNESSES]
SAME_KEY = CosignatureVerifier("other.example.net", WITNESSES[0].verifier.public_key).vkey
SAME_LOG = Verifier("other.example.org/log", LOG.verifier.public_key).vkey
WITNESS = f"witness a {W[0]}\n"
TWO = f"{WITNESS}witness b {W[1]}\n"
END = "quorum none\n"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        # exactly one quorum, of a name that a line before it defined
        ("", None, "none of the 0 lines"),
        (WITNESS, None, "none of the 1 lines"),
        (f"{WITNESS}quorum a\n{END}", 3, "already"),
        (f"{END}{END}", 2, "already"),
        (f"quorum a\n{WITNESS}", 1, "no line before"),
        (f"{WITNESS}quorum A\n", 2, "no line before"),
        ("quorum\n", 1, "one name"),
        (f"{WITNESS}quorum a a\n", 2, "one name"),
        (f"{WITNESS}quorum a # enough\n", 2, "one name"),
        ("Quorum none\n", 1, "none of log, witness"),
        # every line ends in a line feed; nothing but tab, LF and what can be printed
        ("quorum none", 1, "line feed"),
        ("quorum none\r\n", 1, "0x0d"),
        (f"# a\n\n{WITNESS}\x0b{END}", 4, "0x0b"),
        ("quorum none\x0c\n", 1, "0x0c"),
        ("# \x00\nquorum none\n", 1, "0x00"),
        ("# \x7f\nquorum none\n", 1, "0x7f"),
        ("# \x1b[2J\nquorum none\n", 1, "0x1b"),
        ("\ufeffquorum none\n", 1, "none of log, witness"),
        ("quorum\u00a0none\n", 1, "none of log, witness"),
        # keys: of the right type, sound, copied whole, and each once
        (f"log\n{END}", 1, "a key"),
        (f"log {L} https://log.example.org more\n{END}", 1, "nothing else"),
        (f"log {W[0]}\n{END}", 1, "type 1"),
        (f"log {L[:-1]}\n{END}", 1, "base64"),
        (f"log {L}\n{WITNESS}log {L}\n{END}", 3, "another log"),
        (f"log {L}\nlog {SAME_LOG}\n{END}", 2, "another log"),
        (f"witness a\n{END}", 1, "a name, a key"),
        (f"witness {W[0]}\n{END}", 1, "a name, a key"),
        (f"witness a {L}\n{END}", 1, "type 4"),
        (f"{WITNESS}witness b {W[0]}\n{END}", 2, "another witness"),
        (f"{WITNESS}witness b {SAME_KEY}\n{END}", 2, "another witness"),
        (f"{WITNESS}witness a {W[1]}\n{END}", 2, "'a' is the name"),
        (f"witness none {W[0]}\n{END}", 1, "'none'"),
        # groups: members defined before, each in one group once; a plain number that can be met
        (f"group g any\n{END}", 1, "at least one member"),
        (f"{WITNESS}group g any b\n{END}", 2, "no line before"),
        (f"group g any a\n{WITNESS}{END}", 1, "no line before"),
        (f"{WITNESS}group g any g\n{END}", 2, "no line before"),
        (f"{WITNESS}group a any a\n{END}", 2, "'a' is the name"),
        (f"{WITNESS}group none any a\n{END}", 2, "'none'"),
        (f"{WITNESS}group g any none\n{END}", 2, "no line before"),
        (f"{TWO}group g any a a\n{END}", 3, "'a' is a member"),
        (f"{TWO}group g any a b\ngroup h any b\n{END}", 4, "'b' is a member"),
        (f"{TWO}group g 0 a b\n{END}", 3, "cannot need 0"),
        (f"{TWO}group g 3 a b\n{END}", 3, "cannot need 3"),
        (f"{TWO}group g 02 a b\n{END}", 3, "plain decimal"),
        (f"{TWO}group g +1 a b\n{END}", 3, "plain decimal"),
        (f"{TWO}group g 1_0 a b\n{END}", 3, "plain decimal"),
        (f"{TWO}group g １ a b\n{END}", 3, "plain decimal"),
        (f"{TWO}group g \u00b2 a b\n{END}", 3, "plain decimal"),
        (f"{TWO}group g ALL a b\n{END}", 3, "plain decimal"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_line(text, line, why):
    with pytest.raises(PolicyError, match=why) as caught:
        parse_policy(text.encode())
    if line is not None:
        assert str(caught.value).startswith(f"line {line} of the policy")


def test_a_key_name_that_is_not_utf8():
    with pytest.raises(PolicyError, match="line 1 of the policy: the name in a key is not valid UTF-8"):
        parse_policy(L.encode().replace(b"log.", b"l\xffg.").join((b"log ", b"\nquorum none\n")))


def test_names_are_octets():
    """A Kelvin sign is not a K, one spelling of ü not the other, and a byte need not be UTF-8."""
    names = [b"K", b"\xe2\x84\xaa", b"\xc3\xbc", b"u\xcc\x88", b"\xff\xa0\x85", b"#hash"]
    keys = [SeedKey(bytes([number]) * 32).public_key for number in range(len(names))]
    lines = [
        b"witness %s %s" % (name, CosignatureVerifier("w", key).vkey.encode())
        for name, key in zip(names, keys, strict=True)
    ]
    data = b"\n".join((*lines, b"group g all " + b" ".join(names), b"quorum g", b""))
    policy = parse_policy(data)
    assert [witness.name for witness in policy.witnesses] == names
    assert policy.is_quorum(names) and not policy.is_quorum(names[1:])
    assert parse_policy(format_policy(policy)) == policy


def test_a_member_of_a_group_may_still_be_the_quorum():
    assert parse_policy(f"{TWO}group g all a b\nquorum a\n".encode()).quorum == b"a"


def test_far_more_than_32_of_each_in_a_chain():
    """The specification asks for 32; a chain of nested groups must not need the interpreter's stack."""
    count = 1200
    lines = []
    for number in range(count):
        key = SeedKey(number.to_bytes(32, "big")).public_key
        lines.append(f"log {Verifier(f'l{number}.example.org', key).vkey}")
        lines.append(f"witness w{number} {CosignatureVerifier(f'w{number}.example.net', key).vkey}")
        lines.append(f"group g{number} all w{number}" + (f" g{number - 1}" if number else ""))
    policy = parse_policy("\n".join((*lines, f"quorum g{count - 1}", "")).encode())
    everybody = {witness.name for witness in policy.witnesses}
    assert len(everybody) == count
    assert policy.is_quorum(everybody)
    assert not policy.is_quorum(everybody - {b"w0"})


def test_oversized_policies_are_refused_before_reading():
    with pytest.raises(PolicyError, match="longer than"):
        parse_policy(b"#" * 4_000_001)
    with pytest.raises(PolicyError, match="more than 10000 lines"):
        parse_policy(b"\n" * 10_001)


WORDS = [
    *(word.encode() for word in ("log", "witness", "group", "quorum", "none", "all", "any", "1", "2", "02")),
    *(vkey.encode() for vkey in (L, PQ_LOG.verifier.vkey, PQ_WITNESS.verifier.vkey, *W[:3])),
    *(b"a", b"b", b"c", b"#", b"", b" ", b"\t", b"\n", b"\n", b"\n", b"\xff", b"\x00", b"\r"),
]
LINES = [
    *(f"log {L}\n".encode(), f"log {PQ_LOG.verifier.vkey} u\n".encode(), b"quorum none\n", b"quorum a\n"),
    *(f"witness {name} {vkey}\n".encode() for name, vkey in zip("abc", W, strict=False)),
    *(b"group g 2 a b c\n", b"group g any a\n", b"group h all g b\n", b"quorum g\n", b"\n", b" # x\n"),
]


@given(
    st.lists(st.sampled_from(LINES), max_size=9).map(b"".join)
    | st.lists(st.sampled_from(WORDS), max_size=12).map(b" ".join)
    | st.binary(max_size=60)
)
def test_any_bytes_are_a_policy_or_refused(data):
    try:
        policy = parse_policy(data)
    except PolicyError:
        return
    written = format_policy(policy)
    assert parse_policy(written) == policy
    assert format_policy(parse_policy(written)) == written
