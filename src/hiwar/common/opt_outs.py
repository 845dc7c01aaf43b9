"""That somebody wants no messages: said anywhere in the house, kept once, asked by all that sends.

Whoever hears it (a mail, a text message in a file, a card of the register, a tick at the desk, an
erasure) says it here with the address in hand. The room `channels` keeps it, under a digest that
outlives everything else known of the address, and its outbox asks before each hand-over. There is
no second list: a room that kept its own would be asked by nobody.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

MAIL, PHONE = "mail", "phone"
# Where it was said: the codes that `channels.Suppression.Why` names.
WORD, LINK, STAFF, CARD, ERASURE = "word", "link", "staff", "card", "erasure"

# As they are after folding: no marks, one alif, one taa.
STOP_WORDS = frozenset(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "opt out", "arret", "arreter",
     "desabonner", "me desabonner", "الغاء", "ايقاف", "قف", "وقف", "توقف", "اوقفوا", "لا ترسلوا",
     "لاترسلوا", "بطلوا", "الغاء الاشتراك", "ايقاف الرسائل"]
)  # fmt: skip
START_WORDS = frozenset(["start", "subscribe", "recommencer", "commencer", "ابدا", "اشتراك"])
COURTESY = frozenset(
    ["please", "thanks", "thank", "you", "merci", "svp", "شكرا", "لكم", "لو", "سمحتم", "من",
     "فضلكم", "رجاء", "يرجي"]
)  # fmt: skip
PUNCTUATION = re.compile(r"[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class OptOut:
    """That an address is not to be written to.

    Attributes
    ----------
    kind : str
        ``mail`` or ``phone``.
    address : str
        As it was written; it is not kept.
    why : str
        Where it was said.
    purpose : str
        A purpose of messages, or what the register asks people about; empty means everything.
    """

    kind: str
    address: str
    why: str
    purpose: str = ""


class Keeper(Protocol):
    """The room that keeps opt-outs."""

    def keep(self, opt_out: OptOut, at: datetime, actor: Any) -> bool:
        """Keep one; return whether it is new."""

    def lift(self, opt_out: OptOut, at: datetime, actor: Any) -> int:
        """End those of one kind of reason and purpose; return how many there were."""

    def ask(self, kind: str, addresses: Collection[str], purposes: Collection[str]) -> set[str]:
        """Return which addresses want nothing of any of the purposes, or nothing at all."""


_keepers: list[Keeper] = []
_aliases: list[Callable[[Collection[str]], Mapping[str, Iterable[str]]]] = []


def register_keeper(keeper: Keeper) -> None:
    """Let a room keep opt-outs; it writes in the transaction it is called in."""
    _keepers[:] = [keeper]


def register_aliases(
    digests: Callable[[Collection[str]], Mapping[str, Iterable[str]]],
) -> None:
    """Let a room name further digests under which it knows addresses; its queries do not grow."""
    if digests not in _aliases:
        _aliases.append(digests)


def aliases_of(addresses: Collection[str]) -> dict[str, set[str]]:
    """Return the digests under which rooms know addresses beside the house's own."""
    known: dict[str, set[str]] = {}
    for digests in _aliases:
        for address, names in digests(addresses).items():
            known.setdefault(address, set()).update(names)
    return known


@transaction.atomic
def opt_out(said: OptOut, *, at: datetime, actor: Any = None) -> bool:
    """Keep that an address is not to be written to; return whether that is new.

    What is no address of its kind is kept nowhere, and the answer is False.
    """
    return _keepers[0].keep(said, at, actor)


@transaction.atomic
def opt_in(said: OptOut, *, at: datetime, actor: Any = None) -> int:
    """End what was said of an address for the same reason and purpose; return how many there were.

    What somebody wrote themselves is ended by no card: each reason goes as it came. A message that
    asks for messages again (``WORD``) ends whatever was said of its address.
    """
    return _keepers[0].lift(said, at, actor)


def opted_out(kind: str, addresses: Collection[str], *purposes: str) -> set[str]:
    """Return which addresses are not to be written to, for one of the purposes or at all."""
    return _keepers[0].ask(kind, addresses, purposes) if addresses else set()


def wish_in(text: str) -> str:
    """Return "stop" or "start" for a message that says that and nothing else, otherwise nothing.

    A courtesy word beside it changes nothing; any other word does, so that "stop the bill" is a
    sentence and a person reads it.
    """
    words = _folded(text).split()
    bare = " ".join(word for word in words if word not in COURTESY)
    if bare in STOP_WORDS:
        return "stop"
    return "start" if bare in START_WORDS else ""


def _folded(text: str) -> str:
    """Return a text as words are compared: no case, no marks, one alif, one taa."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    bare = bare.translate(str.maketrans("أإآٱىة", "اااايه")).replace("ـ", "")
    return PUNCTUATION.sub(" ", bare)
