"""Asks witnesses to cosign a checkpoint (C2SP tlog-witness v1.0.0), all at once and within one time limit.

The caller does three things with the results: append lines with :func:`cosigned`, remember the sizes, and
stop the log where one is :class:`Ahead` or a :class:`Conflict`.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fairnotice.translog.checkpoint import Checkpoint, read_unverified
from fairnotice.translog.encoding import encode_base64, parse_decimal, printable
from fairnotice.translog.errors import NoteError, TranslogError
from fairnotice.translog.notes import NoteVerifier, parse_note, parse_signature, signature_line
from fairnotice.translog.vkeys import is_witness_key
from fairnotice.translog.witness.errors import WitnessError
from fairnotice.translog.witness.http import Failed, Reply, Visit, check_url
from fairnotice.translog.witness.marks import origin_hash
from fairnotice.translog.witness.rules import SIZE

ProofFrom = Callable[[int], Sequence[bytes]]
_MAX_SENTENCE = 300
_MAX_LINES = 100


@dataclass(frozen=True)
class Witness:
    """A witness as the log knows it: a name of ours for it, its public key, its submission prefix.

    One that has two keys is two of these with the same ``url``; it is asked once. Raises
    :class:`~.errors.WitnessError` for a key that is no witness's and for an address that is neither https nor
    http on this machine.
    """

    name: str
    verifier: NoteVerifier
    url: str

    def __post_init__(self) -> None:
        if not is_witness_key(self.verifier):
            raise WitnessError(f"the key of the witness {self.name} is not a witness's (type 4 or 6)")
        check_url(self.url)


@dataclass(frozen=True)
class Signed:
    """It cosigned: verified signature lines of its key, each with its LF, and the size it knows now."""

    witness: Witness
    lines: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Unreachable:
    """No answer, or none in time; ``reason`` is a few words."""

    witness: Witness
    reason: str


@dataclass(frozen=True)
class Refused:
    """It answered, but not with a cosignature that holds. ``sentence`` is its own word, made printable."""

    witness: Witness
    status: int
    sentence: str


@dataclass(frozen=True)
class Ahead:
    """It says that it has cosigned ``size`` entries, more than ours: treat the log as rolled back.

    The number alone is not signed. ``checkpoint`` is what the witness shows for it, not verified ("" for
    nothing): with the log's own signature it is proof that the log once signed more.
    """

    witness: Witness
    size: int
    checkpoint: str


@dataclass(frozen=True)
class Conflict:
    """It says that the checkpoint does not continue the one it cosigned: treat the log as forked.

    ``checkpoint`` as in :class:`Ahead`.
    """

    witness: Witness
    sentence: str
    checkpoint: str


Result = Signed | Unreachable | Refused | Ahead | Conflict


def submit(
    witnesses: Sequence[Witness],
    checkpoint_note: str,
    proof_from: ProofFrom,
    known: Mapping[str, int],
    *,
    seconds: float = 10.0,
) -> list[Result]:
    """Submit a checkpoint to all; one result for each witness, in their order, after ``seconds`` at most.

    ``proof_from(old)`` gives the consistency proof from a smaller tree of ``old`` > 0 entries to the
    checkpoint's; it is only called in the calling thread, and what it raises goes up. ``known``: name of a
    witness -> size it cosigned last (:attr:`Signed.size`), as far as the caller remembers. Raises
    :class:`~fairnotice.translog.errors.TranslogError` for a note that is no checkpoint.
    """
    checkpoint = read_unverified(checkpoint_note)
    deadline = time.monotonic() + seconds
    by_url: dict[str, list[Witness]] = {}
    for witness in witnesses:
        by_url.setdefault(witness.url.rstrip("/"), []).append(witness)
    inbox: queue.SimpleQueue[_Question | _Done] = queue.SimpleQueue()
    proofs: dict[int, Sequence[bytes]] = {}

    def proof(old: int) -> Sequence[bytes]:
        if old not in proofs:
            proofs[old] = proof_from(old) if 0 < old < checkpoint.size else ()
        return proofs[old]

    visits = {}
    for url, group in by_url.items():
        old = max((known.get(witness.name, 0) for witness in group), default=0)
        old = old if 0 <= old <= checkpoint.size else 0
        talk = _Talk(group, url, checkpoint_note, checkpoint, deadline, inbox)
        visits[url] = talk.visit
        threading.Thread(target=talk.run, args=(old, proof(old)), name="witness", daemon=True).start()
    results: dict[str, dict[Witness, Result]] = {}
    try:
        _collect(results, set(by_url), inbox, proof, deadline)
    finally:
        for url in by_url.keys() - results.keys():
            visits[url].abort()  # its thread ends at once instead of waiting on
            results[url] = {w: Unreachable(w, "no answer in time") for w in by_url[url]}
    return [results[witness.url.rstrip("/")][witness] for witness in witnesses]


@dataclass(frozen=True)
class _Question:
    old: int
    answer: queue.SimpleQueue[Sequence[bytes]]


@dataclass(frozen=True)
class _Done:
    url: str
    results: dict[Witness, Result]


def _collect(
    results: dict[str, dict[Witness, Result]],
    open_urls: set[str],
    inbox: queue.SimpleQueue[_Question | _Done],
    proof: ProofFrom,
    deadline: float,
) -> None:
    """Answer the threads' questions for proofs until all have put their results or the time is over."""
    while open_urls - results.keys():
        try:
            said = inbox.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(said, _Question):
            said.answer.put(proof(said.old))
        else:
            results[said.url] = said.results


