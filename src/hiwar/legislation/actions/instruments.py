"""Amending instruments: read into orders, decided order by order."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.multilingual import script_of_language
from hiwar.common.refusals import Refused
from hiwar.common.scripts import script_of_text
from hiwar.engine import law as engine
from hiwar.engine.law.addresses import number_of
from hiwar.legislation import rules
from hiwar.legislation.models import AmendingInstrument, InstrumentOrder, Law, LawVersion
from hiwar.legislation.queries.instruments import (
    address_of,
    carried_out_on,
    operation_of_order,
    orders_of,
    root_of,
)
from hiwar.legislation.queries.laws import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from hiwar.accounts.models import User

State, OrderState, Kind = AmendingInstrument.State, InstrumentOrder.State, InstrumentOrder.Kind
CLOSE = (Visibility.PERSONAL, Visibility.TEAM)
# Orders stand apart, so that one written by hand finds a place behind its sentence.
APART = 20


class SameInstrument(Refused):
    """The version is amended by exactly this text already."""

    code = "same_instrument"
    message = _("This text is laid on this version already.")


class OtherLanguage(Refused):
    """The instrument is written in other letters than the text it amends."""

    code = "other_language"
    message = _("This instrument is in another language than this text. Lay it on the text in its "
                "own language.")  # fmt: skip


class NothingOrdered(Refused):
    """No sentence of the text orders anything."""

    code = "nothing_ordered"
    message = _("No article was found in this text. Paste the whole instrument, with its articles.")


class NotPending(Refused):
    """The instrument is carried out or withdrawn."""

    code = "not_pending"
    message = _(
        "This instrument was carried out or withdrawn in the meantime. Load the page again."
    )


class NotUnderstood(Refused):
    """An order without a kind is accepted."""

    code = "not_understood"
    message = _("This sentence was not understood. Write by hand what it orders.")


class OrderIncomplete(Refused):
    """An order by hand lacks what its kind needs."""

    code = "order_incomplete"
    message = _(
        "Something is missing that this kind of order needs: a provision, a number, a text."
    )


class CannotCarryOut(Refused):
    """The text as it is does not bear the order."""

    code = "cannot_carry_out"
    message = _(
        "The text as the orders before leave it has no such place. Look at this order again."
    )


@dataclass(frozen=True, slots=True)
class InstrumentFacts:
    """What is known of an amending instrument; without a day in force it is read in its text."""

    title: str
    authority: str
    source: str
    issued_on: date | None = None
    published_on: date | None = None
    in_force_on: date | None = None
    visibility: str = Visibility.INSTITUTION


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What a person says that a sentence orders; ``target`` is the provision that was chosen."""

    kind: str
    target: str = ""
    label: str = ""
    text: str = ""
    old_words: str = ""
    new_words: str = ""
    effective_on: date | None = None
    until: date | None = None


@transaction.atomic
def bring_instrument(
    *, actor: User, version: LawVersion, text: str, facts: InstrumentFacts, now: datetime
) -> AmendingInstrument:
    """Lay an amending instrument on a version: its orders are read, and none is applied.

    Raises ``NotAllowed``, ``OtherLanguage``, ``SameInstrument``, ``NothingOrdered`` and
    ``ValidationError``.
    """
    law = Law.objects.select_for_update().get(pk=version.law_id)
    if not (rules.can_edit_law(actor, law) and is_readable_by(actor, version)):
        raise NotAllowed
    if script_of_text(text) not in {"", script_of_language(version.language)}:
        raise OtherLanguage
    digest = sha256(text.encode()).hexdigest()
    if AmendingInstrument.objects.filter(version=version, sha256=digest).exists():
        raise SameInstrument
    writing = law.jurisdiction if version.language == "ar" else version.language
    read = engine.read_amendment(engine.read_law(text, writing).law, text_of(version))
    if not (read.operations or read.unread):
        raise NothingOrdered
    in_force = facts.in_force_on or engine.in_force_on(
        read.force, published=facts.published_on, issued=facts.issued_on
    )
    confidence = LawVersion.Authority.CONFIDENCE
    is_close = facts.authority == confidence and facts.visibility not in CLOSE
    instrument = AmendingInstrument(
        law=law, version=version, title=facts.title, authority=facts.authority,
        source=facts.source, text=text, sha256=digest, issued_on=facts.issued_on,
        published_on=facts.published_on, in_force_on=in_force, owner=actor,
        visibility=Visibility.PERSONAL if is_close else facts.visibility, added_by=actor,
        added_at=now,
    )  # fmt: skip
    instrument.full_clean()
    instrument.save()
    InstrumentOrder.objects.bulk_create(_orders_read(instrument, read))
    audit(actor, "legislation.law.bring_instrument", law, at=now, changed={
        "instrument": ["", str(instrument.pk)], "sha256": ["", digest],
    })  # fmt: skip
    return instrument


