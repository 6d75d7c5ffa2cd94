"""The page's reader of tiles on trees of every shape: it finds, proves and compares what the program does."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route

from fairnotice.translog import merkle
from fairnotice.translog.encoding import encode_base64
from fairnotice.translog.tiles import write_tiles
from tests.browser.visit import BASE, Visit

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("fn_db")]
SIZES = [1, 2, 3, 255, 256, 257, 511, 512, 700, 65_535, 65_536, 65_537, 70_000]
RUN = """async ({ size, root, old, wanted, leaf, from }) => {
  const { SignedTree } = await import("/static/fairnotice/check/tiles.js");
  const { fromBase64, toBase64 } = await import("/static/fairnotice/check/bytes.js");
  const { inclusionProof, treeRoot } = await import("/static/fairnotice/check/merkle.js");
  const read = (text) => fromBase64(text, "entry");
  try {
    const tree = await new SignedTree("/tree/", BigInt(size), read(root)).open();
    const roots = [];
    for (const one of old) roots.push(toBase64(await treeRoot(BigInt(one), tree.read)));
    const proofs = [];
    for (const one of wanted) proofs.push((await inclusionProof(BigInt(one), BigInt(size), tree.read)).map(toBase64));
    const found = leaf === null ? null : await tree.find(read(leaf), BigInt(from));
    return { roots, proofs, found: found === null ? null : Number(found), asked: tree.asked };
  } catch (fault) {
    return { code: fault.code ?? String(fault) };
  }
}"""


@pytest.fixture(scope="module")
def entries() -> list[bytes]:
    return [b"%d" % number for number in range(SIZES[-1])]


@pytest.fixture(scope="module")
def hashes(entries: list[bytes]) -> list[bytes]:
    return [merkle.leaf_hash(entry) for entry in entries]


class Tree:
    """A log of some size, published in one step, and a browser that reads it."""

    def __init__(self, visit: Visit, folder: Path) -> None:
        self.folder = folder
        self.page = visit.page("/about/")
        self.page.set_default_timeout(60_000)
        self.page.context.route(BASE + "/tree/**", self.answer)

    def answer(self, route: Route) -> None:
        path = self.folder / route.request.url.removeprefix(BASE + "/tree/")
        if path.is_file():
            route.fulfill(body=path.read_bytes())
        else:
            route.fulfill(status=404)

    def ask(self, size: int, root: bytes, **more: Any) -> dict[str, Any]:
        given = {"old": [], "wanted": [], "leaf": None, "from": 0, **more}
        answer = self.page.evaluate(RUN, {"size": size, "root": encode_base64(root), **given})
        return dict(answer)


def test_roots_and_proofs_are_those_of_the_program(
    visit: Visit, tmp_path: Path, entries: list[bytes], hashes: list[bytes]
) -> None:
    tree = Tree(visit, tmp_path)
    for size in SIZES:
        shutil.rmtree(tmp_path / "tile", ignore_errors=True)
        write_tiles(tmp_path, 0, entries[:size])
        read = merkle.list_reader(hashes[:size])
        old = sorted({1, size // 2 or 1, max(1, size - 1), size})
        wanted = sorted({0, size // 3, size - 1})
        leaf = encode_base64(hashes[size - 1])
        answer = tree.ask(
            size, merkle.root(hashes[:size]), old=old, wanted=wanted, leaf=leaf, **{"from": size // 2}
        )
        assert "code" not in answer, (size, answer)
        assert answer["roots"] == [encode_base64(merkle.tree_root(one, read)) for one in old], size
        expected = [[encode_base64(h) for h in merkle.inclusion_proof(one, size, read)] for one in wanted]
        assert answer["proofs"] == expected, size
        assert answer["found"] == size - 1


def test_it_looks_behind_the_promised_place_too_and_says_when_it_is_nowhere(
    visit: Visit, tmp_path: Path, entries: list[bytes], hashes: list[bytes]
) -> None:
    write_tiles(tmp_path, 0, entries[:700])
    tree, root = Tree(visit, tmp_path), merkle.root(hashes[:700])
    for index, start in ((3, 690), (300, 700), (699, 5000), (0, 0)):
        assert tree.ask(700, root, leaf=encode_base64(hashes[index]), **{"from": start})["found"] == index
    assert tree.ask(700, root, leaf=encode_base64(hashes[701]), **{"from": 600})["found"] is None


def test_no_tile_is_believed_that_does_not_lead_to_the_root(
    visit: Visit, tmp_path: Path, entries: list[bytes], hashes: list[bytes]
) -> None:
    write_tiles(tmp_path, 0, entries[:700])
    tree, root = Tree(visit, tmp_path), merkle.root(hashes[:700])
    files = sorted(
        path for path in (tmp_path / "tile").rglob("*") if path.is_file() and "entries" not in str(path)
    )
    assert len(files) == 4
    nowhere = encode_base64(bytes(32))
    for path in files:
        whole = path.read_bytes()
        for damaged, code in (
            (whole[:-1] + bytes([whole[-1] ^ 1]), "log-root"),
            (bytes([whole[0] ^ 1]) + whole[1:], "log-root"),
            (whole[:-1], "log-damaged"),
            (whole[:-32], "log-damaged"),
            (b"", "log-damaged"),
        ):
            path.write_bytes(damaged)
            assert tree.ask(700, root, leaf=nowhere) == {"code": code}, path
        path.write_bytes(whole)
    assert tree.ask(700, root, leaf=nowhere)["found"] is None
    (tmp_path / "tile/0/002.p/188").unlink()
    assert tree.ask(700, root, leaf=nowhere) == {"code": "log-damaged"}
    # A log may leave a partial tile away once it is full.
    (tmp_path / "tile/0/002").write_bytes(b"".join(hashes[512:768]))
    assert tree.ask(700, root, leaf=encode_base64(hashes[600]))["found"] == 600


def test_only_few_tiles_are_asked_for(
    visit: Visit, tmp_path: Path, entries: list[bytes], hashes: list[bytes]
) -> None:
    write_tiles(tmp_path, 0, entries)
    tree = Tree(visit, tmp_path)
    answer = tree.ask(70_000, merkle.root(hashes), old=[40_000], wanted=[12_345])
    assert answer["asked"] <= 8, json.dumps(answer)