class _Talk:
    """One witness address, in a thread of its own."""

    def __init__(
        self,
        group: Sequence[Witness],
        url: str,
        note: str,
        checkpoint: Checkpoint,
        deadline: float,
        inbox: queue.SimpleQueue[_Question | _Done],
    ) -> None:
        self._group, self._url, self._note = group, url, note
        self._checkpoint, self._inbox = checkpoint, inbox
        self._deadline = deadline
        self.visit = Visit(url, deadline)

    def run(self, old: int, proof: Sequence[bytes]) -> None:
        results: dict[Witness, Result]
        try:
            results = self._talk(old, proof)
        except Failed as fault:
            results = {witness: Unreachable(witness, str(fault)) for witness in self._group}
        except Exception as fault:  # a thread that dies silently would look like a witness that is slow
            results = {witness: Unreachable(witness, type(fault).__name__) for witness in self._group}
        finally:
            self.visit.close()
        self._inbox.put(_Done(self._url, results))

    def _talk(self, old: int, proof: Sequence[bytes]) -> dict[Witness, Result]:
        reply = self._send(old, proof)
        size = _size(reply)
        if size is not None and size != old and size <= self._checkpoint.size:
            answer: queue.SimpleQueue[Sequence[bytes]] = queue.SimpleQueue()
            self._inbox.put(_Question(size, answer))
            try:
                proof = answer.get(timeout=max(0.0, self._deadline - time.monotonic()))
            except queue.Empty:
                raise Failed("no answer in time") from None
            old, reply = size, self._send(size, proof)
            size = _size(reply)
        shown = ""
        # Witnesses of the protocol before version 1 say 409, not 422, for another root of the same size.
        forked = reply.status == 422 or (
            reply.status == 409 and old == self._checkpoint.size and size in (None, old)
        )
        ahead = size is not None and size > self._checkpoint.size
        if forked or ahead:
            shown = self._shown()
        return {witness: self._result(witness, reply, size, ahead, forked, shown) for witness in self._group}

    def _send(self, old: int, proof: Sequence[bytes]) -> Reply:
        head = f"old {old}\n" + "".join(f"{encode_base64(item)}\n" for item in proof)
        return self.visit.request("POST", "/add-checkpoint", f"{head}\n{self._note}".encode())

    def _shown(self) -> str:
        try:
            reply = self.visit.request("GET", f"/{origin_hash(self._checkpoint.origin)}/checkpoint")
            return reply.body.decode("utf-8") if reply.status == 200 else ""
        except (Failed, UnicodeDecodeError):
            return ""

    def _result(
        self, witness: Witness, reply: Reply, size: int | None, ahead: bool, forked: bool, shown: str
    ) -> Result:
        sentence = printable(reply.body.decode("utf-8", "replace").strip())[:_MAX_SENTENCE]
        if ahead and size is not None:
            return Ahead(witness, size, shown)
        if forked:
            return Conflict(witness, sentence, shown)
        if reply.status != 200:
            return Refused(witness, reply.status, sentence)
        try:
            lines = verified_lines(self._checkpoint_text, reply.body, witness.verifier)
        except TranslogError as fault:
            return Refused(witness, 200, printable(str(fault)))
        return Signed(witness, lines, self._checkpoint.size)

    @property
    def _checkpoint_text(self) -> str:
        return parse_note(self._note).text


def _size(reply: Reply) -> int | None:
    """The size in an answer 409, or None where it is none."""
    if reply.status != 409 or reply.media_type != SIZE or not reply.body.endswith(b"\n"):
        return None
    try:
        return parse_decimal(reply.body[:-1].decode("ascii"), "the size", WitnessError)
    except (UnicodeDecodeError, WitnessError):
        return None


def verified_lines(text: str, body: bytes, verifier: NoteVerifier) -> tuple[str, ...]:
    """The lines of a witness's answer by the expected key; lines by other keys are passed over.

    Raises :class:`NoteError` for a malformed line, a wrong signature, a time of 0, or no line by the key.
    """
    try:
        whole = body.decode("utf-8")
    except UnicodeDecodeError:
        raise NoteError("the witness's answer is not valid UTF-8") from None
    if not whole.endswith("\n") or whole.count("\n") > _MAX_LINES:
        raise NoteError("the witness's answer is not a list of signature lines")
    found: dict[str, None] = {}
    for line in whole[:-1].split("\n"):
        signature = parse_signature(line)
        if (signature.name, signature.key_id) != (verifier.name, verifier.key_id):
            continue
        if not verifier.verify(text.encode("utf-8"), signature.signature):
            raise NoteError("the witness's cosignature does not hold")
        if not verifier.timestamp(signature.signature):
            raise NoteError("the witness's cosignature states no time")
        found[f"{line}\n"] = None
    if not found:
        raise NoteError("the witness answered without a cosignature by the key that is known")
    return tuple(found)


def cosigned(note: str, lines: Sequence[str]) -> str:
    """The checkpoint note with these signature lines after its own.

    A line by a key that has signed the note already takes the older one's place. Lines must have been
    verified, as those in :class:`Signed` were. Raises :class:`NoteError` for what is no note or no line.
    """
    parsed = parse_note(note)
    new = {}
    for line in lines:
        signature = parse_signature(line.removesuffix("\n"))
        new[(signature.name, signature.key_id)] = signature
    kept = [line for line in parsed.signatures if (line.name, line.key_id) not in new]
    everything = [*kept, *new.values()]
    return f"{parsed.text}\n" + "".join(
        signature_line(line.name, line.key_id, line.signature) for line in everything
    )
