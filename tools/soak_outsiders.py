"""The two verifiers of `interop/`, which stand on other people's libraries, as finders of damage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.proof import format_proof
from fairnotice.translog.tiles import TileReader
from interop import programs

Finder = Callable[[Path], bool]


@dataclass(frozen=True)
class Tools:
    """The verifiers that can be started here; None for one that cannot."""

    go: Path | None
    js: Path | None

    def __str__(self) -> str:
        return " and ".join(name for name, tool in (("Go", self.go), ("JavaScript", self.js)) if tool)

    @contextmanager
    def finders(self, vkey: str, scratch: Path, proofs: int | None = None) -> Iterator[dict[str, Finder]]:
        """Finders by name, for a log of this key; of so many of its last entries proofs of inclusion are made
        and tried beside its tiles, of all where none is said."""
        found: dict[str, Finder] = {}
        scratch.mkdir(parents=True, exist_ok=True)
        with ExitStack() as running:
            if self.go is not None:
                go = running.enter_context(programs.start_go(self.go, {"log": vkey}))
                found["Go"] = lambda folder: _notices(go, folder)
            if self.js is not None:
                js = running.enter_context(programs.start_js(self.js, {"log": vkey}))
                found["JavaScript"] = lambda folder: _js_notices(js, folder, scratch, proofs)
            yield found


def tools(scratch: Path) -> Tools:
    """What is here; says which are left out, and how to get them."""
    go = programs.build_go(scratch / "go") if programs.go_is_here() else None
    js = programs.JS / "verify.mjs" if programs.js_is_here() else None
    for name, tool in (("Go's", go), ("the JavaScript", js)):
        if tool is None:
            print(f"  {name} verifier is left out: `python3 dev.py interop` installs it", flush=True)
    return Tools(go, js)


def _notices(verifier: programs.Verifier, folder: Path) -> bool:
    """Whether it refuses the checkpoint, or any tile or entry of the tree of this size."""
    answer = verifier.ask(kind="log", log=str(folder), checkpoint=str(folder / "checkpoint"))
    return not answer["ok"]


def _js_notices(verifier: programs.Verifier, folder: Path, scratch: Path, proofs: int | None) -> bool:
    """Whether it refuses the log as Go's does, or a proof of an entry that is made from the tiles: for these
    its library has code of its own."""
    if _notices(verifier, folder):
        return True
    proof, entry = scratch / "proof", scratch / "entry"
    try:
        note = (folder / "checkpoint").read_text("utf-8")
        tree = TileReader(folder, read_unverified(note).size)
        first = 0 if proofs is None else max(0, tree.size - proofs)
        for index, held in enumerate(tree.entries(first, tree.size), first):
            entry.write_bytes(held)
            proof.write_text(format_proof(index, tree.inclusion(index), note), "utf-8")
            if not verifier.ask(kind="inclusion", file=str(proof), entry=str(entry))["ok"]:
                return True
    except (TranslogError, OSError, UnicodeError):
        return True
    return False
