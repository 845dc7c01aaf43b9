"""The law as amended, on any day, and where two pending amendments clash."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hiwar.engine.law.addresses import number_of
from hiwar.engine.law.folding import fold
from hiwar.engine.law.operations import Conflict, Dated, Force, Unread
from hiwar.engine.law.reader import read_law
from hiwar.engine.law.structure import Law, Provision

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from hiwar.engine.law.operations import Operation


@dataclass(frozen=True, slots=True)
class Consolidated:
    """A law with amendments carried out.

    Attributes
    ----------
    law : Law
        The text.
    touched : dict of str to tuple of Operation
        What was done at each address, in order.
    refused : tuple of Unread
        Orders that could not be carried out on this text.
    renumberings : tuple of Operation
        Orders to renumber: shown, never applied to addresses.
    suspended : tuple of str
        Addresses of what does not apply.
    """

    law: Law
    touched: dict[str, tuple[Operation, ...]]
    refused: tuple[Unread, ...]
    renumberings: tuple[Operation, ...]
    suspended: tuple[str, ...]


def consolidate(law: Law, operations: Sequence[Operation], name: str = "") -> Consolidated:
    """Carry out operations, one after another.

    Parameters
    ----------
    law : Law
        The text before.
    operations : sequence of Operation
        In order.
    name : str
        What orders them; stands in the note at a repealed provision.

    Returns
    -------
    Consolidated
        Addresses are kept: a repealed provision stays with a note in brackets, an inserted one has
        an address of its own, and nothing is renumbered.
    """
    touched: dict[str, tuple[Operation, ...]] = {}
    refused: list[Unread] = []
    renumberings: list[Operation] = []
    suspended: list[str] = []
    for operation in operations:
        if operation.kind == "renumbering":
            renumberings.append(operation)
            continue
        if operation.kind == "suspension":
            suspended.append(operation.target)
            continue
        if operation.kind == "insertion":
            changed, where = _inserted(law, operation), [operation.target]
        elif operation.kind == "phrase":
            changed, where = _replaced(law, operation)
        else:
            changed, where = _changed(law, operation, name), [operation.target]
        if isinstance(changed, str):
            refused.append(Unread(operation.by, operation.source, changed))
            continue
        law = changed
        for eid in where:
            touched[eid] = (*touched.get(eid, ()), operation)
    return Consolidated(law, touched, tuple(refused), tuple(renumberings), tuple(suspended))


def law_at(base: Law, amendments: Sequence[Dated], day: date) -> Consolidated:
    """Return the law as it stands on a day.

    Parameters
    ----------
    base : Law
        As first made.
    amendments : sequence of Dated
        In any order.
    day : datetime.date
        The day.

    Returns
    -------
    Consolidated
        With all that is in force on that day, in the order of their days.
    """
    due = [amendment for amendment in amendments if amendment.day <= day]
    state = Consolidated(base, {}, (), (), ())
    for amendment in sorted(due, key=lambda amendment: amendment.day):
        step = consolidate(state.law, amendment.operations, amendment.name)
        over = amendment.until is not None and amendment.until < day
        state = Consolidated(
            step.law,
            state.touched | {
                eid: (*state.touched.get(eid, ()), *done) for eid, done in step.touched.items()
            },
            (*state.refused, *step.refused), (*state.renumberings, *step.renumberings),
            (*state.suspended, *(() if over else step.suspended)),
        )  # fmt: skip
    return state


def in_force_on(force: Force, *, published: date | None, issued: date | None) -> date | None:
    """Return the first day on which an instrument is in force.

    Parameters
    ----------
    force : Force
        As read.
    published, issued : datetime.date or None
        Days that are known.

    Returns
    -------
    datetime.date or None
        None where the day it counts from is not known.
    """
    from datetime import timedelta

    start = published if force.counts_from == "publication" else issued
    if force.counts_from == "unknown" or start is None:
        return None
    if force.unit == "day":
        return start + timedelta(days=force.length)
    months = start.year * 12 + start.month - 1 + force.length
    year, month = divmod(months, 12)
    for last in (start.day, 30, 29, 28):
        try:
            return start.replace(year=year, month=month + 1, day=min(last, start.day))
        except ValueError:
            continue
    return None


def _mapped(law: Law, eid: str, change: Callable[[Provision], Provision]) -> Law | None:
    """Return the law with one provision changed; None where it has none of that address."""
    done = False

    def visit(provision: Provision) -> Provision:
        nonlocal done
        if provision.eid == eid:
            done = True
            return change(provision)
        if done or not provision.children:
            return provision
        children = tuple(visit(child) for child in provision.children)
        return (
            provision if children == provision.children else replace(provision, children=children)
        )

    body = tuple(visit(provision) for provision in law.body)
    return replace(law, body=body) if done else None


def _changed(law: Law, operation: Operation, name: str) -> Law | str:
    if operation.kind == "repeal":
        note = _repealed(law.language, name)
        changed = _mapped(law, operation.target, lambda p: replace(
            p, text=note, children=(), closing=""
        ))  # fmt: skip
    elif operation.kind == "substitution":
        changed = _mapped(law, operation.target, lambda p: _with_text(p, operation.text, law))
    else:
        parent = operation.target.rpartition("__")[0]
        new = _with_text(
            Provision("paragraph" if "__para_" in operation.target else "point", operation.target,
                      number_of(operation.target), operation.label), operation.text, law,
        )  # fmt: skip
        changed = _mapped(law, parent, lambda p: _with_child(p, new))
    return "target" if changed is None else changed


def _repealed(language: str, name: str) -> str:
    """Return the note that stands where a provision was; it is text of the law, not of a screen."""
    if language == "ar":
        return f"[ملغاة ب{name}]" if name else "[ملغاة]"
    if language == "fr":
        return f"[abrogé par {name}]" if name else "[abrogé]"
    return f"[repealed by {name}]" if name else "[repealed]"


def _with_child(provision: Provision, new: Provision) -> Provision:
    children = [child for child in provision.children if child.eid != new.eid]
    at = next(
        (
            index
            for index, child in enumerate(children)
            if child.number and new.number and child.number > new.number
        ),
        len(children),
    )
    return replace(provision, children=(*children[:at], new, *children[at:]))


def _with_text(provision: Provision, text: str, law: Law) -> Provision:
    """Return a provision with a new text, whose paragraphs are read."""
    word, jurisdiction = ("مادة", "ar") if law.language == "ar" else ("Article", "en")
    number = provision.number or number_of(provision.eid)
    lines = text.split("\n")
    opening = read_law(f"{lines[0]}\nx", jurisdiction).law.body
    heading = provision.heading
    if provision.kind == "article" and len(lines) > 1 and opening and (
        opening[0].kind == "article" and opening[0].number == number
    ):  # fmt: skip
        heading = opening[0].heading or heading
        lines = lines[1:]
    body = "\n".join(lines).strip()
    read = read_law(f"{word} (1)\n{body}", jurisdiction).law.body
    if len(read) != 1 or read[0].kind != "article":
        return replace(provision, heading=heading, text=body, children=(), closing="")
    children = tuple(_readdressed(child, "art_1", provision.eid) for child in read[0].children)
    own = "\n".join(filter(None, (read[0].heading, read[0].text)))
    return replace(provision, heading=heading, text=own, children=children, closing="")


def _readdressed(provision: Provision, old: str, new: str) -> Provision:
    return replace(
        provision, eid=new + provision.eid.removeprefix(old), start=-1, end=-1,
        children=tuple(_readdressed(child, old, new) for child in provision.children),
    )  # fmt: skip


def _inserted(law: Law, operation: Operation) -> Law | str:
    if law.provision(operation.target) is not None:
        return "exists"
    before = law.provision(operation.after)
    word = before.label.split()[0] if before and before.label.strip() else ""
    label = f"{word} {operation.label}" if word.isalpha() else operation.label
    new = _with_text(
        Provision("article", operation.target, number_of(operation.target), label),
        operation.text, law,
    )  # fmt: skip
    done = False

    def put(provisions: tuple[Provision, ...]) -> tuple[Provision, ...]:
        nonlocal done
        result: list[Provision] = []
        for provision in provisions:
            inner = provision
            if not done and provision.children and provision.kind != "article":
                children = put(provision.children)
                inner = replace(provision, children=children)
            result.append(inner)
            if not done and provision.eid == operation.after:
                done = True
                result.append(new)
        return tuple(result)

    body = put(law.body)
    return replace(law, body=body) if done else "target"


def _replaced(law: Law, operation: Operation) -> tuple[Law | str, list[str]]:
    """Replace words wherever they stand, as whole words; what is joined before them stays.

    Words that are taken out go with the space beside them, and stay where a letter is joined to
    them: it would be left alone.
    """
    old = re.escape(operation.old)
    pattern = re.compile(
        rf"(?<![^\W_])([وفبكل]?){old}(?![^\W_])"
        if operation.new
        else rf"()(?: {old}(?![^\W_])|(?<![^\W_]){old}(?![^\W_]) ?)"
    )
    where: list[str] = []

    def put(text: str) -> str:
        return pattern.sub(lambda match: match[1] + operation.new, text)

    def visit(provision: Provision, inside: bool) -> Provision:
        inside = inside or not operation.target or provision.eid == operation.target
        children = tuple(visit(child, inside) for child in provision.children)
        if not inside:
            return replace(provision, children=children)
        written = provision.heading, provision.text, provision.closing
        heading, text, closing = map(put, written)
        if (heading, text, closing) != written:
            where.append(provision.eid)
        return replace(provision, children=children, heading=heading, text=text, closing=closing)

    body = tuple(visit(provision, False) for provision in law.body)
    return (replace(law, body=body), where) if where else ("phrase", [])


def conflicts(
    first: Sequence[Operation], second: Sequence[Operation], law: Law | None = None
) -> tuple[Conflict, ...]:
    """Find where two pending amendments clash.

    Parameters
    ----------
    first, second : sequence of Operation
        Orders of each.
    law : Law or None
        The text in force, to see where words stand.

    Returns
    -------
    tuple of Conflict
        In the order of the first, then of the second.
    """
    return tuple(
        Conflict(clash[0], operation, other, clash[1])
        for operation in first
        for other in second
        if (clash := _clash(operation, other, law))
    )


def _clash(operation: Operation, other: Operation, law: Law | None) -> tuple[str, str] | None:
    kinds = {operation.kind, other.kind}
    if "phrase" in kinds:
        return _phrase_clash(operation, other, law)
    if not operation.target or not other.target or "renumbering" in kinds:
        return None
    if operation.target == other.target:
        if kinds in ({"repeal"}, {"suspension"}):
            return None
        new = kinds <= {"insertion", "addition"}
        code = "same_number" if new else "repealed" if "repeal" in kinds else "same_text"
        return (code, operation.target)
    outer, inner = sorted((operation, other), key=lambda operation: len(operation.target))
    if inner.target.startswith(f"{outer.target}__") and outer.kind in {"substitution", "repeal"}:
        return ("repealed" if outer.kind == "repeal" else "inside", inner.target)
    return None


def _phrase_clash(
    operation: Operation, other: Operation, law: Law | None
) -> tuple[str, str] | None:
    if operation.kind == other.kind:
        same = fold(operation.old) == fold(other.old)
        if same and fold(operation.new) != fold(other.new):
            return ("phrase", operation.old)
        chained = fold(other.old) in fold(operation.new) or fold(operation.old) in fold(other.new)
        return ("chain", other.old) if chained and not same else None
    phrase, text = (operation, other) if operation.kind == "phrase" else (other, operation)
    if text.text and fold(phrase.old) in fold(text.text):
        return ("chain", phrase.old)
    provision = law.provision(text.target) if law else None
    inside = not phrase.target or text.target.startswith(phrase.target)
    is_lost = text.kind in {"substitution", "repeal"} and inside
    if provision and is_lost and fold(phrase.old) in fold(provision.full_text()):
        return ("phrase", phrase.old)
    return None
