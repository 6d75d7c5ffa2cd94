"""Notices per second through three doors, beside what the same SQLite file takes. For `python3 dev.py bench
intake`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median

from bench.intake import made
from bench.intake.raw import Raw
from bench.translog.site import install

ROOT = Path(__file__).resolve().parent.parent.parent
#: Bytes of a raw row: about what one notice adds to the database.
ROW = 8192
STEP = 20
Job = Callable[[int], float]


def doors() -> dict[str, Job]:
    """Each takes so many notices in and gives the seconds by the clock."""
    from django.conf import settings
    from django.test import Client

    logging.disable(logging.INFO)
    from fairnotice.cases.actions import receive
    from fairnotice.intake import reading

    settings.FN_API_PER_MINUTE = 10**9
    settings.ALLOWED_HOSTS = ["testserver"]
    client, numbers = Client(), count(1)

    def post(url: str, form: Callable[[int], bytes], wanted: int) -> Job:
        def job(many: int) -> float:
            bodies = [form(next(numbers)) for _ in range(many)]
            start = time.perf_counter()
            for body in bodies:
                answer = client.post(url, body, content_type="application/json")
                if answer.status_code != wanted:
                    raise RuntimeError(f"{url} answered {answer.status_code}: {answer.content[:300]!r}")
            return time.perf_counter() - start

        return job

    def mail(many: int) -> float:
        letters = [made.in_mail(next(numbers)) for _ in range(many)]
        start = time.perf_counter()
        for raw in letters:
            received, _ = receive.receive(door="mail", raw=raw, envelope={"from": "", "to": []})
            if reading.process(received) is None:
                received.refresh_from_db()
                raise RuntimeError(f"a letter became {received.state}: {received.reason}")
        return time.perf_counter() - start

    return {
        "JSON": post("/api/v1/notices", made.in_json, 201),
        "XARF": post("/api/v1/reports", made.in_xarf, 201),
        "mail": mail,
    }


def parsing(many: int) -> tuple[float, float]:
    """Seconds of processor time that the package `xarf` and we take to read and check so many reports."""
    import xarf

    from fairnotice.intake.readers import read_notice

    texts = [made.in_xarf(number) for number in range(many)]
    start = time.process_time()
    for text in texts:
        found = xarf.parse(json.loads(text))
        if getattr(found, "errors", None):
            raise RuntimeError(f"the package refuses our report: {found.errors}")
    middle = time.process_time()
    for text in texts:
        read_notice(text)
    return middle - start, time.process_time() - middle


def measure(folder: Path, rounds: int) -> None:
    """All in turns, in random order, over and over."""
    install(folder / "data")
    jobs: dict[str, Job] = {"raw insert": Raw(folder / "data" / "db.sqlite3", ROW).insert, **doors()}
    for job in jobs.values():
        job(2)  # what is read and made once
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    parsed: list[tuple[float, float]] = []
    for _ in range(rounds):
        order = list(jobs.items())
        random.shuffle(order)
        for name, job in order:
            rates[name].append(STEP / job(STEP))
        parsed.append(tuple(STEP / seconds for seconds in parsing(STEP)))  # type: ignore[arg-type]
    print(f"\nMedian of {rounds} interleaved rounds of {STEP}, by the clock, each notice durable\n")
    print(f"{'':28} {'per second':>11}  {'of raw insert':>13}")
    for name, found in rates.items():
        ratio = median(one / raw for one, raw in zip(found, rates["raw insert"], strict=True))
        print(f"{name:28} {median(found):11,.0f}  {ratio:13.3f}")
    print(f"\n{'parsing XARF, processor':28} {'per second':>11}  {'of the package':>14}")
    print(f"{'package xarf':28} {median(one for one, _ in parsed):11,.0f}")
    ratio = median(ours / theirs for theirs, ours in parsed)
    print(f"{'ours, to a whole draft':28} {median(ours for _, ours in parsed):11,.0f}  {ratio:14.1f}")


def main(words: list[str]) -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(prog="python3 dev.py bench intake", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="rounds to take the median of (15)")
    parser.add_argument("--folder", type=Path, help="where to write, on the disk to be measured (var/)")
    args = parser.parse_args(words)
    if args.rounds < 1:
        parser.error("--rounds from 1")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    parent = args.folder or ROOT / "var"
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/home"
        measure(Path(folder), args.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
