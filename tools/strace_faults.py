"""Faults of the system, injected by strace into one call of one run, and what must hold after the next
start."""

from __future__ import annotations

import os
import re
import select
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from fairnotice.translog.checkpoint import open_checkpoint
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.fsck import tree_check
from fairnotice.translog.merkle import Edge, leaf_hash
from fairnotice.translog.notes import Verifier
from fairnotice.translog.tiles import TileReader
from soak_failure import SoakFailure

ROOT = Path(__file__).resolve().parent.parent
CHILD = Path(__file__).with_name("strace_child.py")
#: All that writes, names, removes or syncs.
WRITES = ("write", "pwrite64", "ftruncate", "openat", "mkdir", "rename", "unlink", "unlinkat", "rmdir")
SYNCS = ("fsync", "fdatasync")
CALLS = (*WRITES, *SYNCS)
PATIENCE = 120  # seconds for one answer
_LINE = re.compile(r"(\w+)\((.*)")
_YAMA = Path("/proc/sys/kernel/yama/ptrace_scope")
_TEMPORARY = re.compile(r"\.(\w+)\.\d+-\d+\.tmp")


@dataclass(frozen=True)
class Plan:
    """What is tried, in words for `strace_child`: what is in the log `before`, and what is then `lost`,
    because an older copy of the databases is put back; what runs under the fault; how it is started again."""

    before: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    run: tuple[str, ...] = ("3", "2")
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """The `number`th call of this name (from 1) in an undisturbed run, and the file that it is about."""

    name: str
    number: int
    file: str


@dataclass(frozen=True)
class Fault:
    """What happens instead of the call: an error, such as EIO, or SIGKILL."""

    call: Call
    kind: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.call.name} {self.call.number} of {self.call.file}"


@dataclass(frozen=True)
class Outcome:
    """How the run went: "killed", "failed" (a step said so, or the whole process), "unmoved", or "missed" (it
    made fewer calls than the one before: where rows lie in their pages is a matter of chance)."""

    fault: Fault
    how: str
    acknowledged: int


def why_not() -> str | None:
    """Why faults cannot be injected here, or None."""
    if shutil.which("strace") is None:
        return "needs strace: apt-get install strace"
    if _YAMA.exists() and int(_YAMA.read_text()) > 1 and os.geteuid() != 0:
        return f"strace may not trace here: {_YAMA} is {_YAMA.read_text().strip()}"
    done = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, text=True)
    return f"strace may not trace here: {done.stderr.strip()[:200]}" if done.returncode else None


