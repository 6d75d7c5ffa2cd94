"""The lines of a policy file and their rules (C2SP tlog-policy, "Policy file syntax and structure")."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from fairnotice.translog.encoding import parse_decimal, printable
from fairnotice.translog.errors import NoteError, PolicyError
from fairnotice.translog.notes import NoteVerifier
from fairnotice.translog.vkeys import is_log_key, is_witness_key, parse_vkey

MAX_POLICY_BYTES = 4_000_000  # 1,000 logs and 1,000 witnesses with ML-DSA-44 keys and long URLs
MAX_LINES = 10_000  # of each kind the specification asks for at least 32
_NOT_ALLOWED = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_ITEMS = re.compile(rb"[^ \t]+")
_NONE = b"none"


@dataclass(frozen=True)
class KnownLog:
    """A log: its key, whose name is the log's origin, and where it is (its meaning is the reader's)."""

    key: NoteVerifier
    url: bytes | None = None


@dataclass(frozen=True)
class Witness:
    """A witness: its name in this policy, its key, and where it is."""

    name: bytes
    key: NoteVerifier
    url: bytes | None = None


@dataclass(frozen=True)
class Group:
    """Has witnessed a checkpoint when ``threshold`` (1 to all) of its members, witnesses or earlier groups,
    have.
    """

    name: bytes
    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True)
class PolicyText:
    """What the lines say, in their order. ``quorum``: name of a witness or group; None for ``none``."""

    logs: tuple[KnownLog, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: bytes | None = None


@dataclass
class _Reader:
    """Reads line after line; errors here have no line number yet."""

    logs: list[KnownLog] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: list[bytes] = field(default_factory=list)
    names: set[bytes] = field(default_factory=set)
    grouped: set[bytes] = field(default_factory=set)
    log_keys: set[bytes] = field(default_factory=set)
    witness_keys: set[bytes] = field(default_factory=set)

    def read(self, items: list[bytes]) -> None:
        """One line's items, at least one."""
        keyword, *rest = items
        readers: dict[bytes, Callable[[list[bytes]], None]] = {
            b"log": self._log,
            b"witness": self._witness,
            b"group": self._group,
            b"quorum": self._quorum,
        }
        if keyword not in readers:
            raise PolicyError(f"'{_show(keyword)}' is none of log, witness, group and quorum")
        readers[keyword](rest)

    def _log(self, items: list[bytes]) -> None:
        if not 1 <= len(items) <= 2:
            raise PolicyError("a log has a key and perhaps a URL, nothing else")
        key = _key(items[0])
        if not is_log_key(key):
            raise PolicyError("a log's key is of type 1 (Ed25519) or 6 (ML-DSA-44)")
        _add(self.log_keys, key.public_key, "this public key is that of another log already")
        self.logs.append(KnownLog(key, *items[1:]))

    def _witness(self, items: list[bytes]) -> None:
        if not 2 <= len(items) <= 3:
            raise PolicyError("a witness has a name, a key and perhaps a URL, nothing else")
        key = _key(items[1])
        if not is_witness_key(key):
            raise PolicyError("a witness's key is of type 4 (Ed25519) or 6 (ML-DSA-44)")
        _add(self.witness_keys, key.public_key, "this public key is that of another witness already")
        self._define(items[0])
        self.witnesses.append(Witness(items[0], key, *items[2:]))

    def _group(self, items: list[bytes]) -> None:
        if len(items) < 3:
            raise PolicyError("a group has a name, all, any or a number, and at least one member")
        name, rule, *members = items
        for member in members:
            self._require(member)
            _add(self.grouped, member, f"'{_show(member)}' is a member of a group already")
        self._define(name)
        self.groups.append(Group(name, _threshold(rule, len(members)), tuple(members)))

    def _quorum(self, items: list[bytes]) -> None:
        if len(items) != 1:
            raise PolicyError("the quorum is one name, or none")
        if self.quorum:
            raise PolicyError("there is a quorum line already")
        if items[0] != _NONE:
            self._require(items[0])
        self.quorum.append(items[0])

    def _define(self, name: bytes) -> None:
        if name == _NONE:
            raise PolicyError("'none' cannot be the name of a witness or group")
        _add(self.names, name, f"'{_show(name)}' is the name of a witness or group already")

    def _require(self, name: bytes) -> None:
        if name not in self.names:
            raise PolicyError(f"no line before this one names a witness or group '{_show(name)}'")


def _add(known: set[bytes], item: bytes, problem: str) -> None:
    if item in known:
        raise PolicyError(problem)
    known.add(item)


def _show(name: bytes) -> str:
    text = printable(name.decode("utf-8", "backslashreplace"))
    return text if len(text) <= 60 else text[:60] + "..."


def _key(item: bytes) -> NoteVerifier:
    try:
        return parse_vkey(item.decode("utf-8"))
    except UnicodeDecodeError:
        raise PolicyError("the name in a key is not valid UTF-8") from None
    except NoteError as problem:
        raise PolicyError(str(problem)) from None


def _threshold(rule: bytes, members: int) -> int:
    if rule == b"all":
        return members
    if rule == b"any":
        return 1
    what = "what stands after the group's name, neither all nor any,"
    number = parse_decimal(rule.decode("latin-1"), what, PolicyError)
    if not 1 <= number <= members:
        raise PolicyError(f"a group of {members} cannot need {number} of its members")
    return number


def parse_text(data: bytes) -> PolicyText:
    """Read a policy's lines. Raises :class:`PolicyError`, which names the line."""
    if len(data) > MAX_POLICY_BYTES:
        raise PolicyError(f"the policy is longer than {MAX_POLICY_BYTES} bytes")
    bad = _NOT_ALLOWED.search(data)
    if bad:
        at = data.count(b"\n", 0, bad.start()) + 1
        raise PolicyError(f"line {at} of the policy holds a control character (0x{bad.group().hex()})")
    lines = data.split(b"\n")
    if len(lines) > MAX_LINES:
        raise PolicyError(f"the policy has more than {MAX_LINES} lines")
    if lines.pop():
        raise PolicyError(f"line {len(lines) + 1} of the policy does not end in a line feed")
    reader = _Reader()
    for number, line in enumerate(lines, start=1):
        items = _ITEMS.findall(line)
        if not items or items[0].startswith(b"#"):
            continue
        try:
            reader.read(items)
        except PolicyError as problem:
            raise PolicyError(f"line {number} of the policy: {problem}") from None
    if not reader.quorum:
        raise PolicyError(f"none of the {len(lines)} lines of the policy says what the quorum is")
    quorum = None if reader.quorum[0] == _NONE else reader.quorum[0]
    return PolicyText(tuple(reader.logs), tuple(reader.witnesses), tuple(reader.groups), quorum)


def format_text(policy: PolicyText) -> bytes:
    """The lines, without comments. Whether they say the same is for the caller to see."""
    lines = [[b"log", log.key.vkey.encode(), log.url] for log in policy.logs]
    lines += [[b"witness", item.name, item.key.vkey.encode(), item.url] for item in policy.witnesses]
    for group in policy.groups:
        words = {len(group.members): b"all", 1: b"any"}
        rule = words.get(group.threshold, b"%d" % group.threshold)
        lines.append([b"group", group.name, rule, *group.members])
    lines.append([b"quorum", _NONE if policy.quorum is None else policy.quorum])
    return b"".join(b" ".join(item for item in line if item is not None) + b"\n" for line in lines)
