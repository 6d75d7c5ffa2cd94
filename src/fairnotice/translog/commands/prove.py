"""``prove``: fetch the proof for a file that has only a promise, or show that the promise was broken."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fairnotice.translog.commands import add_evidence
from fairnotice.translog.completing import Answer, Contradiction, ask, completed, promised
from fairnotice.translog.encoding import printable
from fairnotice.translog.errors import EvidenceError
from fairnotice.translog.evidence import MAX_EVIDENCE_BYTES, verify_evidence
from fairnotice.translog.evidence_format import Evidence, read_evidence
from fairnotice.translog.evidence_words import closing_line, time_words
from fairnotice.translog.files import write_atomic
from fairnotice.translog.notes import Verifier
from fairnotice.translog.sources import TileSource, open_source

if TYPE_CHECKING:
    from fairnotice.translog.commands import Subparsers

PROVEN, BROKEN, UNKNOWN, NOT_YET = 0, 1, 2, 3


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Add the command and its options."""
    parser = subparsers.add_parser(
        "prove",
        help="complete a file that has only a promise with the proof from the published log",
        epilog="Exit status: 0 the file was completed, or had all its proofs; 1 the promise was broken, or "
        "something does not fit; 2 the log cannot be reached; 3 not in the log yet, and not due.",
    )
    add_evidence(parser)
    parser.add_argument(
        "--url", metavar="URL", help="where the log's files are served, if not at https://ORIGIN; or a folder"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        help="where to write the completed file: FILE itself, if you say so; else FILE.proven.json",
    )
    parser.set_defaults(run=run)
    return parser


def address_of(origin: str) -> str:
    """Where a log is that says nothing else: its origin is its address without the scheme (tlog-tiles)."""
    try:
        host = urlsplit(f"https://{origin}").hostname
    except ValueError:
        host = None
    scheme = "http" if host in ("localhost", "127.0.0.1", "::1") else "https"
    return f"{scheme}://{origin}"


def _source(args: argparse.Namespace, origin: str) -> TileSource:
    try:
        return open_source(args.url if args.url is not None else address_of(origin))
    except ValueError as fault:
        raise EvidenceError(f"{fault}; name another with --url") from None


def _keys(args: argparse.Namespace, file: Evidence, origin: str) -> list[Verifier]:
    given = [Verifier.from_vkey(text) for text in args.vkey]
    own = [key for key in given if key.name == origin]
    return own or [log.key for log in file.logs if log.origin == origin]


def _keep(args: argparse.Namespace, origin: str, note: bytes) -> Path:
    """Keep a checkpoint beside the file, under a name that no other checkpoint has."""
    digest = hashlib.sha256(note).hexdigest()[:16]
    place: Path = args.file.with_name(f"{args.file.name}.checkpoint-{digest}")
    write_atomic(place, note)
    return place


def _write_private(place: Path, data: bytes, like: Path) -> None:
    """Put ``data`` at ``place``, whole or not at all, for the eyes of those who may read ``like``."""
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(like, name)
        os.replace(name, place)
    except BaseException:
        os.unlink(name)
        raise


def _say_missing(args: argparse.Namespace, origin: str, answer: Answer, now: int) -> int:
    """Say what is not in the log, and whether it should be."""
    status = PROVEN
    size = answer.checkpoint.size
    for promise in answer.missing.values():
        if now > promise.deadline:
            print(
                f"The promise is broken: the entry was to be in {printable(origin)} by "
                f"{time_words(promise.deadline)}, and it is not among the {size} entries that the log has "
                "signed now.",
                file=sys.stderr,
            )
            if size < promise.tree_size:
                print(
                    f"The log has even become smaller: the promise speaks of {promise.tree_size} entries.",
                    file=sys.stderr,
                )
            status = BROKEN
        else:
            print(
                f"not yet: the entry is to be in {printable(origin)} by {time_words(promise.deadline)}; the "
                f"log has {size} entries now"
            )
            status = status or NOT_YET
    if status == BROKEN:
        place = _keep(args, origin, answer.note)
        print(
            f"Evidence: {args.file}, and the log's checkpoint of now, kept in {place}. Keep both.",
            file=sys.stderr,
        )
    return status


def run(args: argparse.Namespace) -> int:
    """Look the promised entries up in their logs and write the completed file."""
    with args.file.open("rb") as opened:
        doc = opened.read(MAX_EVIDENCE_BYTES + 1)
    now = int(time.time())
    verify_evidence(doc, args.vkey, promise_vkeys=args.promise_vkey, now=now)
    file = read_evidence(doc)
    waiting = promised(file)
    if not waiting:
        print("nothing to do: every record of the file has its proof")
        return PROVEN
    if args.url is not None and len(waiting) > 1:
        raise EvidenceError("the file waits for several logs, so one --url cannot serve: leave it out")
    output = args.output or args.file.with_name(f"{args.file.name}.proven.json")
    if args.output is None and output.exists():
        raise FileExistsError(None, "is there already; say where to write with -o", str(output))
    proofs: dict[str, str] = {}
    statuses = []
    for origin in waiting:
        source = _source(args, origin)
        try:
            answer = ask(source, file, origin, _keys(args, file, origin))
        except Contradiction as fault:
            place = _keep(args, origin, fault.note)
            raise EvidenceError(f"{fault}, which lies in {place}") from None
        proofs |= answer.proofs
        statuses.append(_say_missing(args, origin, answer, now))
    if proofs:
        whole = completed(doc, proofs)
        result = verify_evidence(whole, args.vkey, promise_vkeys=args.promise_vkey, now=now)
        _write_private(output, whole, args.file)
        for line in result.lines:
            print(line)
        print(closing_line(result))
        print(f"written: {output}")
    return BROKEN if BROKEN in statuses else max(statuses)
