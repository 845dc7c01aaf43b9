"""Rows of a file written as people, organisations and posts, and taken back as one step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common import jobs
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.scripts import language_of_text
from hiwar.common.search.indexing import remove_records
from hiwar.contacts import rules
from hiwar.contacts.actions.merges import keep_pairs
from hiwar.contacts.actions.people import index_people, sort_name
from hiwar.contacts.models import (
    ContactPoint,
    DuplicatePair,
    FileRow,
    Membership,
    Note,
    Organisation,
    Person,
    PersonName,
    Post,
    PostHolding,
)
from hiwar.contacts.queries.cells import folded
from hiwar.contacts.queries.files import PEOPLE, ROW, Reading, spellings_of, ways_of
from hiwar.contacts.queries.people import organisations_for
from hiwar.contacts.queries.search_documents import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.imports import Plan, Source
    from hiwar.common.models import ImportRun
    from hiwar.contacts.queries.files import PersonRow
    from hiwar.engine.names import Pair

    Written = TypeVar("Written", bound=models.Model)

AT_ONCE = 500


class InUse(Refused):
    """People of the file are used elsewhere."""

    code = "in_use"
    message = _(
        "People of this file are named elsewhere, for example in an event. Take them out there "
        "first; nothing was undone."
    )


@transaction.atomic
def write_rows(
    *, actor: User, run: ImportRun, reading: Reading, file_name: str, now: datetime
) -> dict[str, list[str]]:
    """Make or find the people of rows that were read and shown; return what undoing needs.

    Every spelling and way to reach them is kept with its row, and pairs that may be one person are
    left to decide. ``queries.files.people_of_rows`` then gives the person of each line. Some
    hundred records are written in one statement.
    """
    writer = _Writer(actor, run, file_name, now)
    known = _people_there(key for _lines, key in reading.groups if key)
    rows = {row.line: row for row in reading.rows}
    for lines, key in reading.groups:
        writer.take([rows[line] for line in lines], known.get(key))
    return writer.write(reading)


@transaction.atomic
def apply_file(*, source: Source, plan: Plan) -> dict[str, list[str]]:
    """Write a file of people; see ``write_rows``."""
    assert isinstance(plan.data, Reading)  # noqa: S101 -- as plan_file made it
    name = source.files[PEOPLE].name
    return write_rows(
        actor=source.actor, run=source.run, reading=plan.data, file_name=name, now=source.now
    )


@transaction.atomic
def remove_rows(*, run: ImportRun, journal: Mapping[str, Any], **_step: object) -> None:
    """Take back what ``write_rows`` wrote.

    What it added to people who were there goes too, and they are as they were. Raises ``InUse``.
    """
    new = journal["people"]
    touched = FileRow.objects.filter(run=run, is_new=False).values_list("person_id", flat=True)
    people = Person.objects.filter(pk__in=set(touched))
    _delete(PersonName, journal["names"])
    _delete(ContactPoint, journal["points"])
    _delete(PostHolding, journal["holdings"])
    _delete(Membership, journal.get("memberships", ()))
    _delete(Note, journal.get("notes", ()))
    still_open = DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN)
    for keys in _batches(journal["pairs"]):
        still_open.filter(pk__in=keys).delete()
    touched_people = list(people)
    FileRow.objects.filter(run=run).delete()
    try:
        with transaction.atomic():
            for keys in _batches(new):
                DuplicatePair.objects.filter(first__in=map(UUID, keys)).delete()
                DuplicatePair.objects.filter(second__in=map(UUID, keys)).delete()
                Person.objects.filter(pk__in=keys).delete()
            _delete(Post, journal["posts"])
            _delete(Organisation, journal["organisations"])
            remove_records(PERSON, new)
    except ProtectedError as used:
        raise InUse from used
    index_people(people=touched_people)


class _Writer:
    """Gathers what rows bring, and writes it with few statements."""

    def __init__(self, actor: User, run: ImportRun, file_name: str, now: datetime) -> None:
        self.actor, self.run, self.file_name, self.now = actor, run, file_name, now
        self.people: list[Person] = []
        self.touched: list[Person] = []
        self.names: list[PersonName] = []
        self.points: list[ContactPoint] = []
        self.rows: list[FileRow] = []
        self.notes: list[Note] = []
        self.keys: dict[str, str] = {}
        self.bodies = _Bodies(actor, now)

    def take(self, group: Sequence[PersonRow], known: Person | None) -> None:
        """Take the rows of one person, who is made unless known."""
        person = known or _person(self.actor, group, self.now)
        (self.touched if known else self.people).append(person)
        spelt = spellings_of(known) if known else set()
        ways = ways_of(known) if known else set()
        noted = set(known.notes.values_list("text", flat=True)) if known else set()
        for row in group:
            source = f"{self.file_name}, {row.line}"[:200]
            for language, text in row.names.items():
                if (language, text) not in spelt:
                    spelt.add((language, text))
                    self.names.append(_spelling(person, language, text, source))
            for kind, value, key in row.ways():
                if (kind, key) not in ways:
                    ways.add((kind, key))
                    point = ContactPoint(
                        person=person, kind=kind, value=value, key=key, is_private=True
                    )
                    self.points.append(point)
            if row.note and row.note not in noted:
                noted.add(row.note)
                self.notes.append(self._note(person, row.note))
            self.rows.append(
                FileRow(run=self.run, line=row.line, person=person, is_new=known is None)
            )
            self.keys[f"{ROW}{row.line}"] = str(person.pk)
        self.bodies.post_holder(person, group, is_new=known is None)

    def _note(self, person: Person, text: str) -> Note:
        """Return a remark of a list: for whoever brought it in, who may show it to others."""
        return Note(
            person=person, text=text, owner=self.actor, visibility=Visibility.PERSONAL,
            written_at=self.now,
        )  # fmt: skip

    def write(self, reading: Reading) -> dict[str, list[str]]:
        """Write everything, and return the keys of what is new."""
        for records in (self.people, self.names, self.points):
            _create(records)
            jobs.progress(0.9)
        made_of_bodies = self.bodies.write()
        _create(self.rows)
        _create(self.notes)
        index_people(people=[*self.people, *self.touched])
        return {
            "people": _keys(self.people),
            "names": _keys(self.names),
            "points": _keys(self.points),
            "notes": _keys(self.notes),
            "pairs": _keep_new_pairs(_between_people(reading, self.keys), self.now),
            **made_of_bodies,
        }


class _Bodies:
    """Finds the organisations and posts that rows name, and makes those that are not there."""

    def __init__(self, actor: User, now: datetime) -> None:
        self.actor, self.now = actor, now
        self.organisations: list[Organisation] = []
        self.posts: list[Post] = []
        self.holdings: list[PostHolding] = []
        self.memberships: list[Membership] = []
        self.known = {
            folded(text): organisation
            for organisation in organisations_for(actor)
            for text in (
                *organisation.name.values(),
                *organisation.short_name.values(),
                organisation.code,
            )
            if text
        }
        self.titles: dict[UUID, dict[str, Post]] = {}

    def post_holder(self, person: Person, group: Sequence[PersonRow], *, is_new: bool) -> None:
        """Let the person hold the posts their rows name."""
        held = set() if is_new else set(person.holdings.values_list("post_id", flat=True))
        for row in group:
            if row.organisation and not row.post:
                self._affiliate(person, self._organisation(row.organisation), is_new=is_new)
            if not row.organisation or not row.post:
                continue
            post = self._post(self._organisation(row.organisation), row.post)
            if post.pk not in held:
                held.add(post.pk)
                self.holdings.append(PostHolding(post=post, person=person, source=row.post[:200]))

    def _affiliate(self, person: Person, body: Organisation, *, is_new: bool) -> None:
        """Let a person belong to an organisation in which no post of theirs is named."""
        if any((row.person, row.organisation) == (person, body) for row in self.memberships):
            return
        if not is_new and (
            person.holdings.filter(post__organisation=body).exists()
            or person.memberships.filter(organisation=body).exists()
        ):
            return
        self.memberships.append(Membership(person=person, organisation=body))

    def write(self) -> dict[str, list[str]]:
        """Write what is new, and return its keys."""
        _create(self.organisations)
        _create(self.posts)
        _create(self.holdings)
        _create(self.memberships)
        return {
            "organisations": _keys(self.organisations),
            "posts": _keys(self.posts),
            "holdings": _keys(self.holdings),
            "memberships": _keys(self.memberships),
        }

    def _organisation(self, name: str) -> Organisation:
        if organisation := self.known.get(folded(name)):
            return organisation
        organisation = Organisation(
            name=_text(name),
            search_text=folded(name),
            created_at=self.now,
            modified_at=self.now,
            owner=self.actor,
        )
        self.organisations.append(organisation)
        self.known[folded(name)] = organisation
        self.titles[organisation.pk] = {}
        return organisation

    def _post(self, organisation: Organisation, title: str) -> Post:
        titles = self.titles.get(organisation.pk)
        if titles is None:
            titles = self.titles[organisation.pk] = {
                folded(text): post
                for post in organisation.posts.filter(abolished_on=None)
                for text in post.title.values()
            }
        if post := titles.get(folded(title)):
            return post
        post = Post(
            organisation=organisation,
            title=_text(title),
            visibility=organisation.visibility,
            created_at=self.now,
            owner=self.actor,
        )
        self.posts.append(post)
        titles[folded(title)] = post
        return post


def _people_there(keys: Iterable[str]) -> dict[str, Person]:
    """Return people by key, as they are now: one who was merged since is the one kept."""
    there: dict[str, Person] = {}
    for batch in _batches(list(keys)):
        listed = Person.objects.filter(pk__in=batch).select_related("merged_into")
        for person in listed.prefetch_related("names", "points"):
            there[str(person.pk)] = person.merged_into or person
    return there


def _spelling(person: Person, language: str, text: str, source: str) -> PersonName:
    is_main = person.shown_name.get(language) == text
    kind = PersonName.Kind.MAIN if is_main else PersonName.Kind.ATTESTED
    return PersonName(person=person, kind=kind, language=language, text=text, source=source)


def _person(actor: User, group: Sequence[PersonRow], now: datetime) -> Person:
    names: dict[str, str] = {}
    for row in sorted(group, key=lambda row: -max(len(name) for name in row.names.values())):
        names = {**row.names, **names}
    return Person(
        shown_name=names,
        honorific=_first(row.honorific for row in group),
        sex=_first(row.sex for row in group),
        birth_year=next((row.birth_year for row in group if row.birth_year), None),
        place_id=_first(row.place for row in group) or None,
        disability=_first(row.disability for row in group),
        sector=_first(row.sector for row in group),
        language=_first(row.language for row in group),
        sort_name=sort_name(names),
        owner=actor,
        created_at=now,
        modified_at=now,
    )


def _between_people(reading: Reading, keys: Mapping[str, str]) -> list[Pair]:
    pairs: dict[tuple[str, str], Pair] = {}
    for pair in reading.pairs:
        first, second = sorted(
            (keys.get(pair.first, pair.first), keys.get(pair.second, pair.second))
        )
        if first != second and (first, second) not in pairs:
            pairs[first, second] = replace(pair, first=first, second=second)
    return list(pairs.values())


def _keep_new_pairs(pairs: Sequence[Pair], now: datetime) -> list[str]:
    """Keep pairs to decide, and return the keys of those that were not there."""
    firsts = [pair.first for pair in pairs]
    there = {key for batch in _batches(firsts) for key in _pair_keys(batch)}
    keep_pairs(pairs=pairs, now=now)
    after = {key for batch in _batches(firsts) for key in _pair_keys(batch)}
    return sorted(after - there)


def _pair_keys(firsts: Sequence[str]) -> Iterator[str]:
    for key in DuplicatePair.objects.filter(first__in=map(UUID, firsts)).values_list(
        "pk", flat=True
    ):
        yield str(key)


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _text(text: str) -> dict[str, str]:
    return {language_of_text(text): text}


def _create(records: Sequence[Written]) -> None:
    if records:
        type(records[0])._default_manager.bulk_create(records, batch_size=AT_ONCE)


def _keys(records: Iterable[models.Model]) -> list[str]:
    return [str(record.pk) for record in records]


def _delete(model: type[models.Model], keys: Sequence[str]) -> None:
    for batch in _batches(keys):
        model._default_manager.filter(pk__in=batch).delete()


def _batches(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(keys), AT_ONCE):
        yield keys[at : at + AT_ONCE]


@transaction.atomic
def record_export(*, actor: User, kind: str, count: int, reason: str, now: datetime) -> None:
    """Write down that people left the house as a file, how many and what for.

    Raises ``NotAllowed``.
    """
    if not rules.can_export_contact(actor):
        raise NotAllowed
    changed = {"kind": ["", kind], "people": [0, count], "reason": ["", reason]}
    audit(actor, "contacts.person.export", actor, at=now, changed=changed)
