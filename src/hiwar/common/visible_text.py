"""Text as readers see it: without signs that hide, turn it round or break what stands beside it."""

from __future__ import annotations

import unicodedata

# Joiners belong to words and emoji, the two marks to mixed lines; no other hidden sign is kept.
_KEPT = frozenset("\u200c\u200d\u200e\u200f")
_HIDDEN = frozenset(["Cc", "Cf", "Cn", "Co", "Cs"])
# Letters and symbols by name that are drawn as nothing.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def visible_text(text: str) -> str:
    r"""Return a text without invisible signs and overrides of direction; white space stays.

    Parameters
    ----------
    text : str
        What somebody wrote.

    Returns
    -------
    str
        Empty when nothing of it can be seen.

    Examples
    --------
    >>> visible_text("Vote for \u202eeerga I\u202c now"), visible_text("\u200b\u200c")
    ('Vote for eerga I now', '')
    """
    signs = [
        sign
        for sign in text
        if sign.isspace()
        or sign in _KEPT
        or (sign not in _BLANK and unicodedata.category(sign) not in _HIDDEN)
    ]
    if all(sign in _KEPT or unicodedata.category(sign)[0] in "CZM" for sign in signs):
        return ""
    return "".join(signs)
