"""Everything a developer runs, with nothing but Python's standard library: `python3 dev.py --help`.

It makes `.venv` beside itself, fills it with the hashed requirements, then starts pytest or one of `tools/`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BENCH_VENV = ROOT / ".venv-bench"  # holds what benchmarks compare us with
SPARK_VENV = ROOT / ".venv-spark"  # holds Spark, which is half a gigabyte
# The interpreter behind an activated environment: that one has pip, ours is made without.
BASE = getattr(sys, "_base_executable", None) or sys.executable
OLDEST_PIP = (22, 3)  # the first with `pip --python`
# One test more at once than there are cores, as many wait for a disk or for a program; those of one file stay
# in one process, since they share a browser. Files go in order: sorted by size, the long ones that start
# programs would come last and alone.
AT_ONCE = [f"-n{min(5, 1 + (os.cpu_count() or 1))}", "--dist=loadfile", "--no-loadscope-reorder"]
# Where tests keep their files, if there is room: in memory nothing waits for a disk.
IN_MEMORY, ROOM = Path("/dev/shm"), 3 * 1024**3  # noqa: S108
# Debian's packages that tests use, and what shows that they are there.
PROGRAMS = {
    "chromium": "chromium-headless-shell fonts-dejavu-core",
    "postgresql": "postgresql",
    "compiler": "gcc libc6-dev",
}
POSTGRESQL = Path("/usr/lib/postgresql")  # where Debian puts it, beside the path


class Trouble(Exception):
    """Something the person has to mend; the message is one sentence that names the command."""


def say(text: str) -> None:
    """Progress, in order with what the started programs print."""
    print(text, flush=True)


def surroundings(**more: str) -> dict[str, str]:
    """The environment for started programs, without what would let other Pythons leak into ours, and without
    what would have each of the many programs that tests start compile all of the sources anew."""
    left_out = ("PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PIP_USER": "0"} | more


def run(*command: str | Path, **more: str) -> int:
    """Run a program in the project's folder and give its exit status."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env=surroundings(**more)).returncode


def requirements_digest(*kinds: str) -> str:
    """What an environment depends on: the pinned files, this Python, and this folder (scripts name it)."""
    digest = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}\n".encode())
    for name in kinds:
        digest.update((ROOT / "requirements" / f"{name}.txt").read_bytes())
    return digest.hexdigest()


def environment(kind: str) -> Path:
    """Make `.venv` hold the requirements of `kind` ("main", or "dev", which contains main), `.venv-bench`
    those of "bench" or `.venv-spark` those of "spark"; gives its Python.

    The stamp is written last and removed first, so an interrupted install is never taken for a whole one.
    Raises Trouble where venv, pip or the network is missing.
    """
    own = {"bench": BENCH_VENV, "spark": SPARK_VENV}
    venv = own.get(kind, VENV)
    python, stamp = venv / "bin" / "python", venv / "installed"
    digest = requirements_digest(*([kind] if kind in own else ["main", "dev"]))
    found = stamp.read_text() if stamp.exists() and python.exists() else ""
    if found in (f"{kind} {digest}", f"dev {digest}"):
        return python
    require_pip()
    if found == f"main {digest}":
        stamp.unlink()
    else:
        say(f"Making {venv.name} ...")
        if run(BASE, "-m", "venv", "--clear", "--without-pip", venv):
            raise Trouble("Python's venv module is missing; on Debian: apt-get install python3-venv")
    install(kind, python)
    enter_project(venv)
    stamp.write_text(f"{kind} {digest}")
    return python


def require_pip() -> None:
    """Raise Trouble unless a pip that can install into another Python is at hand."""
    command = [BASE, "-m", "pip", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, env=surroundings())
    words = answer.stdout.split()
    if answer.returncode or len(words) < 2:
        raise Trouble(f"{BASE} has no pip; on Debian: apt-get install python3-pip")
    if tuple(int(part) for part in words[1].split(".")[:2] if part.isdigit()) < OLDEST_PIP:
        raise Trouble(f"pip {words[1]} is too old, 22.3 is needed: {BASE} -m pip install --upgrade pip")


def install(kind: str, python: Path) -> None:
    """Install one file of hashed requirements, saying now and then that it is still at work."""
    file = ROOT / "requirements" / f"{kind}.txt"
    count = sum("==" in line for line in file.read_text().splitlines())
    say(f"Installing {count} packages from requirements/{kind}.txt, hashes checked ...")
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    command = [BASE, "-m", "pip", "--python", python, "install", *quiet, "--require-hashes", "-r", file]
    start = time.monotonic()
    with subprocess.Popen([str(part) for part in command], cwd=ROOT, env=surroundings()) as pip:
        while True:
            try:
                status = pip.wait(timeout=20)
                break
            except subprocess.TimeoutExpired:
                say(f"  still installing, {time.monotonic() - start:.0f} s")
    if status:
        raise Trouble("Installing failed (pip's words are above); run the same command again to try again.")
    say(f"  done in {time.monotonic() - start:.0f} s")


