"""Numbers of letters: one series for the house, and what never left is struck out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import pgettext_lazy

from hiwar.common.numbering import Series, void_number

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.dossiers.models import SigningLetter

# For every letter that leaves the house, whichever room writes it.
LETTERS = Series("letters", pgettext_lazy("series", "Outgoing letters"))
# States of a message that never reached a mail server, or that came back.
NEVER_SENT = frozenset(["stopped", "expired", "failed"])


@transaction.atomic
def void_letters(*, letters: QuerySet[SigningLetter], reason: str, now: datetime) -> None:
    """Strike out the numbers of letters that never left, as the register on paper does."""
    unsent = letters.filter(sent_at=None, number__isnull=False, number__voided_at=None)
    for letter in unsent.select_related("number"):
        if letter.number is not None:
            void_number(issued=letter.number, reason=reason, now=now)
