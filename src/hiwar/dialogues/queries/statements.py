"""Questions about statements: what stands, what says nearly the same, who wrote what."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Max

from hiwar.common.personal.details import masked
from hiwar.common.visible_text import visible_text
from hiwar.dialogues.models import Statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from hiwar.dialogues.models import Dialogue

Grams = tuple[Counter[str], Counter[str]]
ALIKE = 0.55
SAME_LETTERS = str.maketrans(
    "أإآٱىةؤئیک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "اااايهوييك" + "01234567890123456789", "ـ"
)


@dataclass(frozen=True, slots=True)
class Similar:
    """A statement whose letters are close to what somebody is writing; it may say the contrary.

    Attributes
    ----------
    statement : Statement
    score : float
        Likeness in [0, 1]; 1 is the same words.
    wording : str
        The closest of its wordings; ``differences.difference`` says what it does not share.
    """

    statement: Statement
    score: float
    wording: str


def fold(text: str) -> str:
    """Return a text as it is compared: without marks, variants of letters, or punctuation."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.translate(SAME_LETTERS).casefold())
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )  # fmt: skip
    return " ".join(re.findall(r"\w+", bare))


def similar_statements(dialogue: Dialogue, text: str, limit: int = 5) -> list[Similar]:
    """Return open statements that are close to a text in any language, the closest first.

    The score is the mean of two likenesses: of the words without their Arabic articles and
    prepositions, and of the trigrams of letters (Dice's coefficient of both).
    """
    wanted = grams(text)
    if not wanted[1]:
        return []
    similars = []
    for statement in open_statements(dialogue):
        score, wording = max(
            ((likeness(wanted, grams(text)), text) for text in statement.text.values()),
            default=(0.0, ""),
        )
        if score >= ALIKE:
            similars.append(Similar(statement, score, wording))
    return sorted(similars, key=lambda similar: (-similar.score, similar.statement.number))[:limit]


def same_statement(dialogue: Dialogue, text: str) -> Statement | None:
    """Return a statement that says a text word for word, an open one before a held one, or None."""
    wanted = compared(text)
    states = (Statement.State.OPEN, Statement.State.HELD)
    known = Statement.objects.filter(dialogue=dialogue, state__in=states).order_by("number", "pk")
    same = [s for s in known if any(compared(wording) == wanted for wording in s.text.values())]
    return min(same, key=lambda s: s.state != Statement.State.OPEN, default=None)


def turned_away(dialogue: Dialogue, text: str) -> list[Statement]:
    """Return statements of the very same words that were not accepted, the oldest first.

    Compared with private details masked too, since they are dropped when one is turned away.
    """
    wanted = {compared(text), compared(masked(text))}
    rejected = Statement.objects.filter(dialogue=dialogue, state=Statement.State.REJECTED)
    return [
        statement
        for statement in rejected.order_by("number", "pk")
        if any(compared(words) in wanted for words in statement.text.values())
    ]


def compared(text: str) -> tuple[str, str]:
    """Return what has to agree in two texts of the same words: letters, symbols, a question."""
    shown = unicodedata.normalize("NFKC", visible_text(text))
    symbols = "".join(s for s in shown if unicodedata.category(s) in {"So", "Sm", "Sc"})
    words = fold(text)
    return words or "".join(shown.split()), symbols + "?" * any(s in "?؟" for s in shown)


def open_statements(dialogue: Dialogue) -> QuerySet[Statement]:
    """Return the statements that are put to the vote, in the order of their numbers."""
    statements = Statement.objects.filter(dialogue=dialogue, state=Statement.State.OPEN)
    return statements.order_by("number", "pk")


def all_statements(dialogue: Dialogue) -> QuerySet[Statement]:
    """Return every statement, whatever became of it."""
    return Statement.objects.filter(dialogue=dialogue).order_by("number", "pk")


def statements_of(participant: int) -> QuerySet[Statement]:
    """Return what a participant wrote, with the decisions about it, the newest first."""
    statements = Statement.objects.filter(author=participant).prefetch_related(
        "decisions", "appeals"
    )
    return statements.order_by("-added_at", "-pk")


def next_number(dialogue: Dialogue) -> int:
    """Return the number of the next statement."""
    highest = Statement.objects.filter(dialogue=dialogue).aggregate(n=Max("number"))["n"]
    return (highest or 0) + 1


def untranslated(dialogue: Dialogue, languages: tuple[str, ...]) -> list[Statement]:
    """Return open and held statements that lack one of the languages."""
    statements = all_statements(dialogue).filter(
        state__in=(Statement.State.OPEN, Statement.State.HELD)
    )
    return [statement for statement in statements if set(languages) - set(statement.text)]


def grams(text: str) -> Grams:
    """Return by what a text is compared: its words without articles, and trigrams of letters."""
    words = [stem(word) for word in fold(text).split()]
    joined = f" {' '.join(words)} "
    letters = Counter(joined[at : at + 3] for at in range(max(len(joined) - 2, 0)))
    return Counter(words), letters


def stem(word: str) -> str:
    """Return an Arabic word without conjunction, preposition and article before it."""
    return re.sub("^(?:و|ف)?(?:ال|بال|كال|لل)(?=...)", "", word)


def likeness(first: Grams, other: Grams) -> float:
    """Return how much two texts have in common, in [0, 1]."""
    return (_dice(first[0], other[0]) + _dice(first[1], other[1])) / 2


def _dice(first: Mapping[str, int], other: Mapping[str, int]) -> float:
    total = sum(first.values()) + sum(other.values())
    shared = sum(min(count, other.get(key, 0)) for key, count in first.items())
    return 2 * shared / total if total else 0.0