class Bench:
    """A folder with a data folder that is made anew for each run, always in the same place, by which its key
    is found; so one bench has one run at a time."""

    def __init__(self, home: Path, plan: Plan) -> None:
        self.home, self.plan = home, plan
        self.data = home / "data"
        self.template = home / "template"
        self.acknowledged = home / "acknowledged"
        self.trace = home / "trace"
        self.errors = home / "errors"
        self._runner: subprocess.Popen[str] | None = None
        home.mkdir(parents=True, exist_ok=True)
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")},
            "FAIRNOTICE_DATA": str(self.data),
            "DJANGO_SETTINGS_MODULE": "fairnotice.site.settings",
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            self._runner.kill()
            self._runner.communicate()

    def make(self) -> None:
        """An installation, as it is when a run begins."""
        done = subprocess.run(
            [sys.executable, "-m", "fairnotice", "init"], env=self._env, capture_output=True, text=True
        )
        if done.returncode:
            raise SoakFailure(f"no data folder could be made: {done.stderr.strip()}")
        with self.errors.open("wb") as errors:
            self._runner = subprocess.Popen(
                [sys.executable, str(CHILD)],
                env=self._env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        if self.plan.before:
            self._start(self.plan.before)
        if self.plan.lost:
            copies = [shutil.copy(path, self.home) for path in self.data.glob("*.sqlite3")]
            self._start(self.plan.lost)
            for copy in copies:
                shutil.copy(copy, self.data)
        shutil.copytree(self.data, self.template)

    def calls(self) -> list[Call]:
        """The calls of a run without a fault. Raises SoakFailure where even that is not sound."""
        self._fresh()
        self._start(self.plan.run, "-e", f"trace={','.join(CALLS)}", "-y")
        counts = dict.fromkeys(CALLS, 0)
        found = []
        for line in self.trace.read_text("utf-8", "replace").splitlines():
            match = _LINE.match(line)
            if match is None or match[1] not in counts:
                continue
            counts[match[1]] += 1
            # Opening for reading writes nothing; and our own notes are not what is tried.
            if (match[1] != "openat" or "O_CREAT" in line) and str(self.acknowledged) not in line:
                found.append(Call(match[1], counts[match[1]], self._file(match[2])))
        self.check()
        return found

    def run(self, fault: Fault) -> Outcome:
        """One run with a fault, the next start without, and the check. Raises SoakFailure."""
        self._fresh()
        effect = "signal=SIGKILL" if fault.kind == "SIGKILL" else f"error={fault.kind}"
        name = fault.call.name
        inject = f"inject={name}:{effect}:when={fault.call.number}"
        status = self._start(self.plan.run, "-e", f"trace={name}", "-e", inject)
        killed = os.WIFSIGNALED(status)
        if killed and fault.kind != "SIGKILL":
            raise SoakFailure(f"{fault}: the run was ended by signal {os.WTERMSIG(status)}")
        hit = killed or "(INJECTED)" in self.trace.read_text("utf-8", "replace")
        said = self.acknowledged.read_text().split("\n")
        seen = self._checkpoints()
        records = [line for line in said if len(line) == 32]
        try:
            if self._start(self.plan.again):
                raise SoakFailure(f"the next start failed: {self._error()}")
            self.check(seen, records)
        except SoakFailure as failure:
            raise SoakFailure(f"{fault}: {failure}") from failure
        failed = status != 0 or any(line.startswith("failed") for line in said)
        how = "killed" if killed else "missed" if not hit else "failed" if failed else "unmoved"
        return Outcome(fault, how, len(records))

    def check(self, seen: Sequence[bytes] = (), records: Sequence[str] = ()) -> None:
        """The log as it is now is sound; what anybody saw of it before is its beginning; what was
        acknowledged is in it once; nothing waits. Raises SoakFailure."""
        folder = self.folder()
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
            ask = database.execute
            [(vkey,)] = ask("SELECT vkey FROM ledger_logkey WHERE purpose = 'checkpoint'").fetchall()
            rows = list(ask(_ENTERED))
            signed = list(ask("SELECT size, root FROM ledger_checkpointrow ORDER BY size"))
            [(waiting,)] = ask("SELECT count(*) FROM ledger_waiting")
            [(events,)] = ask("SELECT count(*) FROM ledger_event")
        try:
            report = tree_check(folder, vkey)
            published = list(TileReader(folder, report.size).entries(0, report.size))
            seen_trees = [open_checkpoint(note, Verifier.from_vkey(vkey)) for note in seen]
        except TranslogError as error:
            raise SoakFailure(str(error)) from error
        entered, leaves = [row[0] for row in rows if row[0]], [row[1] for row in rows]
        roots = _roots(leaves)
        trees = [*signed, *((tree.size, tree.root) for tree in seen_trees)]
        wrong = [size for size, root in trees if size >= len(roots) or roots[size] != root]
        if wrong:
            raise SoakFailure(f"two histories: what was seen of {wrong[0]} entries is not how the log begins")
        if published != leaves or signed[-1][0] != report.size or report.ahead:
            raise SoakFailure(f"{report.size} entries are published, the database holds {len(leaves)}")
        missing = [record for record in records if entered.count(record) != 1]
        if missing or waiting or len(set(entered)) != len(entered) or len(entered) != events:
            raise SoakFailure(f"{len(missing)} acknowledged acts are not in the log exactly once")
        left = [path.name for path in folder.rglob(".*") if path.name != ".lock"]
        if len(left) > _LEFTOVERS:
            raise SoakFailure(f"{len(left)} unfinished files lie about: {left[0]}")

    def folder(self) -> Path:
        """The published log."""
        (checkpoint,) = (self.data / "log").glob("[0-9]*/checkpoint")
        return checkpoint.parent

    def vkey(self) -> str:
        """The public key of the log."""
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
            [(vkey,)] = database.execute("SELECT vkey FROM ledger_logkey WHERE purpose = 'checkpoint'")
        return str(vkey)

    def _fresh(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.template, self.data)
        self.acknowledged.unlink(missing_ok=True)
        self.trace.unlink(missing_ok=True)

    def _checkpoints(self) -> list[bytes]:
        """What others may have seen: before the run, and as the fault left it."""
        return [
            path.read_bytes()
            for folder in (self.template, self.data)
            for path in (folder / "log").glob("[0-9]*/checkpoint")
        ]

    def _start(self, words: Sequence[str], *strace: str) -> int:
        """A run, under strace where options for it are given; its status."""
        child = self._ask(" ".join(["run", str(self.acknowledged), *words]))
        with ExitStack() as tracing:
            if strace:
                command = ["strace", "-p", child, "-o", str(self.trace), *strace]
                tracer = tracing.enter_context(
                    subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
                )
                assert tracer.stderr is not None  # noqa: S101 - it is a pipe
                said = tracer.stderr.readline()
                if "attached" not in said:
                    raise SoakFailure(f"strace could not begin: {said.strip()}")
            ended = self._ask("go")
        return int(ended.split()[1])

    def _ask(self, line: str) -> str:
        runner = self._runner
        if runner is None or runner.stdin is None or runner.stdout is None:
            raise SoakFailure("the bench was not made")
        runner.stdin.write(f"{line}\n")
        runner.stdin.flush()
        if not select.select([runner.stdout], [], [], PATIENCE)[0]:
            raise SoakFailure(f"no answer to '{line}' within {PATIENCE} s")
        answer = runner.stdout.readline().strip()
        if not answer:
            raise SoakFailure(f"the runs ended by themselves: {self._error()}")
        return answer

    def _error(self) -> str:
        return self.errors.read_text("utf-8", "replace").strip()[-600:]

    def _file(self, arguments: str) -> str:
        """The last file that a call names, below the data folder."""
        names = re.findall(r'[<"](/[^>"]*)[>"]', arguments)
        inside = [name for name in names if name.startswith(f"{self.data}")]
        name = inside[-1] if inside else (names or ["?"])[-1]
        return _TEMPORARY.sub(r".\1.tmp", name.removeprefix(f"{self.data}/"))


_ENTERED = (
    "SELECT event.record, COALESCE(entry.leaf, event.leaf) FROM ledger_logentry entry "
    'LEFT JOIN ledger_event event ON event.id = entry.event_id ORDER BY entry."index"'
)
#: A process that was killed leaves what it was writing; no more than one publication.
_LEFTOVERS = 8


def _roots(leaves: Sequence[bytes]) -> list[bytes]:
    """The root of the tree of each size, from none to all."""
    edge = Edge()
    roots = [edge.root()]
    for leaf in leaves:
        edge.append(leaf_hash(leaf))
        roots.append(edge.root())
    return roots
