"""A sealed stream opens with its passphrase or its private key, whole, and not otherwise."""

from __future__ import annotations

import io
from contextlib import closing

import pytest

from hiwar.common.backup import sealing

SIZES = [0, 1, sealing.PIECE - 1, sealing.PIECE, sealing.PIECE + 1, 3 * sealing.PIECE]


@pytest.fixture(autouse=True)
def _quick_scrypt(monkeypatch):
    monkeypatch.setitem(sealing.SCRYPT, "n", 1 << 4)


def sealed(content: bytes, **ways) -> bytes:
    sink = io.BytesIO()
    with closing(sealing.SealingWriter(sink, **ways)) as writer:
        for start in range(0, len(content), 50_000):
            writer.write(content[start : start + 50_000])
    return sink.getvalue()


def opened(data: bytes, secret: str) -> bytes:
    return io.BufferedReader(sealing.UnsealingReader(io.BytesIO(data), secret)).read()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_is_read(size):
    public, private = sealing.new_pair()
    content = bytes(range(256)) * (size // 256 + 1)
    data = sealed(content[:size], recipients=[public], passphrase="four words on paper")
    assert opened(data, private) == content[:size]
    assert opened(data, "four words on paper") == content[:size]


@pytest.mark.parametrize(
    "secret", ["another", sealing.new_pair()[1], "", "HIWAR-PRIVATE-AAAA"],
    ids=["words", "another pair", "nothing", "too short"],
)  # fmt: skip
def test_another_key_opens_nothing(secret):
    data = sealed(b"x", recipients=[sealing.new_pair()[0]], passphrase="right")
    with pytest.raises(sealing.WrongKeyError):
        opened(data, secret)


def test_public_key_opens_nothing():
    """Who takes the server has it, and cannot read the backups."""
    public, _private = sealing.new_pair()
    with pytest.raises(sealing.WrongKeyError):
        opened(sealed(b"x", recipients=[public]), public)


def test_each_changed_or_missing_piece_is_seen():
    data = sealed(b"a" * (3 * sealing.PIECE), passphrase="right")
    step = sealing.PIECE + sealing.TAG
    start = len(data) - 3 * step
    flipped = bytearray(data)
    flipped[start + step + 5] ^= 1
    bad = {
        "flipped": bytes(flipped),
        "cut within": data[:-5],
        "last piece gone": data[:-step],
        "first piece gone": data[:start] + data[start + step :],
        "two swapped": data[:start] + data[start + step : -step] + data[start : start + step]
        + data[-step:],
        "doubled": data + data[-step:],
        "only the head": data[:start],
        "no backup": b"PK\3\4" + data,
    }  # fmt: skip
    seen = set()
    for name, content in bad.items():
        try:
            opened(content, "right")
        except sealing.DamagedError:
            seen.add(name)
    assert seen == set(bad)
