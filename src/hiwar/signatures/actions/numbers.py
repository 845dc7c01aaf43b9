"""Numbers of letters about signing: what never left is struck out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.common.numbering import void_number

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hiwar.signatures.models import SigningLetter


@transaction.atomic
def void_letters(*, letters: QuerySet[SigningLetter], reason: str, now: datetime) -> None:
    """Strike out the numbers of letters that never left, as the register on paper does."""
    unsent = letters.filter(sent_at=None, number__isnull=False, number__voided_at=None)
    for letter in unsent.select_related("number"):
        if letter.number is not None:
            void_number(issued=letter.number, reason=reason, now=now)
