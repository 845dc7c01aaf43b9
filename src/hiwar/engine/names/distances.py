"""How far two words are from one another, in whichever scripts they are written."""

from __future__ import annotations

from functools import lru_cache

from hiwar.engine.names.sounds import sounds

# What one sound costs where the other word has nothing; everything else is a whole consonant.
_ALONE = {
    "a": 0.1, "e": 0.1, "i": 0.1, "o": 0.12, "u": 0.12, "A": 0.3, "W": 0.45, "Y": 0.35, "c": 0.12,
    "^": 0.25, "@": 0.1, "-": 0.02, "h": 0.6, "H": 0.8, "x": 1.0,
}  # fmt: skip
_WEIGHT = {
    "a": 0.1, "e": 0.1, "i": 0.1, "o": 0.1, "u": 0.1, "A": 0.3, "W": 0.4, "Y": 0.3, "c": 0.2,
    "^": 0.25, "@": 0.1, "-": 0.0,
}  # fmt: skip
# Sounds that spellings exchange, with what the exchange costs.
_NEAR = {
    0.0: "Dd HH",
    0.03: "Aa ^a ^e ^i ^o ^u @a Ae @e Wu Yi Wo QZ Zz Hh wf qk",
    0.06: "ou ei ca ce ci co cu cA Ye Vt Qd Zd SC qg gG gj DQ Ai Ao @A c^ h@ H@ kC ^A ^W ^Y",
    0.12: "ae ui Au @i @o @u Vs Qz GC xC xk xh xH wW wv kg jG oe ai ao Yu Wa",
    0.25: "eu au iu Dz DZ Ss jz tV fw WY jY bf HG hG gq nm AY AW Ya cW cY",
    0.5: "td sz bm fv kx qG ln lr",
}  # fmt: skip
_COST = {
    pair: cost
    for cost, listed in _NEAR.items()
    for both in listed.split()
    for pair in (both, both[::-1])
}
_FARTHEST = 1.0


@lru_cache(maxsize=262144)
def word_distance(first: str, second: str) -> float:
    """Return what it costs to turn the sounds of one word into those of another.

    Parameters
    ----------
    first, second : str
        Words as `words.words` gives them; the order makes no difference.

    Returns
    -------
    float
        From 0, the same sounds; 1 is the price of one consonant.
    """
    if first == second:
        return 0.0
    if first > second:
        return word_distance(second, first)
    return _distance(sounds(first), sounds(second))


def word_similarity(first: str, second: str) -> float:
    """Return how alike two words sound.

    Parameters
    ----------
    first, second : str
        Words as `words.words` gives them; the order makes no difference.

    Returns
    -------
    float
        From 0 to 1, which is kept for words that are written alike: words that may sound alike
        but are written otherwise stay below 0.995.

    Notes
    -----
    1 - d / (w / 2), where d is `word_distance` and w the weight of both words' sounds, never
    less than two consonants' each.
    """
    if first == second:
        return 1.0
    weight = (_weight(first) + _weight(second)) / 2
    return max(0.0, min(0.995, 1.0 - word_distance(first, second) / max(weight, 1.6)))


@lru_cache(maxsize=65536)
def _weight(word: str) -> float:
    return sum(_WEIGHT.get(sound, 1.0) for sound in sounds(word))


def _distance(first: str, second: str) -> float:
    """Weighted edit distance; two neighbours that changed places cost one consonant."""
    before: list[float] = []
    row = [0.0]
    for sound in second:
        row.append(row[-1] + _ALONE.get(sound, _FARTHEST))
    for i, left in enumerate(first):
        older, before, gone = before, row, _ALONE.get(left, _FARTHEST)
        row = [before[0] + gone]
        for j, right in enumerate(second):
            same = 0.0 if left == right else _COST.get(left + right, 1.1)
            best = min(
                before[j] + same,
                before[j + 1] + gone,
                row[j] + _ALONE.get(right, _FARTHEST),
            )
            if i and j and left == second[j - 1] and right == first[i - 1]:
                best = min(best, older[j - 1] + 0.8)
            row.append(best)
    return row[-1]
