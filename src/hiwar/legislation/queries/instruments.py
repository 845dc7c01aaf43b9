"""Amending instruments: what their orders do, where two clash, and the law on any day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from hiwar.accounts.queries import readable_by
from hiwar.engine import law as engine
from hiwar.engine.law.addresses import part_of
from hiwar.engine.law.folding import fold
from hiwar.engine.law.lexicon import lexicon_of_language
from hiwar.engine.law.marks import read_number
from hiwar.engine.law.numbers import letter_rank
from hiwar.legislation.models import AmendingInstrument, InstrumentOrder, LawVersion
from hiwar.legislation.queries.asked import new_address
from hiwar.legislation.queries.laws import laws_for, text_of, versions_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from hiwar.accounts.models import User
    from hiwar.engine.law.operations import OperationKind
    from hiwar.legislation.models import Law

K, S = InstrumentOrder.Kind, InstrumentOrder.State


def instruments_for(user: User, law: Law) -> QuerySet[AmendingInstrument]:
    """Return the instruments that amend a law, on versions that a user may read, latest first."""
    if not laws_for(user).filter(pk=law.pk).exists():
        return AmendingInstrument.objects.none()
    listed = AmendingInstrument.objects.filter(
        readable_by(user, AmendingInstrument), law=law,
        version__in=versions_for(user, law).order_by().values("pk"),
    )  # fmt: skip
    return listed.defer("text").select_related("version").order_by("-added_at", "pk")


def orders_of(instrument: AmendingInstrument) -> list[InstrumentOrder]:
    """Return the orders of an instrument in their order."""
    return list(instrument.orders.select_related("decided_by").order_by("position"))


def operation_of_order(order: InstrumentOrder) -> engine.Operation | None:
    """Return an order as the engine carries it out; None where it is not understood."""
    if not order.kind:
        return None
    return engine.Operation(
        cast("OperationKind", order.kind), order.by, order.target, order.after, order.label,
        order.text, order.old_words, order.new_words, order.source,
    )  # fmt: skip


def day_of(order: InstrumentOrder, instrument: AmendingInstrument) -> date | None:
    """Return the day on which an order takes effect: its own, or that of its instrument."""
    return order.effective_on or instrument.in_force_on


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order with what it does to the text as the orders before it leave it.

    ``name`` is what it touches, ``pairs`` the article before and after, side by side; ``refusal``
    is the engine's reason where it cannot be carried out.
    """

    order: InstrumentOrder
    name: str
    places: int
    pairs: tuple[tuple[tuple[engine.Piece, ...], tuple[engine.Piece, ...]], ...]
    refusal: str
    day: date | None


def orders_shown(
    instrument: AmendingInstrument, orders: Sequence[InstrumentOrder], base: engine.Law
) -> list[OrderShown]:
    """Return what each order does; what was left out changes nothing for those after it."""
    law = base
    shown = []
    for order in orders:
        operation = operation_of_order(order)
        if operation is None:
            shown.append(OrderShown(order, "", 0, (), "", day_of(order, instrument)))
            continue
        step = engine.consolidate(law, [operation], instrument.title)
        refusal = step.refused[0].reason if step.refused else ""
        pairs = () if refusal else tuple(_pairs(law, step.law, operation, list(step.touched)))
        name = name_of(base if base.provision(operation.target) else step.law, operation.target)
        shown.append(OrderShown(
            order, name, len(step.touched), pairs, refusal, day_of(order, instrument)
        ))  # fmt: skip
        if order.state != S.LEFT and not refusal:
            law = step.law
    return shown


MOST_PLACES = 5


def _pairs(
    before: engine.Law, after: engine.Law, operation: engine.Operation, touched: Sequence[str]
) -> Iterable[tuple[tuple[engine.Piece, ...], tuple[engine.Piece, ...]]]:
    """Yield the touched provisions before and after; of words everywhere, the first places."""
    wanted = touched[:MOST_PLACES] if operation.kind == "phrase" else [operation.target]
    for eid in wanted:
        old, new = before.provision(eid), after.provision(eid)
        rows = engine.compare_texts(old.full_text() if old else "", new.full_text() if new else "")
        for row in rows:
            if any(edit.old != edit.new for edit in row.edits):
                yield engine.side_by_side(row.edits)


def name_of(law: engine.Law, eid: str) -> str:
    """Return what an address is called in a text: article and part of it."""
    article = law.provision(eid.partition("__para_")[0].partition("__point_")[0])
    provision = law.provision(eid)
    labels = [part.label for part in (article, provision) if part is not None and part.label]
    return " › ".join(dict.fromkeys(labels)) or eid


@dataclass(frozen=True, slots=True)
class InstrumentClash:
    """Orders of two pending instruments that cannot both be carried out as they stand."""

    other: AmendingInstrument
    own: InstrumentOrder
    theirs: InstrumentOrder
    code: str
    where: str


