"""The kernel compiled for this machine, and found again. Nothing is downloaded; one C file, one compiler.

It lies in the user's own cache folder under a name that holds the hash of its source, so that one of another
version is never taken. Pure.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from fairnotice.observatory import kept

SOURCE: Final = Path(__file__).with_name("scan.c")
COMPILERS: Final = ("cc", "gcc", "clang")
_FLAGS: Final = ("-std=c11", "-O3", "-fPIC", "-shared", "-Wall", "-Wextra", "-fno-strict-aliasing")
_SECONDS: Final = 120


class NotBuilt(Exception):
    """The kernel could not be compiled; the message says why, and what to do."""


def place() -> Path:
    """Where the kernel for this source and kind of machine lies, or would lie."""
    return kept.folder() / f"kernel-{_digest()}-{platform.machine() or 'any'}.so"


@cache
def _digest() -> str:
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]


def build() -> Path:
    """Compile the kernel; gives its place. Raises NotBuilt, or OSError where the folder cannot be written."""
    compiler = next((found for name in COMPILERS if (found := shutil.which(name))), None)
    if compiler is None:
        raise NotBuilt(
            "there is no C compiler (cc, gcc or clang); on Debian: apt-get install gcc libc6-dev. "
            "Everything works without the kernel, only slower"
        )
    target = place()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # In the folder itself, so that the last step is one rename.
    with tempfile.TemporaryDirectory(prefix="building-", dir=target.parent) as scratch:
        made = Path(scratch) / "kernel.so"
        command = [compiler, *_FLAGS, *_for_this_machine(), "-o", str(made), str(SOURCE)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise NotBuilt(f"{compiler} was not done after {_SECONDS} seconds") from error
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise NotBuilt(f"{compiler} failed: {said[0] if said else 'it did not say why'}")
        made.chmod(0o700)
        made.replace(target)
    for old in target.parent.glob("kernel-*.so"):
        if old != target:
            old.unlink(missing_ok=True)
    return target


def remove() -> bool:
    """Take the kernel away; whether there was one."""
    there = place().exists()
    for one in kept.folder().glob("kernel-*.so"):
        one.unlink(missing_ok=True)
    return there


def found() -> Path | None:
    """The kernel, where it was built and nobody but its owner could have written it."""
    target = place()
    return target if kept.ours(target) else None


def abilities() -> frozenset[str]:
    """What this machine's processor can do, in the words of Linux; empty where it does not say."""
    try:
        text = Path("/proc/cpuinfo").read_text("ascii", errors="replace")
    except OSError:
        return frozenset()
    for line in text.splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def _for_this_machine() -> list[str]:
    return ["-mavx2", "-mbmi"] if {"avx2", "bmi1"} <= abilities() else []
