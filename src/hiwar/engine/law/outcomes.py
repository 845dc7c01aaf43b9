"""What became of a proposal: the text asked for, laid beside the text that was published."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hiwar.engine.law.folding import fold, word_key

if TYPE_CHECKING:
    from collections.abc import Sequence

Result = Literal["same", "weaker", "stronger", "absent", "elsewhere", "unclear"]
_WORD = re.compile(r"\d+(?:[.,٫]\d+)?[%٪]?|[\w\u064b-\u0652]+")
_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)[%٪]?")
_PREFIX = re.compile(r"^(?:[وف]?(?:[بكل]?ال|لل)|[وف](?=[بل]?\w{4})|[بل](?=\w{4}))(?=\w{3})")
# Words by which a text takes back a part of what it gives, folded, as beginnings.
_LIMITS = (
    "مراحل", "مرحل", "تدريج", "باستثنا", "استثنا", "بشرط", "شريطه", "ويجوز للوزير", "لا يسري",
    "لا تسري", "ما لم", "في حدود", "وفقا لامكان", "قدر الامكان",
    "phase", "steps", "gradual", "except", "unless", "provided that", "subject to",
    "as far as possible", "does not apply", "may decide",
)  # fmt: skip
_HELD, _PARTLY = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What seems to have become of a proposal; a person decides.

    Attributes
    ----------
    result : str
        `same`; `weaker`, a part of it, or with limits; `stronger`, more than was asked; `absent`,
        the text did not change; `elsewhere`, in another provision; `unclear`, changed in another
        way.
    words : str
        The words of the published text that decide it; for `absent` those that were asked for.
    eid : str
        Address of the provision where it stands, for `elsewhere`; else empty.
    """

    result: Result
    words: str
    eid: str = ""


def read_outcome(
    old: str, asked: str, published: str | None, others: Sequence[tuple[str, str]] = ()
) -> Outcome:
    """Compare what was asked with what was published.

    Parameters
    ----------
    old, asked : str
        The text of the provision before, and as it was asked for; empty for a provision that was
        to be new, or to go.
    published : str or None
        Its text now; None where it has none any more.
    others : sequence of tuple of str
        Address and text of other provisions that are new or changed, where the words may stand.

    Returns
    -------
    Outcome
        Spelling does not count, nor does what Arabic joins before a word.

    Examples
    --------
    >>> read_outcome("The fund publishes accounts yearly.", "The fund publishes accounts monthly.",
    ...              "The fund publishes accounts monthly.").result
    'same'
    >>> read_outcome("pays 7% of the wage", "pays 4% of the wage", "pays 6% of the wage").result
    'weaker'
    """
    now = published or ""
    keys = {name: _keys(text) for name, text in (("old", old), ("asked", asked), ("now", now))}
    came = Counter(keys["asked"]) - Counter(keys["old"])
    went = Counter(keys["old"]) - Counter(keys["asked"])
    wished = _said(asked, came) or _said(old, went)
    if keys["now"] == keys["asked"]:
        return Outcome("same", wished)
    if keys["now"] == keys["old"]:
        return _elsewhere(came, old, others) or Outcome("absent", wished)
    new = Counter(keys["now"]) - Counter(keys["old"])
    gone = Counter(keys["old"]) - Counter(keys["now"])
    by_number = _by_number(went, came, new, gone)
    if by_number is not None:
        return Outcome(by_number, _said(now, new))
    share = _share(came, new, went, gone)
    if share < _PARTLY:
        return _elsewhere(came, old, others) or Outcome("unclear", _said(now, new))
    limits = _limiting(now, old, asked)
    if limits:
        return Outcome("weaker", limits)
    return Outcome(
        "same" if share >= _HELD else "weaker", _said(now, new & came) or _said(now, new)
    )


def _keys(text: str) -> list[str]:
    return [_PREFIX.sub("", word_key(word)) for word in _WORD.findall(text)]


def _said(text: str, keys: Counter[str], longest: int = 24) -> str:
    """Return the words of a text that are among some, in their order."""
    words = [word for word in _WORD.findall(text) if _PREFIX.sub("", word_key(word)) in keys]
    return " ".join(words[:longest]) + (" …" if len(words) > longest else "")


def _share(came: Counter[str], new: Counter[str], went: Counter[str], gone: Counter[str]) -> float:
    """Return which part of what was asked was done; words that came count double.

    Words that went count for nothing where none came of those that were to take their place.
    """
    if came and not came & new:
        return 0.0
    wished = 2 * came.total() + went.total()
    done = 2 * (came & new).total() + (went & gone).total()
    return done / wished if wished else 0.0


def _by_number(
    went: Counter[str], came: Counter[str], new: Counter[str], gone: Counter[str]
) -> Result | None:
    """Compare figures where the proposal puts one figure in the place of one."""
    before, asked, now = (_numbers(words) for words in (went, came, new))
    if len(before) != 1 or len(asked) != 1 or not now or not _numbers(gone):
        return None
    (old,), (wish,) = before, asked
    if wish in now or old == wish:
        return None
    nearest = min(now, key=lambda value: abs(value - wish))
    if (wish - old) * (nearest - old) <= 0:
        return None
    return "stronger" if abs(nearest - old) > abs(wish - old) else "weaker"


def _numbers(words: Counter[str]) -> set[float]:
    matches = (_NUMBER.fullmatch(word) for word in words)
    return {float(match[1].replace(",", ".")) for match in matches if match}


def _limiting(now: str, old: str, asked: str) -> str:
    """Return the sentence part by which a text limits what it gives, unless it was there before."""
    folded, known = str(fold(now)), str(fold(f"{old} {asked}"))
    for limit in _LIMITS:
        match = re.search(rf"(?:^|\W)(?:[وفبل]?(?:ال)?){re.escape(limit)}", folded)
        if match and limit not in known:
            start = fold(now).place(match.start())
            return re.split(r"[.،؛;\n]", now[start:].strip())[0].strip()
    return ""


def _elsewhere(came: Counter[str], old: str, others: Sequence[tuple[str, str]]) -> Outcome | None:
    """Return where the words that were asked for stand instead, if most of them do."""
    fewest = 3
    if came.total() < fewest:
        return None
    best = max(
        others, key=lambda other: (came & Counter(_keys(other[1]))).total(), default=("", "")
    )
    held = (came & Counter(_keys(best[1]))).total()
    if held / came.total() < _HELD:
        return None
    return Outcome("elsewhere", _said(best[1], came), best[0])
