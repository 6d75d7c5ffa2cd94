"""What runs under faults: acts and rounds of the log on one data folder. Started by `strace_faults`.

Started once for all runs, each of which is a fork of it: the program is loaded then, and a run begins with
its own first call. Lines on stdin and stdout: `run FILE 3 2` (three acts, a round, two acts, a round, another
round), `run FILE` (a start after a crash: publication, and a round) or `run FILE recover` (after an older
copy was put back) is answered by the number of a process, which waits for `go`; then comes `ended STATUS`.

In FILE a record is written when its transaction was committed. A step that fails is named there, and the next
begins, as the runner of `fairnotice serve` does.
"""

from __future__ import annotations

import ctypes
import os
import sys
import traceback
from collections.abc import Callable

from fairnotice.site import setup

setup.start()

from django.db import connections, transaction  # noqa: E402 - needs the settings

from fairnotice.ledger import recover, sequencer  # noqa: E402
from fairnotice.ledger.append import append  # noqa: E402
from fairnotice.translog import files  # noqa: E402

#: All in one thread, so that the calls come in one order; under strace every sync looks slow.
files._SLOW_SYNC = float("inf")
_PR_SET_PTRACER, _ANYBODY = 0x59616D61, -1


def work(acknowledged: str, words: list[str]) -> None:
    """Do it all; what is written to the file is `begin`, records, `failed CLASS`, `end`."""
    out = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def say(line: str) -> None:
        os.write(out, f"{line}\n".encode())

    def tried(act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:
            connections.close_all()
            say(f"failed {type(error).__name__}")

    def act() -> None:
        with transaction.atomic():
            event = append(kind="trial.made", open={"text": "An act of a trial run."})
        say(event.record)

    say("begin")
    for word in words:
        if word == "recover":
            tried(recover.recover)
            continue
        for _ in range(int(word)):
            tried(act)
        tried(sequencer.run_once)
    if not words or "recover" in words:
        sequencer.publish()
    sequencer.run_once()
    connections.close_all()
    say("end")


def begin(acknowledged: str, words: list[str]) -> tuple[int, int]:
    """Fork a run; its number, and what to close so that it goes."""
    held, go = os.pipe()
    child = os.fork()
    if child:
        os.close(held)
        return child, go
    os.close(go)
    # Where a process may be traced by its ancestors alone.
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANYBODY), 0, 0, 0)
    os.read(held, 1)
    status = 0
    try:
        work(acknowledged, words)
    except BaseException:
        traceback.print_exc()
        status = 1
    os._exit(status)


def serve() -> None:
    """One run after the other, until stdin ends."""
    for line in sys.stdin:
        _, acknowledged, *words = line.split()
        child, go = begin(acknowledged, words)
        print(child, flush=True)
        sys.stdin.readline()
        os.close(go)
        print("ended", os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    serve()
