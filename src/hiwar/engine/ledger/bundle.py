"""Write a bundle: a zip that opens anywhere and carries its own verifier."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from hiwar.engine.ledger import verifier
from hiwar.engine.ledger.notes import checkpoint_text, key_text, sign_note
from hiwar.engine.ledger.verifier import Checkpoint, leaf_hash, pack, tree_root

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hiwar.engine.ledger.notes import Signer
    from hiwar.engine.ledger.verifier import Key, Opening

MANIFEST_TITLE = "hiwar bundle v1"


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def openings_csv(openings: Sequence[Opening], rows: Sequence[int] | None = None) -> str:
    """Return the openings as CSV, in the order given; `rows` links them to rows (tier C)."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    heading = ["statement", "slot", "turn", "choice", "blinding"]
    table.writerow(heading if rows is None else [*heading, "row"])
    for number, vote in enumerate(openings):
        line: list[object] = [vote.statement, vote.slot.hex(), vote.turn, vote.choice]
        line.append(vote.blinding.hex())
        table.writerow(line if rows is None else [*line, rows[number]])
    return out.getvalue()


def signed_head(entries: Sequence[bytes], log: Signer) -> str:
    """Return the signed checkpoint over `entries`.

    The tree is made again from the entries, so that a head is never signed over hashes that
    were kept aside and may have changed.
    """
    root = tree_root([leaf_hash(entry) for entry in entries])
    return sign_note(checkpoint_text(Checkpoint(log.name, len(entries), root)), log)


def write_bundle(
    entries: Sequence[bytes],
    files: Mapping[str, str],
    checkpoint: str,
    log: Signer,
    witnesses: Sequence[Key] = (),
) -> bytes:
    """Return a bundle as the bytes of a zip file, the same for the same input.

    Parameters
    ----------
    entries : sequence of bytes
        Every entry of the log.
    files : mapping of str to str
        ``statements.jsonl``, ``results.json``, ``openings.csv`` (tiers B and C), ``method.md``,
        ``sdc.json`` and whatever else is published.
    checkpoint : str
        The signed head, with the lines of the witnesses.
    log : Signer
        The key of the log, which signs the list of files.
    witnesses : sequence of Key
        The witnesses whose lines are to be checked.
    """
    keys = "".join(f"{key_text(key)}\n" for key in (log.key, *witnesses))
    content = {name: text.encode() for name, text in files.items()}
    content |= {
        "checkpoint": checkpoint.encode(),
        "entries": pack(*entries),
        "keys.vkey": keys.encode(),
        "verify.py": Path(verifier.__file__).read_bytes(),
    }
    listing = "".join(
        f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content)
    )
    content["MANIFEST"] = sign_note(f"{MANIFEST_TITLE}\n{listing}", log).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(content):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content[name])
    return out.getvalue()
