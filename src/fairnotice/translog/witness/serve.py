"""Runs a witness: granian with one worker process, because the state has one owner."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from fairnotice.translog.witness.app import App
from fairnotice.translog.witness.config import Config, read_config
from fairnotice.translog.witness.errors import WitnessError
from fairnotice.translog.witness.owner import Owner

THREADS = 64
_STOP_SECONDS = 8
_PATIENCE = 15  # a worker that takes over from a killed one waits until the kernel has freed the state
_PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
_LOGGING: dict[str, Any] = {
    "formatters": {"witness": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {
        "witness": {"class": "logging.StreamHandler", "formatter": "witness", "stream": "ext://sys.stderr"},
    },
    "loggers": {
        "_granian": {"handlers": ["witness"], "level": "ERROR", "propagate": False},
        "fairnotice.witness": {"handlers": ["witness"], "level": "INFO", "propagate": False},
    },
}


def serve(folder: Path) -> None:
    """Serve until SIGTERM or SIGINT. Raises :class:`WitnessError` where it cannot start."""
    config = read_config(folder)
    owner = Owner(folder / "serve.owner")
    owner.acquire()
    try:
        # Faults in keys or state are said here, once; the worker would only say them again and again.
        cosigner = config.cosigner()
        config.state(patience=_PATIENCE).close()
        _must_be_free(config.host, config.port)
        host = f"[{config.host}]" if ":" in config.host else config.host
        print(
            f"The witness {cosigner.name} answers at http://{host}:{config.port}{config.prefix}/", flush=True
        )
        server = Server(
            "fairnotice.translog.witness.serve:application",
            address=config.host,
            port=config.port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=1,
            blocking_threads=THREADS,
            log_access=False,
            log_level=LogLevels.error,
            log_dictconfig=_LOGGING,
            respawn_failed_workers=True,
            respawn_interval=0.2,
            workers_kill_timeout=_STOP_SECONDS,
        )
        server.serve(target_loader=partial(_load, folder, os.getpid()), wrap_loader=False)
    finally:
        owner.release()


def _load(folder: Path, parent: int) -> Callable[..., Any]:
    """In the worker: tie its life to the server's, take the state, and only then answer."""
    _die_with(parent)
    try:
        return application(read_config(folder))
    except WitnessError as fault:
        print(f"witness: {fault}", file=sys.stderr, flush=True)
        raise SystemExit(1) from None


def application(config: Config) -> App:
    """The WSGI application of a configured witness; it owns the state from now on."""
    return App(
        cosigner=config.cosigner(),
        logs=config.logs,
        state=config.state(patience=_PATIENCE),
        prefix=config.prefix,
        evidence=config.folder / "evidence",
    )


def _die_with(parent: int) -> None:
    """A server that was killed must leave no worker behind that still holds the state (prctl(2); Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def _must_be_free(host: str, port: int) -> None:
    """granian shares its port on purpose, so it would also share it with a stranger: look before."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as fault:
        raise WitnessError(f"port {port} on {host} cannot be used ({fault.strerror})") from None
