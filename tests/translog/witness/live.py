"""A witness served by a real process, and a client without manners."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fairnotice.translog.cosignature import CosignatureVerifier
from fairnotice.translog.witness.client import Witness
from tests.conftest import SOURCE
from tests.site.served import PATIENCE, alive, children, free_port, wait_for
from tests.translog.witness.made import LOG_KEY, NAME

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCE)}


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `python -m fairnotice.translog witness ...` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "fairnotice.translog", "witness", *map(str, arguments)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


class Live:
    """One witness folder; its server can be started, killed and started again."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder, self.port = folder, free_port()
        made = command("init", folder, "--name", NAME, "--port", str(self.port), *arguments)
        assert made.returncode == 0, made.stderr
        self.vkeys = made.stdout.splitlines()
        added = command("add-log", folder, LOG_KEY.verifier.vkey)
        assert added.returncode == 0, added.stderr
        self.url = f"http://127.0.0.1:{self.port}"
        self.witness = Witness("w", CosignatureVerifier.from_vkey(self.vkeys[0]), self.url)
        self.output = folder / "out.txt"
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with self.output.open("ab") as out:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "fairnotice.translog", "witness", "serve", str(self.folder)],
                env=ENVIRONMENT,
                stdout=out,
                stderr=out,
            )
        wait_for(lambda: self.ended() or self.get("/")[0] == 200)
        assert not self.ended(), self.output.read_text()

    def ended(self) -> bool:
        return self.server is None or self.server.poll() is not None

    def worker(self) -> int | None:
        assert self.server is not None
        return next((pid for pid in children(self.server.pid) if alive(pid)), None)

    def kill(self) -> None:
        """SIGKILL to the server; what it leaves behind must go by itself."""
        if self.server is not None and not self.ended():
            left = [self.server.pid, *children(self.server.pid)]
            self.server.kill()
            self.server.wait()
            wait_for(lambda: not any(alive(pid) for pid in left))

    def request(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str]:
        """Status and text; status 0 where nobody answers."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request(method, path, body)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            link.close()

    def get(self, path: str) -> tuple[int, str]:
        return self.request("GET", path)

    def add(self, body: bytes) -> tuple[int, str]:
        return self.request("POST", "/add-checkpoint", body)


@contextlib.contextmanager
def live(folder: Path, *arguments: str) -> Iterator[Live]:
    """A witness that serves while the block runs."""
    witness = Live(folder, *arguments)
    try:
        witness.start()
        yield witness
    finally:
        witness.kill()
