"""A witness's folder and its settings, ``witness.toml``.

The folder holds settings, keys (or the keys lie elsewhere), the state and the marks.
"""

from __future__ import annotations

import ipaddress
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fairnotice.translog.errors import NoteError
from fairnotice.translog.files import write_atomic
from fairnotice.translog.keytext import check_key_name
from fairnotice.translog.notes import NoteVerifier
from fairnotice.translog.signing import CommandKey, FileKey, SigningKey, read_seed
from fairnotice.translog.vkeys import is_log_key, parse_vkey
from fairnotice.translog.witness.cosigner import Cosigner
from fairnotice.translog.witness.errors import WitnessError
from fairnotice.translog.witness.state import State

FILE = "witness.toml"
DEFAULT_PORT = 8460
_MAX_BYTES = 4_000_000
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_COMMAND_SECONDS = 10.0
_TEMPLATE = """\
# A witness for transparency logs. Restart `witness serve` after a change.

# The name in every signature, for all time: a host name of yours, without spaces or '+'.
name = {name}

# The Ed25519 key: a file that only this user can read,
key_file = "witness.key"
# or instead a command, which is given the word public, or sign with the message on standard input:
# key_command = ["/usr/local/bin/my-signer", "--slot", "1"]

# A second signature, ML-DSA-44, that no quantum computer is known to forge:
{mldsa}mldsa_key_file = "witness-mldsa.key"

# Where it answers. Put a web server with TLS before it for everybody else.
host = "127.0.0.1"
port = {port}
# What stands before add-checkpoint in the address, such as "/witness":
prefix = ""

# The second memory of what was signed, which notices that an old copy of state.sqlite3 was put back.
# Best on another disk than this folder, in a place that no backup restores.
marks = "marks"

# The logs, as `witness add-log` writes them. Two keys for one origin are two blocks.
"""


@dataclass(frozen=True)
class Config:
    """Settings as read; paths are relative to the folder unless absolute."""

    folder: Path
    name: str
    key_file: str | None = None
    key_command: tuple[str, ...] = ()
    mldsa_key_file: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    prefix: str = ""
    marks: str = "marks"
    logs: Mapping[str, tuple[NoteVerifier, ...]] = field(default_factory=dict)

    def cosigner(self) -> Cosigner:
        """Open the keys. Raises :class:`~fairnotice.translog.errors.SigningError`."""
        key: SigningKey
        if self.key_command:
            key = CommandKey(self.key_command, _COMMAND_SECONDS)
        else:
            key = FileKey(self.folder / (self.key_file or ""))
        seed = read_seed(self.folder / self.mldsa_key_file) if self.mldsa_key_file is not None else None
        cosigner = Cosigner(self.name, key, seed)
        cosigner.verifiers  # noqa: B018  a key that cannot be used is to be noticed here
        return cosigner

    def state(self, *, patience: float = 0) -> State:
        """Own the state. Raises :class:`~.errors.StateError`."""
        return State(self.folder / "state.sqlite3", self.folder / self.marks, patience=patience)


