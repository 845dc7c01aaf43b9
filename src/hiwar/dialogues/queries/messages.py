"""Incoming text messages, read as people write them: a number and a word, in any order."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.common import crypto
from hiwar.common.opt_outs import wish_in

if TYPE_CHECKING:
    from hiwar.dialogues.models import MessageInQueue

# Letters that are written for one another; marks above and below letters, and the stretch, fall.
FOLDED = str.maketrans(
    "أإآٱىةؤئ", "اااايهوي", "ـ\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
)
CHOICES = {"agree": 1, "pass": 0, "disagree": -1}
SEPARATORS = re.compile(r"[\s:;,،؛.\-–—_/\\|()=*#!]+")
PARTS = re.compile(r"(?P<number>\d{1,4})\s*(?P<after>\D*)|(?P<before>\D+?)\s*(?P<last>\d{1,4})")
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message says.

    Attributes
    ----------
    kind : str
        ``vote``, ``opt_out``, ``opt_in``, or ``unclear``.
    number : int or None
        The statement's number.
    choice : int or None
        1 agree, 0 pass, -1 disagree.
    """

    kind: str
    number: int | None = None
    choice: int | None = None


UNCLEAR = Reading("unclear")


def fold(text: str) -> str:
    """Return a text as words are compared: no marks, no signs, digits 0 to 9, small letters."""
    plain = unicodedata.normalize("NFKC", text).translate(FOLDED)
    letters = (c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    digits = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in letters)
    return SEPARATORS.sub(" ", "".join(digits).casefold()).strip()


@cache
def answer_words() -> dict[str, str]:
    """Return what each known word means: agree, disagree or pass."""
    data = json.loads((Path(__file__).parents[1] / "words.json").read_text("utf-8"))
    return {fold(word): meaning for meaning, words in data.items() for word in words}


def read_message(text: str) -> Reading:
    """Read a text message as a vote, as the wish to get no more messages, or as neither.

    A message counts only when all of it was understood: one number and one known answer. Anything
    else is for a person to read.
    """
    words = fold(text)
    if not words or len(words) > LONGEST:
        return UNCLEAR
    wish = wish_in(text)
    if wish:
        return Reading("opt_out" if wish == "stop" else "opt_in")
    parts = PARTS.fullmatch(words)
    if parts is None:
        return UNCLEAR
    number = parts["number"] or parts["last"]
    word = (parts["after"] if parts["number"] else parts["before"]).strip()
    meaning = answer_words().get(word, "")
    if meaning not in CHOICES:
        return UNCLEAR
    return Reading("vote", int(number), CHOICES[meaning])


def answer_of(text: str) -> int | None:
    """Return the answer a word stands for, as in the cells of a file; None for no known answer."""
    return CHOICES.get(answer_words().get(fold(text), ""))


def sealed_sender(message: MessageInQueue, address: str) -> bytes:
    """Return the sender of a message sealed under the key that no copy of the data holds."""
    return (
        crypto.seal(address.encode(), _place(message), key=settings.OUTER_KEY) if address else b""
    )


def sender_of(message: MessageInQueue) -> str:
    """Return the sender of a message that nobody settled yet; empty once it was forgotten."""
    sealed = bytes(message.sealed_sender)
    return crypto.unseal(sealed, _place(message), key=settings.OUTER_KEY).decode() if sealed else ""


def _place(message: MessageInQueue) -> str:
    return f"dialogues.messageinqueue:{message.pk}"
