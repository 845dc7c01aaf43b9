"""People: made, changed, named in their scripts, taken away and put back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record, index_records
from hiwar.contacts import rules
from hiwar.contacts.models import NameKey, Person, PersonName
from hiwar.contacts.queries.search_documents import PERSON, document_of, document_of_person
from hiwar.contacts.queries.vocabularies import days, honorific_words, without_honorific
from hiwar.engine.names import fold_arabic, fold_latin, keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import Guarded, User

AT_ONCE = 500
CHANGEABLE = frozenset(
    [
        "shown_name",
        "family_name",
        "honorific",
        "sex",
        "birth_year",
        "disability",
        "language",
        "sector",
        "place",
    ]
)


class NameMissing(Refused):
    """A person has a name in at least one script."""

    code = "name_missing"
    message = _("Write a name in at least one language.")


class NameThere(Refused):
    """The name is there already in this language."""

    code = "name_there"
    message = _("This name is there already.")


class TooLate(Refused):
    """What was removed can be put back for some days only."""

    code = "too_late"
    message = _("This was removed too long ago to be put back.")


class Merged(Refused):
    """The record became part of another one; that one is changed instead."""

    code = "merged"
    message = _("This record was merged into another one. Change that one, or undo the merge.")


@transaction.atomic
def create_person(
    *,
    actor: User | None,
    shown_name: Mapping[str, str],
    now: datetime,
    source: str = "",
    **attributes: object,
) -> Person:
    """Make a person; what stands before the name becomes the honorific.

    Raises ``NotAllowed``, ``NameMissing`` and ``ValidationError``.
    """
    check_may_edit(actor)
    person = Person(created_at=now, modified_at=now, owner=actor, **attributes)
    _take_name(person, shown_name)
    person.full_clean(exclude=["sort_name"])
    person.save()
    _keep_main_names(person, source)
    index_person(person=person)
    audit(actor, "contacts.person.create", person, at=now)
    return person


@transaction.atomic
def update_person(
    *, actor: User | None, person: Person, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change what is known of a person; a name that is replaced stays as a former spelling.

    Raises ``NotAllowed``, ``NameMissing``, ``Merged`` and ``ValidationError``.
    """
    check_may_edit(actor, person)
    if person.merged_into_id:
        raise Merged
    wanted = {name: value for name, value in changes.items() if name in CHANGEABLE}
    if "shown_name" in wanted:
        probe = Person(honorific=str(wanted.get("honorific") or person.honorific), sex=person.sex)
        _take_name(probe, wanted["shown_name"])  # type: ignore[arg-type]  # a text
        wanted["shown_name"] = probe.shown_name
        wanted.setdefault("honorific", probe.honorific)
    is_changed = update_record(actor=actor, record=person, changes=wanted, at=now)
    if is_changed:
        person.modified_at = now
        person.save(update_fields=["modified_at"])
        _keep_main_names(person, "")
        index_person(person=person)
    return is_changed


@transaction.atomic
def add_name(
    *,
    actor: User | None,
    person: Person,
    language: str,
    text: str,
    now: datetime,
    kind: str = PersonName.Kind.ATTESTED,
    source: str = "",
) -> PersonName:
    """Keep another spelling of a name, with where it was seen.

    Raises ``NotAllowed``, ``NameMissing``, ``NameThere`` and ``ValidationError``.
    """
    check_may_edit(actor, person)
    plain = without_honorific(text)[0]
    if not plain:
        raise NameMissing
    if person.names.filter(language=language, text=plain).exists():
        raise NameThere
    name = PersonName(person=person, kind=kind, language=language, text=plain, source=source)
    name.full_clean()
    name.save()
    index_person(person=person)
    audit(actor, "contacts.person.add_name", person, at=now, changed={"name": ["", plain]})
    return name


@transaction.atomic
def remove_name(*, actor: User | None, name: PersonName, now: datetime) -> None:
    """Take a spelling away; the main name of a language is changed with the person instead."""
    check_may_edit(actor, name.person)
    if name.kind == PersonName.Kind.MAIN:
        raise NameMissing
    person = name.person
    audit(actor, "contacts.person.remove_name", person, at=now, changed={"name": [name.text, ""]})
    name.delete()
    index_person(person=person)


@transaction.atomic
def remove_person(*, actor: User | None, person: Person, now: datetime) -> Person:
    """Take a person out of the register; for some days they can be put back."""
    check_may_edit(actor, person)
    person.removed_at = now
    person.save(update_fields=["removed_at"])
    audit(actor, "contacts.person.remove", person, at=now)
    return person


@transaction.atomic
def restore_person(*, actor: User | None, person: Person, now: datetime) -> Person:
    """Put a person back as they were. Raises ``TooLate``."""
    check_may_edit(actor, person)
    if person.removed_at is None or person.removed_at < restorable_since(now):
        raise TooLate
    person.removed_at = None
    person.save(update_fields=["removed_at"])
    audit(actor, "contacts.person.restore", person, at=now)
    return person


