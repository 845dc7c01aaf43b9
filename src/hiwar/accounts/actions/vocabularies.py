"""The institution's own wording of the lists that rooms declare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hiwar.accounts import rules
from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.models import VocabularyEntry
from hiwar.common.multilingual import MultilingualText
from hiwar.common.refusals import Refused
from hiwar.common.vocabularies.entries import Entry, entries, merged_values, refresh
from hiwar.common.vocabularies.lists import Kind, Vocabulary, shipped, vocabulary

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


class NoWording(Refused):
    """An entry must read as something in at least one language."""

    code = "no_wording"
    message = _("An entry needs its wording in at least one language. Nothing was changed.")


class ClosedVocabulary(Refused):
    """The program relies on each code of the list."""

    code = "closed_vocabulary"
    message = _("The entries of this list are fixed; only their wording can be changed.")


class UnknownEntry(Refused):
    """The list has no such entry."""

    code = "unknown_entry"
    message = _("The list has no such entry any more. Nothing was changed.")


class EntryInUse(Refused):
    """Records use the entry, so it cannot be removed."""

    code = "entry_in_use"
    message = _(
        "This entry is in use. It can be retired: then it is no longer offered, "
        "and stays where it is."
    )


@transaction.atomic
def word_entry(
    *,
    actor: User | None,
    vocabulary_code: str,
    code: str,
    values: Mapping[str, object],
    at: datetime,
) -> Entry:
    """Say what an entry of a list says from now on; what equals the shipped entry is not kept.

    `values` holds a value for each property that was shown: a mapping from language to text, a
    list of spellings, or a code. An empty text takes a language away. Raises `UnknownEntry` and
    `NoWording`.
    """
    declared = _allowed(actor, vocabulary_code)
    if code not in entries(vocabulary_code):
        raise UnknownEntry
    before = _row(vocabulary_code, code, at)
    old = merged_values(vocabulary_code, code, before.values)
    before.values = {**before.values, **_differing(declared, code, values)}
    before.values = {
        name: value
        for name, value in before.values.items()
        if merged_values(vocabulary_code, code, {name: value}).get(name)
        != shipped(vocabulary_code).get(code, {}).get(name)
    }
    return _saved(actor=actor, declared=declared, row=before, old=old, verb="word", at=at)


@transaction.atomic
def add_entry(
    *, actor: User | None, vocabulary_code: str, values: Mapping[str, object], at: datetime
) -> Entry:
    """Add an entry of the institution's own; its code is made from its wording and never changes.

    Raises `ClosedVocabulary` and `NoWording`.
    """
    declared = _open(actor, vocabulary_code)
    text = values.get(declared.main.name)
    code = _free_code(vocabulary_code, text if isinstance(text, Mapping) else {})
    return add_named_entry(
        actor=actor, vocabulary_code=vocabulary_code, code=code, values=values, at=at
    )


@transaction.atomic
def add_named_entry(
    *,
    actor: User | None,
    vocabulary_code: str,
    code: str,
    values: Mapping[str, object],
    at: datetime,
) -> Entry:
    """Add an entry under a code that a file names. Raises `ClosedVocabulary` and `NoWording`."""
    declared = _open(actor, vocabulary_code)
    row = VocabularyEntry(vocabulary=vocabulary_code, code=code, changed_at=at)
    row.values = _differing(declared, code, values)
    return _saved(actor=actor, declared=declared, row=row, old={}, verb="add", at=at)


@transaction.atomic
def retire_entry(
    *, actor: User | None, vocabulary_code: str, code: str, is_retired: bool, at: datetime
) -> Entry:
    """Offer an entry no longer, or again; records that use it keep it.

    Raises `ClosedVocabulary`.
    """
    declared = _open(actor, vocabulary_code)
    if code not in entries(vocabulary_code):
        raise UnknownEntry
    row = _row(vocabulary_code, code, at)
    row.is_retired = is_retired
    return _saved(
        actor=actor,
        declared=declared,
        row=row,
        old=None,
        verb="retire" if is_retired else "offer",
        at=at,
    )


@transaction.atomic
def remove_entry(*, actor: User | None, vocabulary_code: str, code: str, at: datetime) -> None:
    """Take back what the institution changed in an entry, or remove an entry of its own.

    Raises `EntryInUse` for an own entry that records use.
    """
    declared = _allowed(actor, vocabulary_code)
    row = VocabularyEntry.objects.filter(vocabulary=vocabulary_code, code=code).first()
    if row is None:
        raise UnknownEntry
    if code not in shipped(vocabulary_code) and declared.uses().get(code):
        raise EntryInUse
    changed = {"list": vocabulary_code, "code": code, "values": [row.values, None]}
    audit(actor, "common.vocabularyentry.remove", row, at=at, changed=changed)
    row.delete()
    refresh(at_once=True)
    transaction.on_commit(lambda: refresh(at_once=True))


@transaction.atomic
def order_entries(
    *, actor: User | None, vocabulary_code: str, codes: Sequence[str], at: datetime
) -> None:
    """Put the entries of a list into an order; entries that are not named stay behind them."""
    _allowed(actor, vocabulary_code)
    known = entries(vocabulary_code)
    ordered = [code for code in dict.fromkeys((*codes, *known)) if code in known]
    if ordered == list(known):
        return
    for position, code in enumerate(ordered):
        row = _row(vocabulary_code, code, at)
        row.position, row.changed_at = position, at
        row.save()
    first = _row(vocabulary_code, ordered[0], at)
    changed = {"list": vocabulary_code, "order": [list(known), ordered]}
    audit(actor, "common.vocabularyentry.order", first, at=at, changed=changed)
    refresh(at_once=True)
    transaction.on_commit(lambda: refresh(at_once=True))


def _allowed(actor: User | None, code: str) -> Vocabulary:
    if actor is not None and not rules.can_change_vocabularies(actor):
        raise NotAllowed
    return vocabulary(code)


def _open(actor: User | None, code: str) -> Vocabulary:
    declared = _allowed(actor, code)
    if declared.is_closed:
        raise ClosedVocabulary
    return declared


def _row(vocabulary_code: str, code: str, at: datetime) -> VocabularyEntry:
    row = (
        VocabularyEntry.objects.select_for_update()
        .filter(vocabulary=vocabulary_code, code=code)
        .first()
    )
    return row or VocabularyEntry(vocabulary=vocabulary_code, code=code, changed_at=at)


def _differing(declared: Vocabulary, code: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return what differs from the shipped entry, as it is stored: texts language by language."""
    base = shipped(declared.code).get(code, {})
    kept: dict[str, object] = {}
    for each in declared.properties:
        if each.name not in values:
            continue
        value = values[each.name]
        if each.kind in {Kind.TEXT, Kind.LONG_TEXT} and isinstance(value, Mapping):
            there = base.get(each.name)
            there = there if isinstance(there, Mapping) else {}
            value = {
                str(language): text
                for language, text in value.items()
                if text != there.get(language, "")
            }
        elif each.kind is Kind.WORDS and isinstance(value, list | tuple):
            value = [word for word in (str(word).strip() for word in value) if word]
        kept[each.name] = value
    return kept


