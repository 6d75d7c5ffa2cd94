"""One process that works for an ingest: tasks come in, what is done goes out. Started by `crew`.

It ends when whoever started it is gone, at whatever it is.
"""

from __future__ import annotations

import errno
import os
import pickle
import queue
import re
import sys
import threading
from typing import IO

_OS_ERROR = re.compile(r"\(os error (\d+)\)")


def main() -> None:
    """Serve the pipe on stdin and stdout."""
    out = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the answers.
    os.dup2(2, 1)
    tasks: queue.SimpleQueue[object] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    from fairnotice.observatory.ingest import work

    while True:
        task = tasks.get()
        try:
            answer: tuple[object, ...] = ("done", work.do(task, _teller(out)))  # type: ignore[arg-type]
        except Exception as error:
            known = os_error(error)
            if known is not None:
                answer = ("failed", known.errno, known.strerror, known.filename)
            elif isinstance(error, MemoryError):
                answer = ("failed", errno.ENOMEM, os.strerror(errno.ENOMEM), None)
            else:
                answer = ("broken", f"{type(error).__name__}: {error}")
        _send(out, answer)


def os_error(error: Exception) -> OSError | None:
    """The error of the system behind one of a library, or None."""
    if isinstance(error, OSError) and error.errno is not None:
        return error
    if match := _OS_ERROR.search(str(error)):
        return OSError(int(match[1]), os.strerror(int(match[1])))
    return None


def _teller(out: IO[bytes]):  # type: ignore[no-untyped-def]
    return lambda rows, size: _send(out, ("told", rows, size))


def _send(out: IO[bytes], answer: tuple[object, ...]) -> None:
    pickle.dump(answer, out)
    out.flush()


def _listen(source: IO[bytes], tasks: queue.SimpleQueue[object]) -> None:
    try:
        while True:
            tasks.put(pickle.load(source))  # noqa: S301 - written by the process that started this one
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
