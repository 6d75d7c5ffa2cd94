"""``witness``: sign other logs' checkpoints as long as they contradict nothing that was signed before."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fairnotice.translog.cosignature import CosignatureVerifier, MldsaSigner
from fairnotice.translog.encoding import printable
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.evidence_words import time_words
from fairnotice.translog.keytext import check_key_name
from fairnotice.translog.signing import FileKey, read_seed
from fairnotice.translog.witness.config import (
    DEFAULT_PORT,
    FILE,
    Config,
    add_log,
    new_config,
    read_config,
)
from fairnotice.translog.witness.cosigner import write_key_file
from fairnotice.translog.witness.errors import Locked, WitnessError
from fairnotice.translog.witness.marks import origin_hash
from fairnotice.translog.witness.owner import Owner
from fairnotice.translog.witness.rules import MAX_CHECKPOINT_BYTES
from fairnotice.translog.witness.seen import look, read_seen
from fairnotice.translog.witness.state import Remembered

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command with its own commands."""
    parser = subparsers.add_parser("witness", help="be a witness for logs: sign their checkpoints")
    own = parser.add_subparsers(dest="witness_command", required=True, metavar="COMMAND")

    init = own.add_parser("init", help="make a witness's folder: settings, key, public key")
    _folder(init)
    init.add_argument("--name", required=True, help="the name in every signature: a host name of yours")
    init.add_argument("--port", type=int, default=DEFAULT_PORT)
    init.add_argument("--mldsa", action="store_true", help="sign with ML-DSA-44 as well")
    init.set_defaults(act=_init)

    keygen = own.add_parser("keygen", help="make a key file (mode 0600) and print its public key")
    keygen.add_argument("file", type=Path, metavar="FILE")
    keygen.add_argument("--name", required=True, help="the witness's name")
    keygen.add_argument("--mldsa", action="store_true", help="an ML-DSA-44 key instead of an Ed25519 key")
    keygen.set_defaults(act=_keygen)

    log = own.add_parser("add-log", help="watch a log, or know a further key of one")
    _folder(log)
    log.add_argument("vkey", metavar="KEY", help="the log's public key, as its operator publishes it")
    log.add_argument("--origin", help="the first line of the log's checkpoints, if it is not the key's name")
    log.set_defaults(act=_add_log)

    serve = own.add_parser("serve", help="answer until stopped")
    _folder(serve)
    serve.set_defaults(act=_serve)

    status = own.add_parser("status", help="show the public keys, the logs and what was signed last")
    _folder(status)
    status.set_defaults(act=_status)

    unlock = own.add_parser("unlock", help="after a loss: go on from the largest size that can be found")
    _folder(unlock)
    unlock.add_argument("--origin", required=True, help="the log")
    unlock.add_argument(
        "--seen",
        type=Path,
        metavar="FILE",
        help="a checkpoint with this witness's own signature, as the log or a monitor holds it",
    )
    unlock.set_defaults(act=_unlock)

    parser.set_defaults(run=run)
    return parser


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="the witness's folder")


def run(args: argparse.Namespace) -> int:
    """Run one of the witness's commands; 1 with a sentence where it cannot."""
    try:
        status: int = args.act(args)
    except TranslogError as fault:
        print(f"witness: {printable(str(fault))}", file=sys.stderr)
        return 1
    return status


def _init(args: argparse.Namespace) -> int:
    check_key_name(args.name)
    if (args.folder / FILE).exists():
        raise WitnessError(f"{args.folder / FILE} exists already")
    write_key_file(args.folder / "witness.key")
    if args.mldsa:
        write_key_file(args.folder / "witness-mldsa.key")
    new_config(args.folder, args.name, port=args.port, mldsa=args.mldsa)
    for vkey in read_config(args.folder).cosigner().vkeys:
        print(vkey)
    return 0


def _keygen(args: argparse.Namespace) -> int:
    check_key_name(args.name)
    write_key_file(args.file)
    if args.mldsa:
        print(MldsaSigner(args.name, read_seed(args.file)).verifier.vkey)
    else:
        print(CosignatureVerifier(args.name, FileKey(args.file).public_key).vkey)
    return 0


def _add_log(args: argparse.Namespace) -> int:
    origin = add_log(args.folder, args.vkey.strip(), args.origin)
    print(f"{printable(origin)} is watched from the next start of `witness serve` on")
    return 0


def _serve(args: argparse.Namespace) -> int:
    # Here, because only this command needs the web server.
    from fairnotice.translog.witness.serve import serve

    serve(args.folder)
    return 0


def _status(args: argparse.Namespace) -> int:
    config = read_config(args.folder)
    for vkey in config.cosigner().vkeys:
        print(vkey)
    worst = 0
    for origin in config.logs:
        print(f"{printable(origin)}\n  {config.prefix}/{origin_hash(origin)}/checkpoint")
        try:
            found = look(config, origin)
        except Locked as fault:
            print(f"  LOCKED: {printable(str(fault))}")
            worst = 1
            continue
        if found is None:
            print("  nothing signed yet")
        else:
            print(f"  size {found.size}, signed at {found.timestamp} ({time_words(found.timestamp)})")
    if not config.logs:
        print("no log is watched yet (`witness add-log`)")
    return worst


def _unlock(args: argparse.Namespace) -> int:
    config = read_config(args.folder)
    seen = _read_seen(config, args.origin, args.seen) if args.seen else None
    owner = Owner(args.folder / "serve.owner")
    owner.acquire()
    try:
        state = config.state()
        try:
            kept = state.unlock(args.origin, seen)
        finally:
            state.close()
    finally:
        owner.release()
    print(f"{printable(args.origin)} goes on from size {kept.cosigned.size}")
    return 0


def _read_seen(config: Config, origin: str, path: Path) -> Remembered:
    with path.open("rb") as file:
        return read_seen(config, origin, file.read(MAX_CHECKPOINT_BYTES + 1))
