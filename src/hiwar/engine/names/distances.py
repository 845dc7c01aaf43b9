"""How far two words are from one another, in whichever scripts they are written."""

from __future__ import annotations

from functools import lru_cache

from hiwar.engine.names.sounds import may_hold_article, skeletons, sounds

# What one sound costs where the other word has nothing; everything else is a whole consonant.
_ALONE = {
    "a": 0.08, "e": 0.08, "i": 0.08, "o": 0.1, "u": 0.1, "A": 0.28, "W": 0.45, "Y": 0.35,
    "c": 0.12, "^": 0.25, "@": 0.1, "-": 0.02, "h": 0.6, "H": 0.8,
}  # fmt: skip
# A word that begins with a vowel in one script begins with one, or with ayn, in the other.
_FIRST_VOWEL = 0.4
_WEIGHT = {
    "a": 0.1, "e": 0.1, "i": 0.1, "o": 0.1, "u": 0.1, "A": 0.3, "W": 0.4, "Y": 0.3, "c": 0.2,
    "^": 0.25, "@": 0.1, "-": 0.0,
}  # fmt: skip
# Sounds that spellings exchange, with what the exchange costs.
_NEAR = {
    0.0: "Dd S$",
    0.03: "^a ^e ^i ^o ^u @a @e Wu Yi Wo QZ Zz Hh wf qk VP ca",
    0.06: "Aa Ae ou ei ce ci co cu cA Ye Vt Qd Zd PQ PZ SC $C qg gG gj DQ Ao @A c^ h@ H@ kC ^A "
    "^W ^Y Pt",
    0.12: "ae ui Au @i @o @u Vs Ps Qz GC xC xk xh xH wW wv kg jG oe ao Yu Wa Ya cY",
    0.25: "ai eu au iu Ai Dz DZ Ss $s jz tV fw WY jY bf HG hG gq nm AY AW cW",
    0.5: "td sz bm fv kx qG ln lr",
}  # fmt: skip
# Two sounds that are one in another spelling.
_JOINED = {
    0.03: "^Y=i ^Y=Y ^Y=e ^W=u ^W=W ^W=o cY=i cY=e cW=o cW=u ^A=a aY=Y",
    0.06: "ai=Y aY=e ae=Y ai=e aY=i cA=a cA=A aW=o au=o au=W ia=Y aW=W cW=W cY=Y iY=Y iy=i YY=i "
    "uW=W aa=A ca=A ca=a",
    0.15: "sh=$ sH=$ sH=S tH=P tH=V tH=P dH=Q th=P kh=x kH=x gh=G ts=V ks=x iY=e Ya=@ WA=o",
}
_MERGED = {
    key: cost
    for cost, listed in _JOINED.items()
    for both in listed.split()
    for key in (both, both[3] + "=" + both[:2])
}
_COST = {
    pair: cost
    for cost, listed in _NEAR.items()
    for both in listed.split()
    for pair in (both, both[::-1])
}
_VOWELS = frozenset("aeiouAWY")
_WHOLE, _FARTHEST, _SWAPPED = 1.0, 1.1, 0.8
_ARTICLE = 0.1


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
    distance = _distance(sounds(first), sounds(second))
    for word, other in ((first, second), (second, first)):
        if may_hold_article(word) and not may_hold_article(other):
            distance = min(distance, _ARTICLE + _distance(sounds(word[2:]), sounds(other)))
    return distance


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
    less than 1.6 consonants; 0 where less than half of the consonants are in both words.
    """
    if first == second:
        return 1.0
    here, there = _letters(first), _letters(second)
    if 2 * len(here & there) < min(len(here), len(there)):
        return 0.0
    weight = (_weight(first) + _weight(second)) / 2
    return max(0.0, min(0.995, 1.0 - word_distance(first, second) / max(weight, 1.6)))


@lru_cache(maxsize=65536)
def _letters(word: str) -> frozenset[str]:
    return frozenset("".join(skeletons(word)))


@lru_cache(maxsize=65536)
def _weight(word: str) -> float:
    return sum(_WEIGHT.get(sound, 1.0) for sound in sounds(word))


def _distance(first: str, second: str) -> float:
    """Weighted edit distance; two neighbours that changed places cost less than a consonant."""
    row = [0.0]
    for j, right in enumerate(second):
        row.append(row[-1] + _cost_alone(right, is_first=j == 0))
    older: list[float] = []
    before: list[float] = []
    for i, left in enumerate(first):
        older, before, gone = before, row, _cost_alone(left, is_first=i == 0)
        row = [before[0] + gone]
        for j, right in enumerate(second):
            same = 0.0 if left == right else _COST.get(left + right, _FARTHEST)
            alone = _cost_alone(right, is_first=j == 0)
            best = min(before[j] + same, before[j + 1] + gone, row[j] + alone)
            if i and (joined := _MERGED.get(first[i - 1] + left + "=" + right)) is not None:
                best = min(best, older[j] + joined)
            if j and (joined := _MERGED.get(left + "=" + second[j - 1] + right)) is not None:
                best = min(best, before[j - 1] + joined)
            if i and j and left == second[j - 1] and right == first[i - 1]:
                best = min(best, older[j - 1] + _SWAPPED)
            row.append(best)
    return row[-1]


def _cost_alone(sound: str, *, is_first: bool) -> float:
    cost = _ALONE.get(sound, _WHOLE)
    return max(cost, _FIRST_VOWEL) if is_first and sound in _VOWELS else cost
