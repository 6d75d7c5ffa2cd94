"""Have programs of others check our log: `python3 dev.py interop`.

Exits with 0 where every verifier accepted all that it should and refused every change, else with 1; with 2
where something has to be installed first.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fairnotice.translog.errors import TranslogError
from fairnotice.translog.notes import Verifier as NoteVerifier
from interop import changes, existing, other_way, our_programs, published
from interop.programs import Broken, Missing, Verifier, go_verifier, js_verifier, start_go, start_js

SIZES = (1, 2, 3, 7, 255, 256, 257, 1000, 65535, 65536, 70000)


def accepted(
    log: published.Published, asked: Sequence[published.Question], verifiers: Sequence[Verifier]
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Ask every verifier every question it has a library for: how many it accepted, by verifier and kind; and
    what it wrongly refused."""
    counted: Counter[tuple[str, str]] = Counter()
    wrong = []
    for question in asked:
        for verifier in verifiers:
            if question.kind not in verifier.kinds:
                continue
            answer = verifier.ask(**question.asked())
            if answer["ok"]:
                counted[verifier.name, question.kind] += 1
            else:
                wrong.append(
                    f"{verifier.name} refuses {question.kind} {question.target}: {answer.get('why')}"
                )
            if question.kind == "log" and question.target == log.checkpoint(log.size):
                expected = published.files_of_tree(log)
                if answer.get("tiles") != expected:
                    wrong.append(f"{verifier.name} saw {answer.get('tiles')} tiles of {expected}")
    return counted, wrong


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows in columns, the first to the left, numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(head))]
    lines = []
    for row in cells:
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join([row[0].ljust(widths[0]), *rest]))
    return "\n".join(lines)


def check(
    folder: Path, verifiers: Sequence[Verifier], sizes: Sequence[int], count: int, seed: int
) -> list[str]:
    """Publish a log of each size, ask, change, ask again; prints what came of it and gives what was wrong."""
    chance = random.Random(seed)
    wrong: list[str] = []
    asked: list[published.Question] = []
    rows: list[list[object]] = []
    columns = [(verifier.name, kind) for kind in KINDS for verifier in verifiers if kind in verifier.kinds]
    for size in sizes:
        start = time.monotonic()
        log = published.publish(folder / str(size), size)
        mine = published.questions(log, chance)
        counted, refused = accepted(log, mine, verifiers)
        wrong += refused
        asked += mine
        rows.append([size, *(counted[column] for column in columns)])
        said = f"{sum(counted.values())} times yes" + (f", {len(refused)} times no" if refused else "")
        print(f"  {size:>6} entries: {said}, {time.monotonic() - start:.1f} s", flush=True)
    head = ["accepted, at size", *(f"{kind} ({name})" for name, kind in columns)]
    turned = [[head[at], *(row[at] for row in rows)] for at in range(1, len(head))]
    print("\n" + table([head[0], *(str(size) for size in sizes)], turned) + "\n")

    print(f"Changing {count} single bits, one at a time ...", flush=True)
    tally = changes.Tally()
    changes.spoil(asked, verifiers, count, chance, tally)
    wrong += tally.wrong + [f"nobody reads {kind}" for kind in changes.SHARES if kind not in tally.made]
    names = [verifier.name for verifier in verifiers]
    rows = [
        [kind, made, *(tally.refused[kind, name] or "-" for name in names)]
        for kind, made in tally.made.items()
    ]
    total = [sum(tally.refused[kind, name] for kind in tally.made) for name in names]
    rows.append(["all", sum(tally.made.values()), *total])
    print("\n" + table(["bit changed in", "changes", *(f"refused by {name}" for name in names)], rows) + "\n")
    return wrong


KINDS = ("checkpoint", "cosigned", "mldsa", "inclusion", "consistency", "tile", "bundle", "log")


def arguments(words: Sequence[str]) -> argparse.Namespace:
    """The command's words."""
    parser = argparse.ArgumentParser(prog="dev.py interop", description=__doc__)
    parser.add_argument("--changes", type=int, default=300, help="single-bit changes (300)")
    parser.add_argument("--seed", type=int, default=1, help="chooses entries, proofs and bits (1)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="sizes of the logs")
    parser.add_argument("--log", type=Path, help="only check this folder, which holds checkpoint and tile/")
    parser.add_argument(
        "--evidence",
        type=Path,
        nargs="+",
        default=[],
        help="only check these receipts, statements or entries",
    )
    parser.add_argument("--vkey", help="the public key of their log, or a file with it")
    options = parser.parse_args(words)
    if (options.log is None and not options.evidence) != (options.vkey is None):
        parser.error("--vkey belongs to --log or --evidence, and they to it")
    if min(options.sizes) < 1 or options.changes < 0:
        parser.error("sizes begin at 1, changes at 0")
    return options


def all_of_it(folder: Path, go: Path, js: Path, options: argparse.Namespace) -> list[str]:
    """Our logs before their code, their log before ours."""
    keys = published.vkeys()
    sizes = sorted(set(options.sizes))
    with start_go(go, keys) as of_go, start_js(js, keys) as of_js:
        print("Our log, checked by their code ...", flush=True)
        wrong = check(folder / "ours", [of_go, of_js], sizes, options.changes, options.seed)
        print("Their log, checked by our code ...", flush=True)
        wrong += other_way.check(folder / "theirs", of_go, of_js, sizes)
        print("Their log, before our witness, monitor and fsck ...", flush=True)
        starts = [partial(start_go, go), partial(start_js, js)]
        return wrong + our_programs.check(folder / "theirs/go", folder / "programs", sizes, starts)


def what_is_there(folder: Path, go: Path, js: Path, options: argparse.Namespace) -> list[str]:
    """The log and the files that the command names."""
    given = Path(options.vkey)
    vkey = options.vkey if "+" in options.vkey else given.read_text("utf-8").strip()
    keys = {"log": NoteVerifier.from_vkey(vkey).vkey}
    questions = []
    if options.log is not None:
        chance = random.Random(options.seed)
        questions += existing.asked(options.log, folder / "log", chance)
    for number, file in enumerate(options.evidence):
        questions += existing.of_evidence(file, folder / str(number))
    with start_go(go, keys) as of_go, start_js(js, keys) as of_js:
        return existing.ask(questions, [of_go, of_js])


def main(words: Sequence[str]) -> int:
    """Run it all."""
    options = arguments(words)
    begun = time.monotonic()
    try:
        (go, of_go), (js, of_js) = go_verifier(), js_verifier()
    except Missing as missing:
        print(f"interop: {missing}", file=sys.stderr)
        return 2
    print(f"Go:         {of_go}\nJavaScript: {of_js}\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="fair-notice-interop-") as folder:
        try:
            wrong = (what_is_there if options.vkey else all_of_it)(Path(folder), go, js, options)
        except (Broken, TranslogError, OSError, ValueError) as fault:
            wrong = [str(fault)]
    for line in wrong:
        print(f"WRONG: {line}")
    print(f"interop: {f'{len(wrong)} wrong' if wrong else 'all fine'}, {time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
