"""The log as static files: tiles of hashes and bundles of entries (C2SP tlog-tiles)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiwar.engine.ledger.verifier import leaf_hash, pack, tree_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WIDTH = 256


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return the address of a tile, for instance ``tile/0/x001/x234/067`` or ``…/000.p/5``."""
    groups = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def tiles(entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a log as (address, content), the entry bundles last.

    Parameters
    ----------
    entries : sequence of bytes
        Entries of at most 65,535 bytes each.
    """
    level, hashes = 0, [leaf_hash(entry) for entry in entries]
    while hashes:
        for start in range(0, len(hashes), WIDTH):
            row = hashes[start : start + WIDTH]
            yield tile_path(level, start // WIDTH, len(row)), b"".join(row)
        full = len(hashes) // WIDTH
        hashes = [tree_root(hashes[i * WIDTH : (i + 1) * WIDTH]) for i in range(full)]
        level += 1
    for start in range(0, len(entries), WIDTH):
        some = entries[start : start + WIDTH]
        yield tile_path("entries", start // WIDTH, len(some)), pack(*some)
