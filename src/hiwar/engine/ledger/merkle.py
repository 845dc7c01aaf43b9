"""Proofs over a Merkle tree: that an entry is in it, and that an old tree is its beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.engine.ledger.verifier import leaf_hash, node_hash, tree_root

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "consistency_proof",
    "inclusion_proof",
    "leaf_hash",
    "node_hash",
    "root_from_inclusion",
    "tree_root",
    "verify_consistency",
]


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of a leaf, from its sibling up to the root's child.

    Parameters
    ----------
    leaves : sequence of bytes
        Leaf hashes, 32 bytes each.
    index : int
        Position of the leaf, 0 … len(leaves) - 1.

    Raises
    ------
    IndexError
        If there is no such leaf.

    References
    ----------
    RFC 6962, section 2.1.1.
    """
    size = len(leaves)
    if not 0 <= index < size:
        msg = f"no leaf {index} in a tree of {size}"
        raise IndexError(msg)
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(tree_root(list(leaves[middle:end])))
            end = middle
        else:
            path.append(tree_root(list(leaves[start:middle])))
            start = middle
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to, or None if the proof has the wrong shape.

    References
    ----------
    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    return result if last == 0 else None


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the first `old_size` leaves were not changed since.

    References
    ----------
    RFC 6962, section 2.1.2.
    """
    size = len(leaves)
    if not 0 <= old_size <= size:
        msg = f"no tree of {old_size} in a tree of {size}"
        raise IndexError(msg)
    if old_size in (0, size):
        return []
    return _subproof(leaves, old_size, whole=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, whole: bool) -> list[bytes]:
    size = len(leaves)
    if old_size == size:
        return [] if whole else [tree_root(list(leaves))]
    middle = _split(size)
    left, right = leaves[:middle], leaves[middle:]
    if old_size <= middle:
        return [*_subproof(left, old_size, whole=whole), tree_root(list(right))]
    return [*_subproof(right, old_size - middle, whole=False), tree_root(list(left))]


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a tree of `size` leaves begins with the tree of `old_size` leaves.

    References
    ----------
    RFC 9162, section 2.1.4.2.
    """
    if old_size == size:
        return not proof and old_root == root
    if old_size == 0:
        return not proof
    if not 0 < old_size < size or not proof:
        return False
    path = list(proof)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old, new = path[0], path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == root
