"""The verifiers that stand on other people's libraries: install what they need, build them, talk to them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import select
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"  # ignored by git
JS = HERE / "js"
GOPATH = Path("/usr/share/gocode")  # where Debian's golang-*-dev packages put sources
SUMDB = GOPATH / "src/golang.org/x/mod/sumdb"
GO_PACKAGES = ["golang-go", "golang-golang-x-mod-dev"]
JS_PACKAGES = ["nodejs", "npm"]
OLDEST_NODE = (20, 19)
ANSWER_SECONDS = 60  # the longest job, every tile of 70,000 entries, takes two


class Missing(Exception):
    """Something that has to be installed first; the message names the command."""


class Broken(Exception):
    """A verifier ended or hung instead of answering."""


def _run(command: Sequence[str | Path], cwd: Path, what: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program to its end, showing its words only where it failed. Raises Missing then."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=dict(env) if env else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise Missing(f"{what} failed:\n{done.stdout.strip()}")


def _apt(packages: Sequence[str]) -> None:
    """Install Debian packages where this user may. Raises Missing with the one command otherwise."""
    command = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"needed first, as root: {command}")
    print(f"Installing Debian's {', '.join(packages)} ...", flush=True)
    env = os.environ | {
        "DEBIAN_FRONTEND": "noninteractive",
        "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin",
    }
    _run(["apt-get", "update", "-qq"], HERE, "apt-get update", env)
    _run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages], HERE, command, env)


def go_is_here() -> bool:
    """Whether Go and the library are installed."""
    return shutil.which("go") is not None and (SUMDB / "note").is_dir() and (SUMDB / "tlog").is_dir()


def _said_by(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if not done.returncode else ""


def build_go(into: Path = BUILD) -> Path:
    """The Go verifier, built from `interop/go` with Debian's sources of golang.org/x/mod; gives its file."""
    into.mkdir(parents=True, exist_ok=True)
    env = os.environ | {
        "GO111MODULE": "off",  # sources come from Debian's packages, nothing is fetched
        "GOPATH": str(GOPATH),
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "GOCACHE": str(BUILD / "go-cache"),
        "CGO_ENABLED": "0",
    }
    program = into / "verify"
    _run(["go", "build", "-o", program, "."], HERE / "go", "go build", env)
    return program


def js_is_here() -> bool:
    """Whether node and the packages that `dev.py interop` installs are there."""
    return shutil.which("node") is not None and (JS / "node_modules" / ".installed").exists()


def go_verifier() -> tuple[Path, str]:
    """Program and what it stands on. Raises Missing."""
    if not go_is_here():
        _apt(GO_PACKAGES)
    print("Building the Go verifier ...", flush=True)
    program = build_go()
    version = _said_by("go", "version").removeprefix("go version ")
    library = _said_by("dpkg-query", "-W", "-f", "${Version}", GO_PACKAGES[1]) or "of unknown version"
    return program, f"golang.org/x/mod {library} (Debian), {version}"


def js_verifier() -> tuple[Path, str]:
    """Script and what it stands on. Raises Missing."""
    if not shutil.which("node") or not shutil.which("npm"):
        _apt(JS_PACKAGES)
    found = re.match(r"v(\d+)\.(\d+)", _said_by("node", "--version"))
    if not found or (int(found[1]), int(found[2])) < OLDEST_NODE:
        raise Missing(
            "node {}.{} or newer is needed; Debian 13 has one: apt-get install nodejs".format(*OLDEST_NODE)
        )
    lock = (JS / "package-lock.json").read_bytes()
    stamp = JS / "node_modules" / ".installed"
    digest = hashlib.sha256(lock + found[0].encode()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        print("Installing npm's packages from interop/js/package-lock.json, hashes checked ...", flush=True)
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], JS, "npm ci")
        stamp.write_text(digest)
    packages = json.loads(lock)["packages"]
    names = ["@sigstore/verify", "@sigstore/core", "@noble/post-quantum"]
    versions = [f"{name} {packages[f'node_modules/{name}']['version']}" for name in names]
    return JS / "verify.mjs", f"{', '.join(versions)}, node {found[0]}"


class Verifier:
    """A running verifier: one line of JSON in, one out. A context manager that ends it.

    `kinds` are the jobs that it has a library for.
    """

    def __init__(self, name: str, command: Sequence[str | Path], kinds: frozenset[str]) -> None:
        self.name = name
        self.kinds = kinds
        self._process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )

    def __enter__(self) -> Verifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, **job: object) -> dict[str, Any]:
        """The answer to one job: `ok`, and `why` not. Raises Broken where none comes."""
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise Broken(f"{self.name} cannot be talked to")
        try:
            into.write(json.dumps(job).encode() + b"\n")
        except BrokenPipeError:
            raise Broken(f"{self.name} ended; its words are above") from None
        ready, _, _ = select.select([out], [], [], ANSWER_SECONDS)
        line = out.readline() if ready else b""
        if not line.endswith(b"\n"):
            raise Broken(f"{self.name} {'ended' if ready else 'hung'} at {job}")
        answer = json.loads(line)
        if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
            raise Broken(f"{self.name} answered {line!r}")
        return answer


GO_KINDS = frozenset({"checkpoint", "cosigned", "inclusion", "consistency", "tile", "bundle", "log"})
JS_KINDS = GO_KINDS | {"mldsa"}


def start_go(program: Path, keys: Mapping[str, str]) -> Verifier:
    """The Go verifier, trusting the vkeys in `keys` ("log", "witness")."""
    words = [word for role, vkey in keys.items() if role != "mldsa" for word in (f"-{role}", vkey)]
    return Verifier("Go", [program, *words], GO_KINDS)


def start_js(script: Path, keys: Mapping[str, str]) -> Verifier:
    """The JavaScript verifier, trusting the vkeys in `keys` ("log", "witness", "mldsa")."""
    words = [word for role, vkey in keys.items() for word in (f"--{role}", vkey)]
    return Verifier("JavaScript", ["node", script, *words], JS_KINDS)
