"""Signed lists of files: checksums of what is published, each list naming the one before.

A list is a signed note: `LIST_HEAD`, lines ``number N``, ``made TIME`` and ``before DIGEST`` (the
SHA-256 of the whole note before, or ``none``), then a line ``digest  name`` for each file.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hiwar.engine.ledger import verifier
from hiwar.engine.ledger.verifier import VerificationError, parse_key, signed_by, split_note

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST_HEAD = "hiwar list v1"
GAP = "  "


def check_list(path: Path, trusted: str | None) -> list[tuple[str, str]]:
    """Check a list: its signature, and those of its files that lie beside it.

    Returns what was checked as (subject, finding). Raises ``VerificationError``, also without the
    key of the institution, since nothing is proven then.
    """
    try:
        text, signatures = split_note(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise VerificationError("the list cannot be read") from error
    head, *lines = text.splitlines()
    if head != LIST_HEAD:
        raise VerificationError("this is no signed list")
    if trusted is None:
        raise VerificationError("a list is checked with the key that the institution printed")
    key = parse_key(trusted)
    if not signed_by(text, signatures, key):
        raise VerificationError("the list is not signed by the key you trust")
    said = dict(line.split(" ", 1) for line in lines if GAP not in line)
    sums: dict[str, str] = {}
    for line in lines:
        digest, gap, name = line.partition(GAP)
        if gap:
            sums[name] = digest
    here = 0
    for name, digest in sums.items():
        place = path.parent / name.rpartition("/")[2]
        if place.is_file():
            if hashlib.sha256(place.read_bytes()).hexdigest() != digest:
                raise VerificationError(f"{name} is not the file that was listed")
            here += 1
    return [
        ("list", f"{said['number']}, made {said['made']}"), ("before", said["before"]),
        ("key", f"{key.name}+{key.identity.hex()} (the one you trust)"),
        ("files", f"{len(sums)} listed, {here} here and as listed"),
    ]  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Check a list of files (a name that ends in ``.txt``) or a bundle; return the exit code."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("bundle", nargs="?", default="")
    parser.add_argument("--key")
    parser.add_argument("--older")
    options, _others = parser.parse_known_args(arguments)
    if not options.bundle.endswith(".txt"):
        return verifier.main(list(arguments))
    write = sys.stdout.write
    try:
        table = check_list(Path(options.bundle), options.key)
    except VerificationError as failure:
        write(f"FAILED: {failure}\n")
        return 1
    except (KeyError, ValueError) as error:
        write(f"FAILED: the list is malformed ({type(error).__name__})\n")
        return 1
    for subject, finding in table:
        write(f"{subject:<6}  {finding}\n")
    write("VERIFIED\n")
    return 0
