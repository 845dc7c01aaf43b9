"""What the library holds on a person of the register: testimony given under a chosen name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from hiwar.common.crypto import unsealed_text
from hiwar.common.dates import local_day
from hiwar.common.personal.holdings import Holding
from hiwar.common.search.indexing import remove_record
from hiwar.evidence.actions.items import KIND
from hiwar.evidence.models import Testimony
from hiwar.evidence.queries.testimony import Witness, place_of

if TYPE_CHECKING:
    from hiwar.common.personal.holdings import Traces


def _erase(traces: Traces) -> None:
    """End the consent to what the person testified: who they are is destroyed, the words close.

    Witnesses lie sealed, so each is opened; one of the same name with another contact is another.
    """
    # A name alone says nothing: an address may begin with anybody's.
    ways = [word.casefold() for word in traces.words if "@" in word or word.isdigit()]
    sealed = Testimony.objects.exclude(sealed_person=b"").select_related("item").order_by("pk")
    for testimony in sealed:
        plain = unsealed_text(testimony.sealed_person, place_of(testimony.item))
        if not plain:
            continue
        witness = msgspec.json.decode(plain, type=Witness)
        contact = "".join(witness.contact.casefold().split())
        is_reached = any(way in contact for way in ways)
        if not is_reached and (contact.strip() or not traces.is_named(witness.name)):
            continue
        chosen = "" if traces.is_named(testimony.chosen_name) else testimony.chosen_name
        traces.empty(
            Testimony.objects.filter(pk=testimony.pk),
            sealed_person=b"",
            chosen_name=chosen,
            withdrawn_on=testimony.withdrawn_on or local_day(traces.now),
        )
        remove_record(KIND, testimony.item_id)


HOLDING = Holding("contacts.person", "evidence", ("evidence.Testimony",), _erase)
