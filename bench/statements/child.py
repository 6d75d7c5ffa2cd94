"""One peer in a process of its own: reads names of files, checks each, says how long it took."""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

PEERS = {
    "ours (polars)": "bench.statements.ours:Checker",
    "ours (plain)": "bench.statements.ours:PlainChecker",
    "pydantic, rule by rule": "bench.statements.each_rule:Checker",
    "pydantic, tuned by hand": "bench.statements.model:Checker",
    "pandas": "bench.statements.frames:Checker",
}


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def main(name: str) -> None:
    """One line of JSON for each file, and a last one with the faults by rule."""
    module, _, cls = PEERS[name].partition(":")
    checker = getattr(importlib.import_module(module), cls)()
    for line in sys.stdin:
        start, used = time.perf_counter(), time.process_time()
        rows = checker.file(Path(line.strip()))
        answer = {
            "rows": rows,
            "seconds": time.perf_counter() - start,
            "processor": time.process_time() - used,
        }
        print(json.dumps(answer | {"peak": peak()}), flush=True)
    start = time.perf_counter()
    if hasattr(checker, "finish"):
        checker.finish()
    last = {"seconds": time.perf_counter() - start, "peak": peak(), "counts": dict(checker.counts)}
    print(json.dumps(last), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
