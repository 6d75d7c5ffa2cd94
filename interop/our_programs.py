"""Our witness, fsck and monitor, as commands, on a log that Go's library made; and what our witness signs,
before Go and JavaScript."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

from interop.programs import Verifier
from interop.published import LOG

SOURCES = Path(__file__).resolve().parent.parent / "src"
NAME = "our.witness.example.org"
_SECONDS = 60

Start = Callable[[Mapping[str, str]], Verifier]


def _words(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "fairnotice.translog", *map(str, words)]


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(SOURCES)}


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of the log's own commands to its end."""
    return subprocess.run(
        _words(*words), env=_environment(), capture_output=True, text=True, timeout=_SECONDS
    )


def _failure(what: str, done: subprocess.CompletedProcess[str]) -> list[str]:
    return [f"{what} ends with {done.returncode}: {done.stdout}{done.stderr}"] if done.returncode else []


def free_port() -> int:
    """A port on this machine that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _serving(folder: Path, port: int) -> Iterator[None]:
    """Our witness, answering on the port. Raises OSError where it does not begin to."""
    log = folder / "serve.txt"
    with log.open("wb") as said:
        process = subprocess.Popen(
            _words("witness", "serve", folder), env=_environment(), stdout=said, stderr=subprocess.STDOUT
        )
    try:
        begun = time.monotonic()
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() - begun > _SECONDS:
                    raise OSError(f"our witness does not answer: {log.read_text()}") from None
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _post(port: int, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS)
    try:
        connection.request("POST", "/add-checkpoint", body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def check_witness(log: Path, folder: Path, sizes: Sequence[int], starts: Sequence[Start]) -> list[str]:
    """Submit Go's checkpoints, with Go's consistency proofs, to our witness; what it signs has to hold for
    the verifiers that `starts` start."""
    port = free_port()
    made = command("witness", "init", folder, "--name", NAME, "--port", str(port), "--mldsa")
    added = command("witness", "add-log", folder, LOG.verifier.vkey)
    wrong = _failure("witness init", made) + _failure("witness add-log", added)
    if wrong:
        return wrong
    keys = dict(zip(("witness", "mldsa"), made.stdout.split(), strict=True)) | {"log": LOG.verifier.vkey}
    with ExitStack() as stack:
        stack.enter_context(_serving(folder, port))
        verifiers = [stack.enter_context(start(keys)) for start in starts]
        for old, size in pairwise([0, *sizes]):
            note = (log / "checkpoints" / str(size)).read_bytes()
            request = (log / "consistency" / f"{old}-{size}").read_bytes() if old else b"old 0\n\n" + note
            status, said = _post(port, request)
            if status != 200:
                wrong.append(f"our witness answers {status} to Go's checkpoint of {size}: {said!r}")
                break
            cosigned = folder / f"cosigned-{size}"
            cosigned.write_bytes(note + said)
            for verifier in verifiers:
                for kind in sorted({"cosigned", "mldsa"} & verifier.kinds):
                    answer = verifier.ask(kind=kind, file=str(cosigned))
                    if not answer["ok"]:
                        wrong.append(f"{verifier.name} refuses our witness at {size}: {answer.get('why')}")
    return wrong


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: each file that the monitor reads would be a line."""


def check_monitor(log: Path, folder: Path, sizes: Sequence[int]) -> list[str]:
    """Our monitor follows Go's log over HTTP, from its first size on, and reads every entry."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(log)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wrong = []
    try:
        for size in sizes:
            shutil.copy(log / "checkpoints" / str(size), log / "checkpoint")
            url = f"http://127.0.0.1:{server.server_port}/"
            done = command(
                "monitor", url, "--vkey", LOG.verifier.vkey, "--state", folder, "--once", "--from-start"
            )
            wrong += _failure(f"our monitor at {size}", done)
            if f" {size} entries" not in done.stdout:
                wrong.append(f"our monitor does not tell of {size} entries: {done.stdout}")
    finally:
        server.shutdown()
        server.server_close()
    return wrong


def check(log: Path, folder: Path, sizes: Sequence[int], starts: Sequence[Start]) -> list[str]:
    """All three on the log that Go made in `log`; gives what was wrong."""
    wrong = check_witness(log, folder / "witness", sizes, starts)
    print(f"  our witness: {len(sizes)} of their checkpoints cosigned", flush=True)
    some = sorted({sizes[0], sizes[len(sizes) // 2], sizes[-1]})
    wrong += check_monitor(log, folder / "monitor", some)
    print(f"  our monitor: followed over HTTP at sizes {', '.join(map(str, some))}", flush=True)
    wrong += _failure("our fsck", command("fsck", log, "--vkey", LOG.verifier.vkey))
    print("  our fsck: the whole of it\n", flush=True)
    return wrong
