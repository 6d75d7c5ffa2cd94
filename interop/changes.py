"""Single-bit changes: one is put into a file, every verifier of the file has to refuse, it is taken back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from interop.programs import Verifier
from interop.published import Question

# How many of every 300 changes fall on which kind of file; "entry" is the leaf beside an inclusion proof.
SHARES = {
    "checkpoint": 50,
    "cosigned": 45,
    "mldsa": 25,
    "inclusion": 50,
    "entry": 20,
    "consistency": 40,
    "tile": 40,
    "bundle": 30,
}


@dataclass
class Tally:
    """What came of the changes."""

    made: Counter[str] = field(default_factory=Counter)  # by kind of file
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)  # by kind of file and verifier
    wrong: list[str] = field(default_factory=list)


def asked_about(kind: str) -> str:
    """The kind of question that a file of this kind belongs to."""
    return "inclusion" if kind == "entry" else kind


def quotas(count: int, kinds: Sequence[str]) -> dict[str, int]:
    """`count` changes shared out over the kinds of files as in SHARES."""
    whole = sum(SHARES[kind] for kind in kinds)
    shared = {kind: count * SHARES[kind] // whole for kind in kinds}
    for kind in list(shared)[: count - sum(shared.values())]:
        shared[kind] += 1
    return shared


def _by_kind(questions: Sequence[Question]) -> dict[str, list[Question]]:
    """Questions by the kind of file that is to be changed; empty files have no bit to change."""
    found: dict[str, list[Question]] = {kind: [] for kind in SHARES}
    for question in questions:
        if question.kind in found:
            found[question.kind].append(question)
        if question.kind == "inclusion":
            found["entry"].append(replace(question, target=Path(dict(question.job)["entry"])))
    return {
        kind: [question for question in asked if question.target.stat().st_size]
        for kind, asked in found.items()
    }


def chosen(
    questions: Sequence[Question], kinds: Sequence[str], count: int, chance: random.Random
) -> Iterator[tuple[str, Question, int, int]]:
    """Kind of file, question, byte and bit of each change; no bit twice."""
    seen = set()
    by_kind = _by_kind(questions)
    for kind, wanted in quotas(count, kinds).items():
        for _ in range(wanted):
            while True:
                question = chance.choice(by_kind[kind])
                byte, bit = chance.randrange(question.target.stat().st_size), chance.randrange(8)
                if (question.target, byte, bit) not in seen:
                    break
            seen.add((question.target, byte, bit))
            yield kind, question, byte, bit


def spoil(
    questions: Sequence[Question],
    verifiers: Sequence[Verifier],
    count: int,
    chance: random.Random,
    tally: Tally,
) -> None:
    """Make `count` changes, one at a time, in files of the kinds that some verifier reads, and note every
    verifier's answer in `tally`."""
    kinds = [kind for kind in SHARES if any(asked_about(kind) in verifier.kinds for verifier in verifiers)]
    for kind, question, byte, bit in chosen(questions, kinds, count, chance):
        readers = [verifier for verifier in verifiers if question.kind in verifier.kinds]
        tally.made[kind] += 1
        original = question.target.read_bytes()
        changed = bytearray(original)
        changed[byte] ^= 1 << bit
        question.target.write_bytes(changed)
        try:
            for verifier in readers:
                if verifier.ask(**question.asked())["ok"]:
                    tally.wrong.append(
                        f"{verifier.name} accepts {question.target} with bit {bit} of byte {byte} changed"
                    )
                else:
                    tally.refused[kind, verifier.name] += 1
        finally:
            question.target.write_bytes(original)
        for verifier in readers:  # the refusal was for the bit, and for nothing else
            if not verifier.ask(**question.asked())["ok"]:
                tally.wrong.append(f"{verifier.name} refuses {question.target} after the bit was put back")