def _saved(
    *,
    actor: User | None,
    declared: Vocabulary,
    row: VocabularyEntry,
    old: Mapping[str, object] | None,
    verb: str,
    at: datetime,
) -> Entry:
    new = merged_values(declared.code, row.code, row.values)
    if not new.get(declared.main.name):
        raise NoWording
    if row.values == {} and not row.is_retired and row.position is None:
        if not row._state.adding:
            row.delete()
    else:
        row.changed_at = at
        row.full_clean()
        row.save()
    changed: dict[str, object] = {"list": declared.code, "code": row.code}
    if old is not None:
        changed |= {
            name: [_plain(old.get(name)), _plain(value)]
            for name, value in new.items()
            if old.get(name) != value
        }
    audit(actor, f"common.vocabularyentry.{verb}", row, at=at, changed=changed)
    refresh(at_once=True)
    # What another request read meanwhile is of before the commit.
    transaction.on_commit(lambda: refresh(at_once=True))
    return entries(declared.code)[row.code]


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, MultilingualText) else value


def _free_code(vocabulary_code: str, texts: Mapping[str, str]) -> str:
    """Return a code that no entry has: from the wording in Latin letters where there is one."""
    stem = next((slugify(text)[:60] for text in texts.values() if slugify(text)), "entry")
    stem = stem.replace("-", "_")
    taken, code, number = entries(vocabulary_code), stem, 2
    while code in taken:
        code, number = f"{stem}_{number}", number + 1
    return code
