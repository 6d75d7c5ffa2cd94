"""The web child of `serve`: granian with one worker. Run as `python -m fairnotice.site.web ADDRESS PORT
PARENT`.

One worker: SQLite has one writer, and the rate limits count in this worker's memory. Most of its threads only
wait for what somebody sends (`bodies`); few work at once (`wsgi.AT_WORK`).
granian's main process starts a worker that died again; where it gives up, `serve` starts it anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from fairnotice.plumbing.locks import die_with_parent

THREADS = 64
_STOP_SECONDS = 8


def main(address: str, port: int, parent: int) -> None:
    """Serve until SIGTERM, or until the parent ends."""
    die_with_parent(parent)
    server = Server(
        "fairnotice.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=THREADS,
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=_LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
    )
    server.serve(target_loader=partial(_load, os.getpid()), wrap_loader=False)


def _load(parent: int) -> Callable[..., Any]:
    """In the new worker: tie its life to granian's main process before it answers anything."""
    die_with_parent(parent)
    from fairnotice.site.wsgi import application

    return application


_LOGGING: dict[str, Any] = {
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "generic"}},
    "loggers": {"_granian": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
