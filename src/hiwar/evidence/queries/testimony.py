"""Who testified: opened for those alone who may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hiwar.common.crypto import unsealed_text
from hiwar.evidence import rules

if TYPE_CHECKING:
    from hiwar.accounts.models import User
    from hiwar.evidence.models import EvidenceItem, Testimony


class Witness(msgspec.Struct, frozen=True):
    """Who testified, how to reach them, how they agreed and to what; it lies sealed."""

    name: str = ""
    contact: str = ""
    agreed_how: str = ""
    agreed_to: str = ""


def place_of(item: EvidenceItem) -> str:
    """Return the place for which a witness is sealed."""
    return f"{item.reference}:witness"


def witness_of(user: User, testimony: Testimony) -> Witness | None:
    """Return who testified; None for whoever may not know, and where it was destroyed."""
    if not rules.can_see_private(user):
        return None
    plain = unsealed_text(testimony.sealed_person, place_of(testimony.item))
    return msgspec.json.decode(plain, type=Witness) if plain else None
