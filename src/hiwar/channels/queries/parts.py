"""How many parts a text message has: what a telephone company counts, and charges."""

from __future__ import annotations

# The alphabet of GSM 03.38, and what counts as two of its characters.
PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = frozenset("^{}\\[~]|€\f")
ALONE, IN_PARTS = (160, 153), (70, 67)


def count_parts(text: str) -> int:
    """Return of how many parts a text message consists; a pair is never cut in two.

    Texts in the alphabet of GSM hold 160 characters alone and 153 in each part; all others 70 and
    67 of UTF-16, in which what lies beyond the basic plane counts two.
    """
    if set(text) <= PLAIN | DOUBLE:
        sizes, (alone, part) = [1 + (sign in DOUBLE) for sign in text], ALONE
    else:
        sizes, (alone, part) = [1 + (ord(sign) > 0xFFFF) for sign in text], IN_PARTS
    if sum(sizes) <= alone:
        return 1
    parts, left = 1, part
    for size in sizes:
        if size > left:
            parts, left = parts + 1, part
        left -= size
    return parts