def read_config(folder: Path) -> Config:
    """Read the settings of a witness's folder. Raises :class:`WitnessError`, naming the setting."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as fault:
        raise WitnessError(f"{path} cannot be read: {fault.strerror} (`witness init` makes it)") from None
    if len(raw) > _MAX_BYTES:
        raise WitnessError(f"{path} is longer than {_MAX_BYTES} bytes")
    return _parse(folder, raw)


def _parse(folder: Path, raw: bytes) -> Config:
    path = folder / FILE
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise WitnessError(f"{path} is not TOML: {fault}") from None
    try:
        return Config(folder=folder, **_settings(document))
    except (WitnessError, NoteError) as fault:
        raise WitnessError(f"{path}: {fault}") from None


def _settings(document: dict[str, Any]) -> dict[str, Any]:
    blocks = document.pop("log", [])
    given: dict[str, Any] = {}
    for name, value in document.items():
        wanted = _TYPES.get(name)
        if wanted is None:
            raise WitnessError(f"there is no setting {name!r}")
        if type(value) is not wanted:
            raise WitnessError(f"{name} must be a {_WORDS[wanted]}")
        given[name] = value
    if "name" not in given:
        raise WitnessError("name is missing")
    check_key_name(given["name"])
    if ("key_file" in given) == ("key_command" in given):
        raise WitnessError("give either key_file or key_command")
    if "key_command" in given:
        given["key_command"] = _command(given["key_command"])
    if not 1 <= given.get("port", DEFAULT_PORT) <= 65535:
        raise WitnessError("port must be from 1 to 65535")
    _check_host(given.get("host", "127.0.0.1"))
    if not _PREFIX.fullmatch(given.get("prefix", "")):
        raise WitnessError("prefix must begin with a slash and not end in one")
    given["logs"] = _logs(blocks)
    return given


_TYPES = {
    "name": str,
    "key_file": str,
    "key_command": list,
    "mldsa_key_file": str,
    "host": str,
    "port": int,
    "prefix": str,
    "marks": str,
}
_WORDS = {str: "text", list: "list of texts", int: "whole number"}


def _check_host(host: str) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise WitnessError("host must be a network address, such as 127.0.0.1") from None


def _command(value: list[Any]) -> tuple[str, ...]:
    if not value or not all(isinstance(part, str) and part for part in value):
        raise WitnessError("key_command must be a list of texts: the program, then its arguments")
    return tuple(value)


def _logs(blocks: object) -> dict[str, tuple[NoteVerifier, ...]]:
    if not isinstance(blocks, list):
        raise WitnessError("each log is a block [[log]]")
    logs: dict[str, tuple[NoteVerifier, ...]] = {}
    for number, block in enumerate(blocks, 1):
        texts = isinstance(block, dict) and all(isinstance(value, str) for value in block.values())
        if not texts or set(block) not in ({"vkey"}, {"origin", "vkey"}):
            raise WitnessError(f"log {number} must have a vkey, and may have an origin; nothing else")
        verifier = log_key(block["vkey"])
        origin = block.get("origin", verifier.name)
        if not origin or "\n" in origin:
            raise WitnessError(f"the origin of log {number} is not one line")
        known = logs.get(origin, ())
        if all(other.vkey != verifier.vkey for other in known):
            if any((other.name, other.key_id) == (verifier.name, verifier.key_id) for other in known):
                raise WitnessError(f"two keys of {origin} have the same short hash")
            logs[origin] = (*known, verifier)
    return logs


def log_key(vkey: str) -> NoteVerifier:
    """A key that a log may sign with (0x01, 0x06). Raises :class:`WitnessError`, NoteError."""
    verifier = parse_vkey(vkey)
    if not is_log_key(verifier):
        raise WitnessError(f"the key of {verifier.name} is a witness's, not a log's")
    return verifier


def new_config(folder: Path, name: str, *, port: int = DEFAULT_PORT, mldsa: bool = False) -> None:
    """Write a first settings file. Raises :class:`WitnessError` where there is one."""
    check_key_name(name)
    path = folder / FILE
    if path.exists():
        raise WitnessError(f"{path} exists already")
    text = _TEMPLATE.format(
        name=json.dumps(name, ensure_ascii=False), port=port, mldsa="" if mldsa else "# "
    ).encode("utf-8")
    _parse(folder, text)
    _write(path, text)


def add_log(folder: Path, vkey: str, origin: str | None) -> str:
    """Add a log, or a further key of one; returns its origin. Raises :class:`WitnessError`, NoteError."""
    config = read_config(folder)
    verifier = log_key(vkey)
    name = origin if origin is not None else verifier.name
    if any(known.vkey == vkey for known in config.logs.get(name, ())):
        return name
    block = (
        f"\n[[log]]\norigin = {json.dumps(name, ensure_ascii=False)}\n"
        f"vkey = {json.dumps(vkey, ensure_ascii=False)}\n"
    )
    path = folder / FILE
    text = path.read_bytes().rstrip(b"\n") + b"\n" + block.encode("utf-8")
    _parse(folder, text)
    _write(path, text)
    return name


def _write(path: Path, text: bytes) -> None:
    try:
        write_atomic(path, text)
    except OSError as fault:
        raise WitnessError(f"{path} cannot be written: {fault.strerror}") from None
