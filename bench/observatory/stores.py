"""The store: how long an ingest takes, and how quickly the same question is answered from it then."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

from bench.observatory.timing import Run, once

INGEST: Final = "ours, ingest"
BY: Final = (
    "platform",
    "category",
    "decision_visibility",
    "automated_decision",
    "automated_detection",
    "day",
)


def measure(dump: Path, folder: Path, surroundings: dict[str, str], rounds: int) -> list[Run]:
    """An ingest by its command into a new store; then the question from its rows, and from a cube, each in a
    process of its own."""
    store = folder / "store"
    ingest, rows, cube = Run(INGEST), Run("from Parquet"), Run("from the cube")
    fairnotice = [sys.executable, "-m", "fairnotice", "observatory", "ingest", dump, "--store", store]
    once(ingest, fairnotice, surroundings)
    if ingest.failed:
        return [ingest]
    for _ in range(rounds):
        for run, only in ((rows, "rows"), (cube, "cube")):
            command = [sys.executable, "-m", "bench.observatory.stores", store, only]
            said = once(run, [*command, "1"], surroundings)
            if said:
                run.groups = {tuple(key): many for *key, many in json.loads(said)["groups"]}
                # How long answering takes in a process that has its libraries is another run's.
                run.inside.append(json.loads(once(Run(""), [*command, "5"], surroundings))["seconds"])
    return [ingest, rows, cube]


def main(store: str, only: str, times: str) -> None:
    """Answer so many times, as the command `ask` does; the fastest is said."""
    from fairnotice.observatory.asking import ask
    from fairnotice.observatory.question import Question
    from fairnotice.observatory.store import Store

    seconds = []
    for _ in range(int(times)):
        begun = time.perf_counter()
        result = ask(Store(Path(store)), Question(by=BY), rows_only=only == "rows", keep=Path(store) / "kept")
        seconds.append(time.perf_counter() - begun)
    groups: list[list[object]] = [
        [*("" if cell is None else str(cell) for cell in row[:-1]), row[-1]] for row in result.rows
    ]
    print(json.dumps({"groups": groups, "seconds": min(seconds), "from": result.answered_from}))


if __name__ == "__main__":
    main(*sys.argv[1:])
