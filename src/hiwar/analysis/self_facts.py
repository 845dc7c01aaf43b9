"""Statements that read like a fact about the person, not like an opinion on the subject.

A proposal, never a decision: whoever publishes takes them out with `--meta` or leaves them in.
"""

from __future__ import annotations

import re

# "I am", "I live in", "I have lived": who and where somebody is, what they own and always do.
_ENGLISH = re.compile(
    r"^\W*(?:i\s+am|i['’]m)\s+(?:(?:a|an|the|from|over|under|aged|not\s+a|registered|eligible|"
    r"entitled|employed|retired|married|single|male|female|disabled)\b|\d)"
    r"|^\W*i\s+(?:(?:currently|usually|always|often|never|mostly|already)\s+)?"
    r"(?:live|lived|reside|work|study|own|rent|commute|drive|cycle|was\s+born|grew\s+up|"
    r"have\s+(?:lived|worked|children|a\s+(?:car|job|child|disability)))\b"
    r"|^\W*i\s+(?:always|know)\s",
    re.IGNORECASE,
)
_ARABIC = re.compile(
    r"^\W*(?:(?:أنا|انا)\s+(?:من|في|طالب|طالبة|موظف|موظفة|متزوج|متزوجة|أعزب|عزباء|أب|أم|مقيم|مقيمة|"
    r"عاطل|عاطلة|متقاعد|متقاعدة|لاجئ|لاجئة|مواطن|مواطنة|أعمل|أسكن|أعيش|أدرس)\b"
    r"|(?:أسكن|اسكن|أعيش|اعيش|أعمل|اعمل|أدرس|ادرس|أقيم|اقيم|أملك|املك|أقود|ولدتُ?|عمري|يحق\s+لي|"
    r"لديّ?\s+(?:أطفال|أولاد|سيارة|عمل))\b)"
)


def is_about_oneself(text: str | None) -> bool:
    """Say whether a text reads like a fact about the person who answers it.

    Examples
    --------
    >>> is_about_oneself("I live in a rural area"), is_about_oneself("I think taxes are too high")
    (True, False)
    >>> is_about_oneself("أسكن في قرية"), is_about_oneself("أعتقد أن الضرائب مرتفعة")
    (True, False)
    """
    return bool(text) and bool(_ENGLISH.search(str(text)) or _ARABIC.search(str(text)))