def enter_project(venv: Path) -> None:
    """Put src/ on the environment's path and make its `fairnotice` command (`-e .` cannot carry a hash)."""
    packages = venv / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"
    (packages / "fairnotice.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    script, python = venv / "bin" / "fairnotice", venv / "bin" / "python"
    # Starts as a shell script: a "#!" line may neither be long nor hold spaces, a folder's name may.
    script.write_text(
        f"""#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from fairnotice.site.cli import main

sys.exit(main())
""",
        encoding="utf-8",
    )
    script.chmod(0o755)


def bench_environment() -> Path:
    """`environment` of what benchmarks and the fuzzer need, some of which is compiled."""
    if not (BENCH_VENV / "installed").exists():
        compiler()
    return environment("bench")


def programs() -> None:
    """Have Debian's chromium, PostgreSQL and a C compiler at hand, installing them where this user may.
    Raises Trouble otherwise."""
    found = {
        "chromium": shutil.which("chromium-headless-shell") or shutil.which("chromium"),
        "postgresql": shutil.which("pg_ctl") or list(POSTGRESQL.glob("*/bin/pg_ctl")),
        "compiler": any(map(shutil.which, ("cc", "gcc", "clang"))),
    }
    missing = [package for name in PROGRAMS if not found[name] for package in PROGRAMS[name].split()]
    if missing:
        of_debian(missing, "the tests need")


def java() -> None:
    """Have a Java for Spark at hand, installing Debian's where this user may. Raises Trouble otherwise."""
    home = os.environ.get("JAVA_HOME")
    if not (home and Path(home, "bin", "java").exists()) and not shutil.which("java"):
        of_debian(["default-jre-headless"], "Spark needs")


def of_debian(missing: list[str], who: str) -> None:
    """Install packages of Debian. Raises Trouble, with the command, where that cannot be done."""
    needed = f"{who} more of Debian: apt-get install {' '.join(missing)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Trouble(f"{needed} (as root)")
    say(f"Installing {' '.join(missing)} ...")
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.environ.get("PATH", "") + ":/usr/sbin:/sbin"}
    if run("apt-get", "update", "-qq", **quiet):
        raise Trouble("apt-get update failed (its words are above).")
    if run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing, **quiet):
        raise Trouble(f"{needed} (apt-get's words are above)")


@contextlib.contextmanager
def scratch() -> Iterator[str]:
    """A folder for what tests write, gone afterwards: in memory where it has room, or where TMPDIR says."""
    roomy = "TMPDIR" not in os.environ and os.access(IN_MEMORY, os.W_OK)
    roomy = roomy and shutil.disk_usage(IN_MEMORY).free >= ROOM
    folder = tempfile.mkdtemp(prefix="fairnotice-", dir=IN_MEMORY if roomy else None)
    os.chmod(folder, 0o711)  # noqa: S103 - PostgreSQL runs as a user of its own, who has to get to its files
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compiler() -> None:
    """Raise Trouble unless what benchmarks compare with can be compiled (pytricia comes as source)."""
    asked = "import sysconfig; print(sysconfig.get_path('include'))"
    answer = subprocess.run([BASE, "-c", asked], capture_output=True, text=True, env=surroundings())
    headers = Path(answer.stdout.strip()) / "Python.h"
    if not any(map(shutil.which, ("cc", "gcc", "clang"))) or not headers.exists():
        raise Trouble(
            "pytricia is compiled for the benchmarks, which needs a C compiler and Python's headers; "
            "on Debian: apt-get install gcc python3-dev"
        )


def demo(rest: list[str]) -> int:
    """take a notice the whole way, check its proof, serve the site [--no-serve --notice --data --port]"""
    return run(environment("main"), "tools/demo.py", *rest)


def test(rest: list[str]) -> int:
    """run all tests, browser tests included; further words go to pytest (-n0: one after the other)"""
    python = environment("dev")
    programs()
    with scratch() as folder:
        return run(python, "-m", "pytest", *AT_ONCE, *rest, TMPDIR=folder)


def lint(rest: list[str]) -> int:
    """check style, types, who imports whom, file sizes, texts, migrations"""
    return run(environment("dev"), "tools/lint.py", *rest)


def bench(rest: list[str]) -> int:
    """measure us beside others in one run, print ratios; a word behind says what: answerable, translog"""
    return run(bench_environment(), "bench/run.py", *rest)


def interop(rest: list[str]) -> int:
    """have verifiers that others wrote (Go, JavaScript) accept our log, and refuse it where it was changed"""
    return run(environment("dev"), "interop/run.py", *rest)


def spark(rest: list[str]) -> int:
    """ask the same ten questions of DuckDB and of a local Spark, and compare [--store DIR --master URL]"""
    java()
    return run(environment("spark"), "tools/spark_contract.py", *rest)


def soak(rest: list[str]) -> int:
    """long runs with faults: failing disks, killed processes, changed bytes, any input; a word picks one"""
    if "fuzz" in rest or not any(not word.startswith("-") for word in rest):
        bench_environment()  # the fuzzer lives there
    return run(environment("dev"), "tools/soak.py", *rest)


def lock(rest: list[str]) -> int:
    """compile requirements/*.in to pinned files with hashes; --upgrade takes newer versions"""
    return run(environment("dev"), "tools/lock.py", *rest)


COMMANDS = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "bench": bench,
    "interop": interop,
    "spark": spark,
    "soak": soak,
    "lock": lock,
}


def main(words: list[str]) -> int:
    """Run one command; 0 when all went well, 2 when something has to be mended first."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- said in words, since an older Python can start this file
        print(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    if not words or words[0] in ("-h", "--help", "help"):
        lines = [f"  {name:9}{command.__doc__}" for name, command in COMMANDS.items()]
        say("usage: python3 dev.py COMMAND [...]\n\n" + "\n".join(lines))
        return 0
    if words[0] not in COMMANDS:
        print(f"dev.py: no command {words[0]!r}; there are: {', '.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[words[0]](words[1:])
    except Trouble as trouble:
        print(f"dev.py: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