def clashes_of(
    user: User, instrument: AmendingInstrument, orders: Sequence[InstrumentOrder], base: engine.Law
) -> list[InstrumentClash]:
    """Return where an instrument clashes with others that are pending on the same text.

    Orders that were left out clash with nothing.
    """
    others = instruments_for(user, instrument.law).filter(
        state=AmendingInstrument.State.PENDING, version=instrument.version
    )
    own = _understood(orders)
    clashing = []
    for other in others.exclude(pk=instrument.pk).prefetch_related("orders"):
        for theirs, order in _understood(sorted(other.orders.all(), key=lambda o: o.position)):
            for mine, operation in own:
                for clash in engine.conflicts([operation], [order], base):
                    where = base.provision(clash.words) and name_of(base, clash.words)
                    clashing.append(InstrumentClash(
                        other, mine, theirs, clash.code, where or clash.words
                    ))  # fmt: skip
    return clashing


def _understood(
    orders: Iterable[InstrumentOrder],
) -> list[tuple[InstrumentOrder, engine.Operation]]:
    return [
        (order, operation) for order in orders
        if order.state != S.LEFT and (operation := operation_of_order(order)) is not None
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LawOnDay:
    """A law as it stands on a day.

    ``root`` is the version that was first amended; ``done`` each order in force with its
    instrument and day, ``ahead`` those whose day is still to come; ``suspended`` what does not
    apply on the day.
    """

    root: LawVersion
    before: engine.Law
    result: engine.Consolidated
    done: tuple[tuple[AmendingInstrument, InstrumentOrder, date], ...]
    ahead: tuple[tuple[AmendingInstrument, InstrumentOrder, date], ...]
    suspended: tuple[str, ...]


def root_of(version: LawVersion) -> LawVersion:
    """Return the version from which, by instruments alone, a version was made."""
    seen = {version.pk}
    while True:
        maker = version.made_by.select_related("version").first()
        if maker is None or maker.version_id in seen:
            return version
        version = maker.version
        seen.add(version.pk)


def carried_out_on(root: LawVersion) -> list[AmendingInstrument]:
    """Return the instruments carried out on a version and on what they made of it, in order."""
    instruments = AmendingInstrument.objects.filter(
        law=root.law_id, state=AmendingInstrument.State.CARRIED_OUT
    )
    listed = list(
        instruments.prefetch_related("orders", "versions").order_by("carried_out_at", "pk")
    )
    reached, chain = {root.pk}, list[AmendingInstrument]()
    # What one of them made, the next may lie on, whatever the clock says.
    while following := [each for each in listed if each.version_id in reached]:
        for instrument in following:
            chain.append(instrument)
            reached |= {version.pk for version in instrument.versions.all()}
            listed.remove(instrument)
    return chain


def law_on(version: LawVersion, day: date, readable: Iterable[AmendingInstrument]) -> LawOnDay:
    """Return the law of which a version is the text, as it stands on a day.

    ``readable`` are the instruments that whoever asks may read; others are left out.
    """
    root = root_of(version)
    allowed = {instrument.pk for instrument in readable}
    dated = [
        (instrument, order, effective)
        for instrument in carried_out_on(root) if instrument.pk in allowed
        for order in sorted(instrument.orders.all(), key=lambda order: order.position)
        if order.state == S.ACCEPTED
        and (effective := day_of(order, instrument)) is not None
    ]  # fmt: skip
    before = text_of(root)
    steps = [
        engine.Dated(effective, (operation,), order.until, instrument.title)
        for instrument, order, effective in dated
        if (operation := operation_of_order(order)) is not None
    ]
    result = engine.law_at(before, steps, day)
    return LawOnDay(
        root, before, result,
        tuple(entry for entry in dated if entry[2] <= day),
        tuple(sorted((entry for entry in dated if entry[2] > day), key=lambda entry: entry[2])),
        tuple(dict.fromkeys(name_of(result.law, eid) for eid in result.suspended)),
    )  # fmt: skip


def address_of(kind: str, target: str, label: str, taken: Iterable[str], language: str) -> str:
    """Return the address that an order by hand changes; of what comes in, the new one.

    ``target`` is the provision that was chosen: for a new article the one before it, for a new
    paragraph the one that it stands in. Empty where the label is no number.
    """
    if kind not in {K.INSERTION, K.ADDITION}:
        return target
    number = _number_in(label, language)
    if kind == K.INSERTION:
        head, joint, _last = target.rpartition("__")
        there = set(taken)
        address = head + joint + part_of("article", number) if number else ""
        return address if address and address not in there else new_address(target, there)
    letter = str(fold(label)).strip("() .-")
    if number is None and len(letter) == 1:
        return f"{target}__{part_of('point', engine.Number(letter_rank(letter)), is_letter=True)}"
    return f"{target}__{part_of('paragraph', number)}" if number else ""


def _number_in(label: str, language: str) -> engine.Number | None:
    read = read_number(str(fold(label)), 0, lexicon_of_language(language))
    return read[0] if read else None