def _orders_read(
    instrument: AmendingInstrument, read: engine.Amendment
) -> Sequence[InstrumentOrder]:
    listed: list[engine.Operation | engine.Unread] = [*read.operations, *read.unread]
    # Sorting is stable: the orders of one article keep theirs.
    listed.sort(key=lambda order: _in_order(order.by))
    return [_order(instrument, at * APART, order) for at, order in enumerate(listed, 1)]


def _in_order(by: str) -> tuple[int, str]:
    number = number_of(by)
    return (number.base if number else 0, by)


def _order(
    instrument: AmendingInstrument, position: int, order: engine.Operation | engine.Unread
) -> InstrumentOrder:
    row = InstrumentOrder(
        instrument=instrument, position=position, by=order.by, source=order.source
    )
    if isinstance(order, engine.Unread):
        row.reason = order.reason
        return row
    row.kind, row.target, row.after, row.label = order.kind, order.target, order.after, order.label
    row.text, row.old_words, row.new_words = order.text, order.old[:500], order.new[:500]
    return row


def locked_instrument(
    actor: User, instrument: AmendingInstrument, *states: str
) -> AmendingInstrument:
    """Return an instrument for changing it; raises ``NotAllowed`` and ``NotPending``."""
    law = Law.objects.select_for_update().get(pk=instrument.law_id)
    locked = AmendingInstrument.objects.select_for_update().get(pk=instrument.pk)
    readable = is_readable_by(actor, locked) and is_readable_by(actor, locked.version)
    if not (rules.can_edit_law(actor, law) and readable):
        raise NotAllowed
    if locked.state not in states:
        raise NotPending
    locked.law = law
    return locked


@transaction.atomic
def decide_order(*, actor: User, order: InstrumentOrder, state: str, now: datetime) -> None:
    """Accept an order, leave it out, or open it again.

    Raises ``NotAllowed``, ``NotPending``, ``NotUnderstood`` and ``CannotCarryOut``.
    """
    instrument = locked_instrument(actor, order.instrument, State.PENDING)
    locked = InstrumentOrder.objects.get(pk=order.pk)
    before = locked.state
    locked.state = OrderState(state)
    if locked.state == OrderState.ACCEPTED:
        if not locked.kind:
            raise NotUnderstood
        _refuse_what_does_not_fit(instrument, locked)
    locked.decided_by, locked.decided_at = (
        (None, None) if locked.state == OrderState.OPEN else (actor, now)
    )
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    audit_instrument(
        actor, "decide_order", instrument, now, {f"order {locked.position}": [before, state]}
    )


def _refuse_what_does_not_fit(instrument: AmendingInstrument, order: InstrumentOrder) -> None:
    """Raise ``CannotCarryOut`` where the text, as earlier orders leave it, does not bear it."""
    earlier = [
        operation for each in orders_of(instrument)
        if each.position < order.position and each.state != OrderState.LEFT
        and (operation := operation_of_order(each)) is not None
    ]  # fmt: skip
    text = engine.consolidate(text_of(instrument.version), earlier, instrument.title).law
    operation = operation_of_order(order)
    if operation is None or engine.consolidate(text, [operation], instrument.title).refused:
        raise CannotCarryOut


@transaction.atomic
def write_order(*, actor: User, order: InstrumentOrder, facts: OrderFacts, now: datetime) -> None:
    """Say by hand what a sentence orders, or put right what was read; it is then open again.

    Raises ``NotAllowed``, ``NotPending``, ``OrderIncomplete`` and ``ValidationError``.
    """
    instrument = locked_instrument(actor, order.instrument, State.PENDING)
    locked = InstrumentOrder.objects.get(pk=order.pk)
    said: dict[str, object] = {
        "kind": facts.kind, "label": facts.label, "text": facts.text,
        "old_words": facts.old_words, "new_words": facts.new_words,
    }  # fmt: skip
    _refuse_incomplete(facts)
    chosen = locked.after if facts.kind == Kind.INSERTION else locked.target
    if facts.kind == Kind.ADDITION:
        chosen = locked.target.rpartition("__")[0]
    is_same = chosen == facts.target and all(
        getattr(locked, name) == value for name, value in said.items()
    )
    if not is_same:
        base = text_of(instrument.version)
        target = address_of(
            facts.kind, facts.target, facts.label, [part.eid for part in base.walk()],
            base.language,
        )  # fmt: skip
        if not target and facts.kind not in {Kind.PHRASE, Kind.RENUMBERING}:
            raise OrderIncomplete
        said |= {
            "target": target, "after": facts.target if facts.kind == Kind.INSERTION else "",
            "is_by_hand": True, "state": OrderState.OPEN, "decided_by": None, "decided_at": None,
        }  # fmt: skip
    said |= {"effective_on": facts.effective_on, "until": facts.until}
    before = {name: getattr(locked, name) for name in said}
    for name, value in said.items():
        setattr(locked, name, value)
    locked.full_clean()
    locked.save()
    audit_instrument(actor, "write_order", instrument, now, {
        f"order {locked.position} {name}": [before[name], value]
        for name, value in said.items() if before[name] != value and name != "decided_by"
    })  # fmt: skip


