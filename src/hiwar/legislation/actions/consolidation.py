"""Amending instruments carried out, as one text for each day, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.engine import law as engine
from hiwar.legislation.actions.instruments import (
    CLOSE,
    CannotCarryOut,
    audit_instrument,
    locked_instrument,
)
from hiwar.legislation.actions.laws import VersionFacts, add_version
from hiwar.legislation.models import AmendingInstrument, InstrumentOrder, LawVersion, Provision
from hiwar.legislation.queries.instruments import day_of, operation_of_order, orders_of
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from hiwar.accounts.models import User

State, OrderState = AmendingInstrument.State, InstrumentOrder.State


class Undecided(Refused):
    """Some orders are still open."""

    code = "undecided"
    message = _("Decide every order first: accept it, write it by hand, or leave it out.")


class NothingAccepted(Refused):
    """No order is accepted."""

    code = "nothing_accepted"
    message = _("No order is accepted, so there is nothing to carry out.")


class DayMissing(Refused):
    """An accepted order has no day."""

    code = "day_missing"
    message = _("Say from which day the instrument is in force, or give each order its day.")


class DayBeforeText(Refused):
    """An order takes effect before the text that it changes."""

    code = "day_before_text"
    message = _("An order takes effect before the day of the text that it changes. Lay the "
                "instrument on an older version, or put the day right.")  # fmt: skip


class AmendedSince(Refused):
    """Another instrument was carried out on the version."""

    code = "amended_since"
    message = _("Another instrument was carried out on this version since. Lay this one on the "
                "newest text first; its orders are then decided again.")  # fmt: skip


class VersionsInUse(Refused):
    """Something rests on what carrying out made."""

    code = "versions_in_use"
    message = _("Something rests on what this made: a proposal, a consultation, a later "
                "instrument; or it was published. Nothing was undone.")  # fmt: skip


@transaction.atomic
def carry_out(*, actor: User, instrument: AmendingInstrument, now: datetime) -> list[LawVersion]:
    """Make the consolidated text of an instrument, one version for each day of its orders.

    What was not understood, and what was left out, changes nothing. Addresses are kept.

    Raises ``NotAllowed``, ``NotPending``, ``Undecided``, ``NothingAccepted``, ``DayMissing``,
    ``DayBeforeText``, ``AmendedSince``, ``CannotCarryOut``, ``SameText`` and ``ValidationError``.
    """
    locked = locked_instrument(actor, instrument, State.PENDING)
    orders = orders_of(locked)
    if any(order.state == OrderState.OPEN for order in orders):
        raise Undecided
    accepted = [order for order in orders if order.state == OrderState.ACCEPTED]
    if not accepted:
        raise NothingAccepted
    days = [day_of(order, locked) for order in accepted]
    known = sorted({day for day in days if day is not None})
    if None in days:
        raise DayMissing
    if known[0] < locked.version.dated_on:
        raise DayBeforeText
    if locked.version.instruments.filter(state=State.CARRIED_OUT).exists():
        raise AmendedSince
    text = text_of(locked.version)
    texts = []
    for day in known:
        due = [operation for order, on in zip(accepted, days, strict=True)
               if on == day and (operation := operation_of_order(order)) is not None]  # fmt: skip
        step = engine.consolidate(text, due, locked.title)
        if step.refused:
            raise CannotCarryOut
        # What only suspends or renumbers leaves the words, and no text is made twice.
        if step.touched:
            texts.append(_consolidated(actor, locked, step.law, day, now))
        text = step.law
    locked.state, locked.carried_out_by, locked.carried_out_at = State.CARRIED_OUT, actor, now
    locked.save(update_fields=["state", "carried_out_by", "carried_out_at"])
    locked.versions.set(texts)
    audit_instrument(actor, "carry_out", locked, now, {"versions": [0, len(texts)]})
    return texts


def _consolidated(
    actor: User, instrument: AmendingInstrument, law: engine.Law, day: date, now: datetime
) -> LawVersion:
    standing = LawVersion.Authority
    # What rests on a text that was leaked or given in confidence is not called anything better.
    known = {instrument.authority, instrument.version.authority}
    lowest = (each for each in (standing.CONFIDENCE, standing.LEAKED) if each in known)
    is_close = bool({instrument.visibility, instrument.version.visibility} & set(CLOSE))
    facts = VersionFacts(
        language=law.language, dated_on=day,
        authority=next(lowest, standing.CONSOLIDATED),
        source=instrument.title,
        is_unofficial=instrument.version.is_unofficial,
        visibility=Visibility.PERSONAL if is_close else Visibility.INSTITUTION,
    )  # fmt: skip
    reading = engine.Reading(engine.to_text(law), law, (), ())
    return add_version(actor=actor, law=instrument.law, reading=reading, facts=facts, now=now)


@transaction.atomic
def undo_carrying_out(*, actor: User, instrument: AmendingInstrument, now: datetime) -> None:
    """Take back the texts that an instrument made; its orders stay as they were decided.

    Raises ``NotAllowed``, ``NotPending`` and ``VersionsInUse``.
    """
    locked = locked_instrument(actor, instrument, State.CARRIED_OUT)
    versions = list(locked.versions.select_for_update().order_by("number"))
    for version in versions:
        _refuse_used(version)
    # A later number would otherwise stand over a gap that tells of nothing.
    audit_instrument(actor, "undo_carrying_out", locked, now, {"versions": [len(versions), 0]})
    locked.versions.clear()
    for version in versions:
        version.delete()
    locked.state, locked.carried_out_by, locked.carried_out_at = State.PENDING, None, None
    locked.save(update_fields=["state", "carried_out_by", "carried_out_at"])


def _refuse_used(version: LawVersion) -> None:
    if version.published_at is not None:
        raise VersionsInUse
    for relation in LawVersion._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model is Provision:
            continue
        model, field = relation.related_model, getattr(relation, "field", None)
        if model is AmendingInstrument.versions.through or field is None or not model:
            continue
        if field.model is AmendingInstrument and field.many_to_many:
            continue
        if field.model._default_manager.filter(**{field.name: version}).exists():
            raise VersionsInUse