@transaction.atomic
def change_visibility(
    *,
    actor: User | None,
    record: Guarded,
    visibility: str,
    readers: Iterable[User] = (),
    now: datetime,
) -> None:
    """Say who may read a record. Whoever closes it stays among its readers.

    Raises ``NotAllowed`` and ``ValidationError``.
    """
    check_may_edit(actor, record)
    before = record.visibility
    record.visibility = visibility
    if record.owner_id is None:
        record.owner = actor
    record.full_clean(exclude=["sort_name", "search_text"])
    record.save(update_fields=["visibility", "owner"])
    named = set(readers) | ({actor} if actor and visibility == Visibility.TEAM else set())
    record.readers.set(named)
    verb = f"{record._meta.label_lower}.change_visibility"
    audit(actor, verb, record, at=now, changed={"visibility": [before, visibility]})


@transaction.atomic
def index_person(*, person: Person) -> None:
    """Write the keys by which the names of a person are found; nothing else writes them."""
    honorifics = [word for word, _code in honorific_words()]
    texts = {*person.shown_name.values(), *person.names.values_list("text", flat=True)}
    wanted = {key[:60] for text in texts for key in keys(text, honorifics=honorifics)}
    there = set(person.name_keys.values_list("key", flat=True))
    person.name_keys.filter(key__in=there - wanted).delete()
    NameKey.objects.bulk_create(NameKey(person=person, key=key) for key in sorted(wanted - there))
    index_record(PERSON, document_of(person))
    sort = sort_name(person.shown_name)
    if person.sort_name != sort:
        person.sort_name = sort
        person.save(update_fields=["sort_name"])


def index_people(*, people: Sequence[Person]) -> None:
    """Write the keys of many people: a few statements for some hundred of them."""
    honorifics = [word for word, _code in honorific_words()]
    for at in range(0, len(people), AT_ONCE):
        batch = people[at : at + AT_ONCE]
        texts: dict[object, list[str]] = {}
        spellings = PersonName.objects.filter(person__in=batch).order_by("pk")
        for person_id, text in spellings.values_list("person_id", "text"):
            texts.setdefault(person_id, []).append(text)
        there: dict[UUID, dict[str, int]] = {}
        listed = NameKey.objects.filter(person__in=batch).values_list("person_id", "key", "pk")
        for person_id, key, pk in listed:
            there.setdefault(person_id, {})[key] = pk
        gone: list[int] = []
        new: list[NameKey] = []
        for person in batch:
            spelt = {*person.shown_name.values(), *texts.get(person.pk, ())}
            wanted = {key[:60] for text in spelt for key in keys(text, honorifics=honorifics)}
            known = there.get(person.pk, {})
            gone += [pk for key, pk in known.items() if key not in wanted]
            new += [NameKey(person=person, key=key) for key in sorted(wanted - known.keys())]
        NameKey.objects.filter(pk__in=gone).delete()
        NameKey.objects.bulk_create(new, batch_size=AT_ONCE)
        index_records(
            PERSON, [document_of_person(person, texts.get(person.pk, ())) for person in batch]
        )


def restorable_since(now: datetime) -> datetime:
    """Return the instant after which what was removed can still be put back."""
    return now - timedelta(days=days("restore_days"))


def sort_name(texts: Mapping[str, str]) -> str:
    """Return what a person is ordered by: the Arabic name folded, else the first there is."""
    text = texts.get("ar") or next(iter(texts.values()), "")
    return fold_latin(fold_arabic(text))[:200]


def check_may_edit(actor: User | None, record: Guarded | None = None) -> None:
    """Refuse who may not change the register, or may not read the record; None is the house.

    Raises ``NotAllowed``.
    """
    if actor is None:
        return
    if not rules.can_edit_contact(actor):
        raise NotAllowed
    if record is not None and not is_readable_by(actor, record):
        raise NotAllowed


def _take_name(person: Person, values: Mapping[str, str]) -> None:
    """Set the name without what stands before it, which says honorific and maybe sex."""
    plain: dict[str, str] = {}
    for language, text in values.items():
        name, code, sex = without_honorific(text)
        if name:
            plain[language] = name
        if code and (not person.honorific or person.honorific == "ordinary"):
            person.honorific = code
        if sex and not person.sex:
            person.sex = sex
    if not plain:
        raise NameMissing
    person.shown_name = plain


def _keep_main_names(person: Person, source: str) -> None:
    """Make the shown names the main spellings; those that were replaced become former ones."""
    for language, text in person.shown_name.items():
        mains = person.names.filter(kind=PersonName.Kind.MAIN, language=language)
        mains.exclude(text=text).update(kind=PersonName.Kind.FORMER)
        PersonName.objects.update_or_create(
            person=person,
            language=language,
            text=text,
            defaults={"kind": PersonName.Kind.MAIN},
            create_defaults={"kind": PersonName.Kind.MAIN, "source": source[:200]},
        )
