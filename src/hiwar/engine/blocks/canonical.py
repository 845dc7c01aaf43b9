"""What is signed: the text itself, written in one way only, and its checksum."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence

Plain = object


def canonical_text(content: Plain) -> str:
    """Return content as canonical JSON: NFC, keys sorted, no spaces, nothing escaped without need.

    Parameters
    ----------
    content : mapping, sequence, str, int, bool or None
        Mappings have keys of text; a sequence keeps its order.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        For a float (a count is an integer, money is in minor units) and for anything else that
        JSON cannot hold.
    ValueError
        For an integer beyond 2**53 (a browser could not read it again), and for two keys that are
        one after normalisation.

    Notes
    -----
    Keys are sorted by their code points; the page that recomputes the checksum does the same.
    """
    return json.dumps(_plain(content), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def checksum(content: Plain) -> str:
    """Return the SHA-256 of the canonical text in UTF-8, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical_text(content).encode()).hexdigest()


def _plain(value: Plain) -> Plain:
    match value:
        case None | bool():
            return value
        case int():
            if abs(value) > 2**53:
                raise ValueError(f"{value} is beyond what a browser reads exactly")
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case Mapping():
            entries = {_key(key): _plain(part) for key, part in value.items()}
            if len(entries) != len(value):
                raise ValueError("two keys are one after normalisation")
            return {key: entries[key] for key in sorted(entries)}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_plain(part) for part in value]
    raise TypeError(f"canonical text holds no {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key of canonical text is a text, no {type(key).__name__}")
    return unicodedata.normalize("NFC", key)
