"""The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) with SHA-256.

Proofs are made over a *reader*: a function that gives the hash of the complete subtree of ``2**height``
leaves that starts at leaf ``index * 2**height``. A list and a folder of tiles are both such readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from fairnotice.translog.encoding import require_int
from fairnotice.translog.errors import ProofError, TreeError

HASH_SIZE = 32
MAX_PROOF_LENGTH = 63  # a tree of at most 2**63 - 1 leaves is at most 63 levels high

Reader = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """``H(0x00 || entry)``, 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """``H(0x01 || left || right)``, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


# Copying a hash that has begun is quicker than starting one, and these two are most of what appending costs.
_begun_leaf = sha256(b"\x00").copy
_begun_node = sha256(b"\x01").copy


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """:func:`leaf_hash` of many entries, in their order."""
    hashes: list[bytes] = []
    begun, add = _begun_leaf, hashes.append
    for entry in entries:
        hashed = begun()
        hashed.update(entry)
        add(hashed.digest())
    return hashes


def parents(level: Sequence[bytes]) -> list[bytes]:
    """:func:`node_hash` of each pair of neighbours; the last hash of an odd number is left out."""
    hashes: list[bytes] = []
    begun, add = _begun_node, hashes.append
    for left, right in zip(level[::2], level[1::2], strict=False):
        hashed = begun()
        hashed.update(left + right)
        add(hashed.digest())
    return hashes


EMPTY_ROOT = sha256(b"").digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root of the tree over the leaf hashes, in their order. An odd node is promoted, never doubled."""
    level = list(leaf_hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        level = parents(level) + level[-1:] if len(level) % 2 else parents(level)
    return level[0]


def list_reader(leaf_hashes: Sequence[bytes]) -> Reader:
    """A reader over leaf hashes held in memory; each call costs ``2**height`` hashes."""

    def read(height: int, index: int) -> bytes:
        start, end = index << height, (index + 1) << height
        if end > len(leaf_hashes):
            raise TreeError(f"the tree of {len(leaf_hashes)} entries has no node {index} at height {height}")
        return root(leaf_hashes[start:end])

    return read


def _range_root(start: int, end: int, read: Reader) -> bytes:
    """Root over leaves ``start`` to ``end``, where ``start`` is aligned as the recursion of RFC 6962 aligns
    it.
    """
    parts = []
    while start < end:
        height = (end - start).bit_length() - 1
        parts.append(read(height, start >> height))
        start += 1 << height
    result = parts.pop()
    while parts:
        result = node_hash(parts.pop(), result)
    return result


def tree_root(size: int, read: Reader) -> bytes:
    """Root of the tree of the first ``size`` leaves."""
    require_int(size, "the tree size", TreeError)
    return _range_root(0, size, read) if size else EMPTY_ROOT


def _siblings(index: int, height: int, size: int, read: Reader) -> list[bytes]:
    """What stands beside the way from leaf ``index`` to the root, from ``height`` upwards.

    Only one of them can be cut off by the tree's right edge; where nothing stands beside the way, the node is
    promoted.
    """
    path = []
    for level in range(height, (size - 1).bit_length()):
        beside = (index >> level) ^ 1
        start = beside << level
        if start + (1 << level) <= size:
            path.append(read(level, beside))
        elif start < size:
            path.append(_range_root(start, size, read))
    return path


def inclusion_proof(index: int, size: int, read: Reader) -> list[bytes]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves, leaf's sibling first (RFC 6962 section
    2.1.1).
    """
    require_int(size, "the tree size", TreeError)
    if require_int(index, "the index", TreeError) >= size:
        raise TreeError(f"there is no entry {index + 1} in a tree of {size}")
    return _siblings(index, 0, size, read)


def consistency_proof(old_size: int, new_size: int, read: Reader) -> list[bytes]:
    """Proof that the tree of ``new_size`` begins with the tree of ``old_size`` (RFC 6962 section 2.1.2).

    It is the way to the root from the last complete subtree of the old tree, and that subtree itself, unless
    it is the whole old tree, whose root the verifier knows.
    """
    require_int(old_size, "the old size", TreeError)
    require_int(new_size, "the new size", TreeError)
    if old_size > new_size:
        raise TreeError(f"a tree of {new_size} cannot contain one of {old_size}")
    if old_size in (0, new_size):
        return []
    height = (old_size & -old_size).bit_length() - 1
    first = [] if old_size == 1 << height else [read(height, (old_size >> height) - 1)]
    return first + _siblings(old_size - 1, height, new_size, read)


def _check_hashes(hashes: Iterable[bytes], what: str) -> None:
    for item in hashes:
        if not isinstance(item, bytes) or len(item) != HASH_SIZE:
            raise ProofError(f"{what} holds a hash that is not {HASH_SIZE} bytes long")


def inclusion_length(index: int, size: int) -> int:
    """Number of hashes that an inclusion proof must have; ``index`` < ``size``."""
    inner = (index ^ (size - 1)).bit_length()
    return inner + (index >> inner).bit_count()


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Root that the audit path leads to (RFC 9162 section 2.1.3.2).

    ``leaf`` is the 32-byte leaf hash. Raises :class:`ProofError` where sizes, index or lengths do not fit.
    """
    require_int(size, "the tree size", ProofError)
    if require_int(index, "the index", ProofError) >= size:
        raise ProofError(f"there is no entry {index + 1} in a tree of {size}")
    _check_hashes([leaf], "the entry")
    _check_hashes(proof, "the inclusion proof")
    if len(proof) != inclusion_length(index, size):
        raise ProofError(
            f"the inclusion proof has {len(proof)} hashes instead of {inclusion_length(index, size)}"
        )
    fn, sn, result = index, size - 1, leaf
    for item in proof:
        if fn & 1 or fn == sn:
            result = sha256(b"\x01" + item + result).digest()
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = sha256(b"\x01" + result + item).digest()
        fn, sn = fn >> 1, sn >> 1
    return result


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], tree: bytes) -> None:
    """Raise :class:`ProofError` unless leaf hash ``leaf`` is entry ``index`` of the tree with root ``tree``.

    ``size`` and ``tree`` must come from one signed checkpoint: a root alone does not pin the size.
    """
    _check_hashes([tree], "the checkpoint")
    if root_from_inclusion(index, size, leaf, proof) != tree:
        raise ProofError(f"the proof for entry {index + 1} does not lead to the root of the tree of {size}")


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old: bytes, new: bytes) -> None:
    """Raise :class:`ProofError` unless the tree ``new`` begins with the tree ``old`` (RFC 9162 section
    2.1.4.2).
    """
    require_int(old_size, "the old size", ProofError)
    require_int(new_size, "the new size", ProofError)
    _check_hashes([old, new], "a checkpoint")
    _check_hashes(proof, "the consistency proof")
    if old_size > new_size:
        raise ProofError(f"the tree shrank from {old_size} to {new_size}")
    if len(proof) > MAX_PROOF_LENGTH + 1:
        raise ProofError("the consistency proof is too long")
    if old_size in (0, new_size):
        if proof:
            raise ProofError("a consistency proof is given where none is needed")
        if (old_size == 0 and old != EMPTY_ROOT) or (old_size == new_size and old != new):
            raise ProofError(f"the two trees of {old_size} entries have different roots")
        return
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old)
    if not path:
        raise ProofError("the consistency proof is empty")
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    seen_old = seen_new = path[0]
    for item in path[1:]:
        if sn == 0:
            raise ProofError("the consistency proof is too long")
        if fn & 1 or fn == sn:
            seen_old, seen_new = node_hash(item, seen_old), node_hash(item, seen_new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            seen_new = node_hash(seen_new, item)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofError("the consistency proof is too short")
    if seen_old != old or seen_new != new:
        raise ProofError(
            f"the tree of {new_size} does not begin with the tree of {old_size}: the log has forked"
        )


@dataclass
class Edge:
    """The right edge of a growing tree: the complete subtrees it is made of, highest first.

    All that is needed to append and to know the root: at most 63 hashes, whatever the size.
    """

    nodes: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return sum(1 << height for height, _ in self.nodes)

    def append(self, leaf: bytes) -> None:
        """Add one 32-byte leaf hash."""
        if len(leaf) != HASH_SIZE:
            raise TreeError(f"a leaf hash has {HASH_SIZE} bytes")
        height = 0
        while self.nodes and self.nodes[-1][0] == height:
            leaf = node_hash(self.nodes.pop()[1], leaf)
            height += 1
        self.nodes.append((height, leaf))

    def extend(self, leaves: Sequence[bytes]) -> dict[int, list[bytes]]:
        """Add many leaf hashes; gives the complete subtrees that came of it, by their height, in their order.

        The same as :meth:`append` one by one, at a third of the time; heights without a new subtree are
        absent, and height 0 is what was given.
        """
        if set(map(len, leaves)) - {HASH_SIZE}:
            raise TreeError(f"a leaf hash has {HASH_SIZE} bytes")
        made: dict[int, list[bytes]] = {}
        single: list[tuple[int, bytes]] = []
        height, fresh = 0, list(leaves)
        while fresh:
            made[height] = fresh
            level = fresh
            if self.nodes and self.nodes[-1][0] == height:
                level = [self.nodes.pop()[1], *fresh]
            if len(level) % 2:
                single.append((height, level[-1]))
            fresh = parents(level)
            height += 1
        self.nodes += reversed(single)
        return made

    def root(self) -> bytes:
        """Root of the tree so far."""
        if not self.nodes:
            return EMPTY_ROOT
        result = self.nodes[-1][1]
        for _, left in reversed(self.nodes[:-1]):
            result = node_hash(left, result)
        return result

    def to_json(self) -> list[list[int | str]]:
        """``[[height, hex hash], ...]``, highest first."""
        return [[height, value.hex()] for height, value in self.nodes]

    @classmethod
    def from_json(cls, data: object) -> Edge:
        """Read :meth:`to_json`'s form back. Raises :class:`TreeError` where it is not a right edge."""
        if not isinstance(data, list):
            raise TreeError("the stored right edge is not a list")
        nodes: list[tuple[int, bytes]] = []
        for item in data:
            if not isinstance(item, list | tuple) or len(item) != 2 or not isinstance(item[1], str):
                raise TreeError("the stored right edge holds something that is not a height and a hash")
            height = require_int(item[0], "a height in the stored right edge", TreeError, highest=62)
            try:
                value = bytes.fromhex(item[1])
            except ValueError:
                raise TreeError("the stored right edge holds a hash that is not hexadecimal") from None
            if len(value) != HASH_SIZE or (nodes and nodes[-1][0] <= height):
                raise TreeError("the stored right edge is out of order or cut short")
            nodes.append((height, value))
        return cls(nodes)
