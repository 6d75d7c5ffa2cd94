"""Roots against published values, proofs against a naive reading of the RFC, and what must be refused."""

from typing import Any

import pytest

from fairnotice.translog import merkle
from fairnotice.translog.errors import ProofError, TreeError

# Leaves and roots of RFC 6962's reference implementation (certificate transparency test vectors).
LEAVES = [
    bytes.fromhex(item)
    for item in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def naive_root(hashes):
    """MTH as RFC 6962 section 2.1 writes it."""
    if len(hashes) < 2:
        return hashes[0] if hashes else merkle.EMPTY_ROOT
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return merkle.node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference(size):
    expected = bytes.fromhex(ROOTS[size - 1])
    assert merkle.root(HASHES[:size]) == expected
    assert merkle.tree_root(size, merkle.list_reader(HASHES)) == expected
    edge = merkle.Edge()
    for item in HASHES[:size]:
        edge.append(item)
    assert (edge.root(), edge.size) == (expected, size)


def test_the_empty_tree():
    expected = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    assert merkle.EMPTY_ROOT == expected == merkle.root([]) == merkle.Edge().root()
    assert merkle.tree_root(0, merkle.list_reader([])) == expected


def test_a_known_audit_path():
    """Leaf 5 of 8 in the RFC's drawing: its sibling, the pair before, the left half."""
    path = merkle.inclusion_proof(5, 8, merkle.list_reader(HASHES))
    pair = merkle.node_hash(HASHES[6], HASHES[7])
    assert path == [HASHES[4], pair, bytes.fromhex(ROOTS[3])]


def test_every_small_proof_verifies_and_leads_to_the_naive_root():
    hashes = [merkle.leaf_hash(bytes([number])) for number in range(40)]
    read = merkle.list_reader(hashes)
    roots = [naive_root(hashes[:size]) for size in range(41)]
    for size in range(1, 41):
        for index in range(size):
            path = merkle.inclusion_proof(index, size, read)
            assert len(path) == merkle.inclusion_length(index, size)
            merkle.verify_inclusion(index, size, hashes[index], path, roots[size])
        for old in range(size + 1):
            path = merkle.consistency_proof(old, size, read)
            merkle.verify_consistency(old, size, path, roots[old], roots[size])


@pytest.mark.parametrize("index", [8, 9, 2**70, -1, True, 1.0, "1"])
def test_an_index_outside_the_tree_is_refused(index):
    with pytest.raises(TreeError):
        merkle.inclusion_proof(index, 8, merkle.list_reader(HASHES))
    if index is True:
        return
    with pytest.raises(ProofError):
        merkle.verify_inclusion(index, 8, HASHES[0], [], bytes.fromhex(ROOTS[7]))


def test_bool_and_float_sizes_are_refused():
    wrong: list[Any] = [True, 1.0, "1", None]
    for size in wrong:
        with pytest.raises(ProofError):
            merkle.verify_inclusion(0, size, HASHES[0], [], HASHES[0])
        with pytest.raises(ProofError):
            merkle.verify_consistency(0, size, [], merkle.EMPTY_ROOT, HASHES[0])


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_hashes_of_another_length_are_refused(length):
    path = merkle.inclusion_proof(0, 2, merkle.list_reader(HASHES))
    root, wrong = bytes.fromhex(ROOTS[1]), b"\x00" * length
    merkle.verify_inclusion(0, 2, HASHES[0], path, root)
    for leaf, proof, tree in ((wrong, path, root), (HASHES[0], [wrong], root), (HASHES[0], path, wrong)):
        with pytest.raises(ProofError, match="32 bytes"):
            merkle.verify_inclusion(0, 2, leaf, proof, tree)
    with pytest.raises(ProofError, match="32 bytes"):
        merkle.verify_consistency(1, 2, [wrong], HASHES[0], root)


def test_a_proof_of_another_length_is_refused():
    read, root = merkle.list_reader(HASHES), bytes.fromhex(ROOTS[7])
    path = merkle.inclusion_proof(3, 8, read)
    for wrong in (path[:-1], [*path, path[0]], []):
        with pytest.raises(ProofError, match="instead of 3"):
            merkle.verify_inclusion(3, 8, HASHES[3], wrong, root)
    between = merkle.consistency_proof(3, 8, read)
    for wrong in (between[:-1], [*between, path[0]], [], [*between] * 20):
        with pytest.raises(ProofError):
            merkle.verify_consistency(3, 8, wrong, bytes.fromhex(ROOTS[2]), root)


def test_consistency_of_equal_empty_and_shrunken_trees():
    old, new = bytes.fromhex(ROOTS[2]), bytes.fromhex(ROOTS[7])
    merkle.verify_consistency(8, 8, [], new, new)
    merkle.verify_consistency(0, 8, [], merkle.EMPTY_ROOT, new)
    for sizes, proof, roots in (
        ((8, 8), [], (old, new)),
        ((8, 8), [old], (new, new)),
        ((0, 8), [], (old, new)),
        ((0, 8), [old], (merkle.EMPTY_ROOT, new)),
        ((8, 3), [], (new, old)),
    ):
        with pytest.raises(ProofError):
            merkle.verify_consistency(*sizes, proof, *roots)
    with pytest.raises(TreeError):
        merkle.consistency_proof(8, 3, merkle.list_reader(HASHES))


def test_the_right_edge_survives_storage():
    edge = merkle.Edge()
    for number, item in enumerate(HASHES, start=1):
        edge.append(item)
        edge = merkle.Edge.from_json(edge.to_json())
        assert (edge.size, edge.root().hex()) == (number, ROOTS[number - 1])


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [1],
        [[0]],
        [[0, 5]],
        [[0, "zz"]],
        [[0, "00"]],
        [[True, "00" * 32]],
        [[-1, "00" * 32]],
        [[63, "00" * 32]],
        [[0, "00" * 32], [1, "00" * 32]],
        [[0, "00" * 32], [0, "00" * 32]],
        ["ab"],
    ],
)
def test_a_damaged_right_edge_is_refused(data):
    with pytest.raises(TreeError):
        merkle.Edge.from_json(data)


def test_an_edge_takes_only_hashes():
    with pytest.raises(TreeError):
        merkle.Edge().append(b"short")
