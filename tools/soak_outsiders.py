"""The two verifiers of `interop/`, which stand on other people's libraries, as finders of damage."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fairnotice.translog.checkpoint import read_unverified
from fairnotice.translog.errors import TranslogError
from fairnotice.translog.proof import format_proof
from fairnotice.translog.tiles import TileReader
from interop import programs

Finder = Callable[[Path], bool]


@contextmanager
def outsiders(vkey: str, scratch: Path) -> Iterator[dict[str, Finder]]:
    """Finders by name, for a log of this key: those whose tools are here; says which are left out."""
    found: dict[str, Finder] = {}
    with ExitStack() as running:
        if programs.go_is_here():
            program = programs.build_go(scratch / "go")
            go = running.enter_context(programs.start_go(program, {"log": vkey}))
            found["Go"] = lambda folder: _go_notices(go, folder)
        else:
            print("  Go's verifier is left out: `python3 dev.py interop` installs it", flush=True)
        if shutil.which("node") and (programs.JS / "node_modules" / ".installed").exists():
            js = running.enter_context(programs.start_js(programs.JS / "verify.mjs", {"log": vkey}))
            found["JavaScript"] = lambda folder: _js_notices(js, folder, scratch)
        else:
            print("  the JavaScript verifier is left out: `python3 dev.py interop` installs it", flush=True)
        yield found


def _go_notices(verifier: programs.Verifier, folder: Path) -> bool:
    """Whether it refuses the checkpoint, or any tile or entry of the tree of this size."""
    answer = verifier.ask(kind="log", log=str(folder), checkpoint=str(folder / "checkpoint"))
    return not answer["ok"]


def _js_notices(verifier: programs.Verifier, folder: Path, scratch: Path) -> bool:
    """Whether it refuses the checkpoint or the proof of any entry; it reads no tiles, so that proofs are made
    from them. Where our own code cannot even make a proof, that counts as noticed."""
    if not verifier.ask(kind="checkpoint", file=str(folder / "checkpoint"))["ok"]:
        return True
    proof, entry = scratch / "proof", scratch / "entry"
    try:
        note = (folder / "checkpoint").read_text("utf-8")
        tree = TileReader(folder, read_unverified(note).size)
        for index, held in enumerate(tree.entries(0, tree.size)):
            entry.write_bytes(held)
            proof.write_text(format_proof(index, tree.inclusion(index), note), "utf-8")
            if not verifier.ask(kind="inclusion", file=str(proof), entry=str(entry))["ok"]:
                return True
    except (TranslogError, OSError, UnicodeError):
        return True
    return False