def _refuse_incomplete(facts: OrderFacts) -> None:
    needs: Mapping[str, Sequence[str]] = {
        Kind.SUBSTITUTION: ("target", "text"), Kind.INSERTION: ("target", "label", "text"),
        Kind.ADDITION: ("target", "label", "text"), Kind.REPEAL: ("target",),
        Kind.PHRASE: ("old_words",), Kind.SUSPENSION: ("target",),
    }  # fmt: skip
    missing = [name for name in needs.get(facts.kind, ()) if not getattr(facts, name)]
    if missing or (facts.until and facts.effective_on and facts.until < facts.effective_on):
        raise OrderIncomplete


@transaction.atomic
def add_order(*, actor: User, beside: InstrumentOrder, now: datetime) -> InstrumentOrder:
    """Give a sentence a further order, to be written by hand.

    Raises ``NotAllowed`` and ``NotPending``.
    """
    instrument = locked_instrument(actor, beside.instrument, State.PENDING)
    last = instrument.orders.filter(
        position__lt=(beside.position // APART + 1) * APART
    ).aggregate(last=Max("position"))["last"]  # fmt: skip
    if (last + 1) % APART == 0:
        raise OrderIncomplete
    order = InstrumentOrder.objects.create(
        instrument=instrument, position=last + 1, by=beside.by, source=beside.source,
        is_by_hand=True,
    )  # fmt: skip
    audit_instrument(actor, "add_order", instrument, now, {"order": ["", str(order.position)]})
    return order


@transaction.atomic
def say_day(
    *, actor: User, instrument: AmendingInstrument, in_force_on: date | None, now: datetime
) -> None:
    """Say from which day an instrument is in force; raises ``NotAllowed``, ``NotPending``."""
    locked = locked_instrument(actor, instrument, State.PENDING)
    changed = {"in_force_on": [locked.in_force_on, in_force_on]}
    locked.in_force_on = in_force_on
    locked.save(update_fields=["in_force_on"])
    audit_instrument(actor, "say_day", locked, now, changed)


@transaction.atomic
def lay_on_newest(*, actor: User, instrument: AmendingInstrument, now: datetime) -> None:
    """Lay a pending instrument on the newest text of the law; its orders are decided again.

    Raises ``NotAllowed``, ``NotPending`` and ``SameInstrument``.
    """
    locked = locked_instrument(actor, instrument, State.PENDING)
    chain = carried_out_on(root_of(locked.version))
    texts = [version for each in chain for version in each.versions.all()]
    newest = max(texts, key=lambda version: version.number, default=locked.version)
    if newest.pk == locked.version_id or not is_readable_by(actor, newest):
        raise NotAllowed
    if AmendingInstrument.objects.filter(version=newest, sha256=locked.sha256).exists():
        raise SameInstrument
    changed = {"version": [locked.version.number, newest.number]}
    locked.version = newest
    locked.save(update_fields=["version"])
    locked.orders.exclude(state=OrderState.LEFT).update(
        state=OrderState.OPEN, decided_by=None, decided_at=None
    )
    audit_instrument(actor, "lay_on_newest", locked, now, changed)


@transaction.atomic
def withdraw_instrument(*, actor: User, instrument: AmendingInstrument, now: datetime) -> None:
    """Note that a pending instrument goes no further; raises ``NotAllowed``, ``NotPending``."""
    _move(actor, instrument, State.PENDING, State.WITHDRAWN, now)


@transaction.atomic
def reopen_instrument(*, actor: User, instrument: AmendingInstrument, now: datetime) -> None:
    """Let a withdrawn instrument be pending again; raises ``NotAllowed``, ``NotPending``."""
    _move(actor, instrument, State.WITHDRAWN, State.PENDING, now)


def _move(
    actor: User, instrument: AmendingInstrument, before: str, after: str, now: datetime
) -> None:
    locked = locked_instrument(actor, instrument, before)
    locked.state = after
    locked.save(update_fields=["state"])
    audit_instrument(actor, "move_instrument", locked, now, {"state": [before, after]})


def audit_instrument(
    actor: User, verb: str, instrument: AmendingInstrument, now: datetime,
    changed: Mapping[str, object],
) -> None:  # fmt: skip
    """Write what was done with an instrument to the log of its law."""
    audit(actor, f"legislation.law.{verb}", instrument.law, at=now, changed={
        "instrument": ["", str(instrument.pk)], **changed,
    })  # fmt: skip
