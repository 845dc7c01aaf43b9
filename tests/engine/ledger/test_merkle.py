from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiwar.engine.ledger import merkle, tiles
from hiwar.engine.ledger.verifier import leaf_hash, node_hash, tree_root, unpack

# The eight entries and the roots that the Certificate Transparency reference tests use.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
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


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(size)]


def recursive_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(recursive_root(hashes[:split]), recursive_root(hashes[split:]))


def test_root_matches_published_vectors() -> None:
    hashes = [leaf_hash(entry) for entry in ENTRIES]
    assert [tree_root(hashes[: size + 1]).hex() for size in range(8)] == ROOTS


@pytest.mark.parametrize("size", [*range(40), 255, 256, 257])
def test_root_is_that_of_the_definition(size: int) -> None:
    assert tree_root(leaves(size)) == recursive_root(leaves(size))


@pytest.mark.parametrize("size", range(1, 34))
def test_every_inclusion_proof_leads_to_the_root(size: int) -> None:
    tree = leaves(size)
    for index in range(size):
        proof = merkle.inclusion_proof(tree, index)
        assert merkle.root_from_inclusion(tree[index], index, size, proof) == tree_root(tree)


@given(st.integers(2, 60), st.data())
def test_inclusion_proof_fails_for_anything_else(size: int, data: st.DataObject) -> None:
    tree = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    proof = merkle.inclusion_proof(tree, index)
    root = tree_root(tree)
    assert merkle.root_from_inclusion(tree[other], index, size, proof) != root
    assert merkle.root_from_inclusion(tree[index], other, size, proof) != root
    assert merkle.root_from_inclusion(tree[index], index, size, proof[:-1]) != root
    assert merkle.root_from_inclusion(tree[index], index, size, [*proof, root]) != root


def test_inclusion_proof_refuses_a_leaf_that_is_not_there() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion_proof(leaves(3), 3)
    assert merkle.root_from_inclusion(leaves(1)[0], 1, 1, []) is None


@pytest.mark.parametrize("size", range(1, 26))
def test_every_consistency_proof_holds_and_a_changed_past_does_not(size: int) -> None:
    tree = leaves(size)
    root = tree_root(tree)
    for old in range(size + 1):
        proof = merkle.consistency_proof(tree, old)
        old_root = tree_root(tree[:old])
        assert merkle.verify_consistency(old, size, old_root, root, proof)
        if old > 0:
            changed = tree_root([leaf_hash(b"changed"), *tree[1:old]])
            assert not merkle.verify_consistency(old, size, changed, root, proof)
            assert not merkle.verify_consistency(old, size, old_root, root, [*proof, root])


def test_tiles_of_seventy_thousand_entries_are_those_of_the_specification() -> None:
    paths = [path for path, _ in tiles.tiles([b"%d" % number for number in range(70_000)])]
    level = [path for path in paths if path.startswith("tile/0/")]
    assert len(level) == 274
    assert level[-1] == "tile/0/273.p/112"
    assert [path for path in paths if path.startswith("tile/1/")] == [
        "tile/1/000",
        "tile/1/001.p/17",
    ]
    assert [path for path in paths if path.startswith("tile/2/")] == ["tile/2/000.p/1"]
    assert paths[-1] == "tile/entries/273.p/112"


def test_tile_address_has_three_digits_a_step() -> None:
    assert tiles.tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(1, 0, 5) == "tile/1/000.p/5"


@given(st.lists(st.binary(max_size=40), max_size=600))
def test_entry_bundles_hold_every_entry_and_hash_to_the_tiles(entries: list[bytes]) -> None:
    files = dict(tiles.tiles(entries))
    bundles = [data for path, data in files.items() if "/entries/" in path]
    assert [entry for data in bundles for entry in unpack(data)] == entries
    hashes = b"".join(data for path, data in files.items() if path.startswith("tile/0/"))
    assert hashes == b"".join(leaf_hash(entry) for entry in entries)
