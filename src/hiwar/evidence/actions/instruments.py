"""Instruments and their articles, as they are cited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit, update_record
from hiwar.common.search.indexing import index_record
from hiwar.evidence import rules
from hiwar.evidence.models import Instrument, InstrumentArticle
from hiwar.evidence.queries.search_documents import document_of_instrument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User

KIND = "evidence.instrument"
FIELDS = (
    "kind", "symbol", "title", "body", "year", "adopted_on", "in_force_on", "url", "visibility",
)  # fmt: skip


@transaction.atomic
def add_instrument(
    *, actor: User, values: Mapping[str, Any], now: datetime, is_demo: bool = False
) -> Instrument:
    """Enter an instrument; ``values`` has fields by name, those of ``FIELDS``.

    Raises ``NotAllowed`` and ``ValidationError``, also where the symbol is there.
    """
    if not rules.can_edit_evidence(actor):
        raise NotAllowed
    instrument = Instrument(
        **{name: values[name] for name in FIELDS if name in values},
        owner=actor, added_by=actor, added_at=now, is_demo=is_demo,
    )  # fmt: skip
    instrument.full_clean()
    instrument.save()
    index_record(KIND, document_of_instrument(instrument))
    audit(actor, "evidence.instrument.add", instrument, at=now)
    return instrument


@transaction.atomic
def update_instrument(
    *, actor: User, instrument: Instrument, values: Mapping[str, Any], now: datetime
) -> None:
    """Change what is known of an instrument; raises ``NotAllowed`` and ``ValidationError``."""
    if not rules.can_edit_record(actor, instrument):
        raise NotAllowed
    changes = {name: values[name] for name in FIELDS if name in values}
    if update_record(actor=actor, record=instrument, changes=changes, at=now):
        index_record(KIND, document_of_instrument(instrument))


@transaction.atomic
def add_article(
    *, actor: User, instrument: Instrument, article: str, paragraph: str,
    text: Mapping[str, str], now: datetime,
) -> InstrumentArticle:  # fmt: skip
    """Add an article of an instrument, or one of its paragraphs, behind those that are there.

    Raises ``NotAllowed`` and ``ValidationError``, also where it is there.
    """
    Instrument.objects.select_for_update(of=("self",)).get(pk=instrument.pk)
    if not rules.can_edit_record(actor, instrument):
        raise NotAllowed
    last = instrument.articles.aggregate(last=Max("position"))["last"] or 0
    part = InstrumentArticle(
        instrument=instrument, article=article, paragraph=paragraph, text=text, position=last + 1
    )
    part.full_clean()
    part.save()
    index_record(KIND, document_of_instrument(instrument))
    audit(actor, "evidence.instrument.add_article", instrument, at=now,
          changed={"article": ["", str(part)]})  # fmt: skip
    return part
