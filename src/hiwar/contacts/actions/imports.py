"""Spreadsheets of people: looked at, confirmed in one step, undone in one step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import remove_record
from hiwar.common.tables import FileEmpty, take
from hiwar.contacts import rules
from hiwar.contacts.actions.merges import keep_pairs
from hiwar.contacts.actions.people import index_person, sort_name
from hiwar.contacts.models import (
    ColumnMapping,
    ContactFile,
    ContactPoint,
    DuplicatePair,
    FileRow,
    Organisation,
    Person,
    PersonName,
    Post,
    PostHolding,
)
from hiwar.contacts.queries.files import ROW, Reading, look_at, not_taken
from hiwar.contacts.queries.people import organisations_for, people_for
from hiwar.contacts.queries.search_documents import PERSON
from hiwar.contacts.queries.sheets import (
    fields,
    heading_words,
    key_of_header,
    proposed_mapping,
)
from hiwar.contacts.queries.vcards import CARD_HEADER, rows_of_cards
from hiwar.engine.names import fold_arabic, fold_latin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.tables import Upload
    from hiwar.contacts.queries.files import PersonRow
    from hiwar.engine.names import Pair

NAMING = frozenset(["name", "name_ar", "name_en", "first", "family"])
MOST_PROBLEMS = 500
KEPT_FOR = timedelta(days=1)


class NoNameColumn(Refused):
    """No column stands for a name."""

    code = "no_name_column"
    message = _("Say which column holds the names. Nothing can be brought in without it.")


class WrongState(Refused):
    """The file is not in a state that allows this."""

    code = "wrong_state"
    message = _("This file was brought in or undone already. Load the page again.")


class InUse(Refused):
    """People of the file are used elsewhere."""

    code = "in_use"
    message = _(
        "People of this file are named elsewhere, for example in an event. Take them out there "
        "first; nothing was undone."
    )


@transaction.atomic
def prepare_file(*, actor: User, upload: Upload, now: datetime, sheet: str = "") -> ContactFile:
    """Look at a spreadsheet or cards; nothing is in the register before ``confirm_file``.

    Headings that were seen before mean what they meant then. Of several sheets the named one is
    taken, else the one whose headings are known best. What nobody decided on within a day is
    destroyed. Raises ``NotAllowed`` and ``FileEmpty``.
    """
    _check(actor)
    stale = ContactFile.objects.filter(state=ContactFile.State.PREVIEW)
    stale.filter(made_at__lt=now - KEPT_FOR).delete()
    file = ContactFile(
        file_name=upload.name[:200] or "?", sha256=upload.sha256, made_by=actor, made_at=now
    )
    if upload.cards:
        file.header, rows = list(CARD_HEADER), rows_of_cards(upload.cards)
        about: Mapping[str, object] = {}
    else:
        taken = take(upload, heading_words(), sheet)
        file.header, rows = list(taken.table.header), list(taken.table.rows)
        about = taken.about
    if not rows:
        raise FileEmpty
    file.rows = [[line, list(cells)] for line, cells in rows]
    remembered = ColumnMapping.objects.filter(headings=key_of_header(file.header)).first()
    file.mapping = remembered.mapping if remembered else proposed_mapping(file.header)
    _look(actor, file)
    file.counts["read"] = dict(about)
    file.save()
    audit(actor, "contacts.file.prepare", file, at=now, changed={"sha256": ["", file.sha256]})
    return file


@transaction.atomic
def change_mapping(
    *, actor: User, file: ContactFile, mapping: Mapping[str, str], now: datetime
) -> ContactFile:
    """Say what the columns stand for, look again, and remember it for the same headings."""
    _check(actor)
    if file.state != ContactFile.State.PREVIEW:
        raise WrongState
    known = set(fields())
    file.mapping = {
        at: name
        for at, name in mapping.items()
        if name in known and at.isdigit() and int(at) < len(file.header)
    }
    _look(actor, file)
    file.save()
    ColumnMapping.objects.update_or_create(
        headings=key_of_header(file.header), defaults={"mapping": file.mapping, "used_at": now}
    )
    return file


@transaction.atomic
def discard_file(*, actor: User, file: ContactFile) -> None:
    """Throw a file away that was only looked at."""
    _check(actor)
    if file.state != ContactFile.State.PREVIEW:
        raise WrongState
    file.delete()


@transaction.atomic
def confirm_file(*, actor: User, file: ContactFile, now: datetime) -> ContactFile:
    """Bring a file in: people are made or found, pairs that may be one are kept to decide.

    Raises ``NotAllowed``, ``WrongState`` and ``NoNameColumn``.
    """
    _check(actor)
    file = ContactFile.objects.select_for_update().get(pk=file.pk)
    if file.state != ContactFile.State.PREVIEW:
        raise WrongState
    if not NAMING & set(file.mapping.values()):
        raise NoNameColumn
    reading = _look(actor, file)
    rows = {row.line: row for row in reading.rows}
    keys: dict[str, str] = {}
    added: dict[str, list[str]] = {"names": [], "points": [], "holdings": []}
    bodies = _Bodies(actor, now)
    for lines, key in reading.groups:
        group = [rows[line] for line in lines]
        known = Person.objects.filter(pk=key).first() if key else None
        person = known or _made(actor, group, now)
        _enrich(person, group, file, added)
        bodies.post_holder(person, group, added)
        index_person(person=person)
        FileRow.objects.bulk_create(
            FileRow(file=file, line=line, person=person, is_new=known is None) for line in lines
        )
        keys |= {f"{ROW}{line}": str(person.pk) for line in lines}
    keep_pairs(pairs=_between_people(reading, keys), now=now)
    file.state = ContactFile.State.DONE
    file.counts = {**file.counts, "added": {**added, **bodies.created}}
    file.rows = []
    file.save()
    ColumnMapping.objects.update_or_create(
        headings=key_of_header(file.header), defaults={"mapping": file.mapping, "used_at": now}
    )
    audit(
        actor, "contacts.file.confirm", file, at=now, changed={"people": [0, len(reading.groups)]}
    )
    return file


@transaction.atomic
def bring_in_rows(
    *,
    actor: User,
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    file_name: str,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
) -> ContactFile:
    """Bring in rows that another room has read and shown already; the lines stay as they are.

    ``queries.files.people_of_rows`` then gives the person of each line. Raises what
    ``confirm_file`` raises.
    """
    _check(actor)
    file = ContactFile.objects.create(
        file_name=file_name[:200],
        sha256="",
        header=list(header),
        rows=[[line, list(cells)] for line, cells in rows],
        mapping=dict(mapping or proposed_mapping(header)),
        made_by=actor,
        made_at=now,
    )
    return confirm_file(actor=actor, file=file, now=now)


@transaction.atomic
def undo_file(*, actor: User, file: ContactFile, now: datetime) -> ContactFile:
    """Take back everything a file brought in: its people, and what it added to others.

    Raises ``NotAllowed``, ``WrongState`` and ``InUse``.
    """
    _check(actor)
    file = ContactFile.objects.select_for_update().get(pk=file.pk)
    if file.state != ContactFile.State.DONE:
        raise WrongState
    added = file.counts.get("added", {})
    touched = set(file.people_rows.filter(is_new=False).values_list("person_id", flat=True))
    new = list(file.people_rows.filter(is_new=True).values_list("person_id", flat=True).distinct())
    PersonName.objects.filter(pk__in=added.get("names", [])).delete()
    ContactPoint.objects.filter(pk__in=added.get("points", [])).delete()
    PostHolding.objects.filter(pk__in=added.get("holdings", [])).delete()
    file.people_rows.all().delete()
    try:
        with transaction.atomic():
            DuplicatePair.objects.filter(first__in=new).delete()
            DuplicatePair.objects.filter(second__in=new).delete()
            Person.objects.filter(pk__in=new).delete()
            Post.objects.filter(pk__in=added.get("posts", [])).delete()
            Organisation.objects.filter(pk__in=added.get("organisations", [])).delete()
            for key in new:
                remove_record(PERSON, key)
    except ProtectedError as used:
        raise InUse from used
    for person in Person.objects.filter(pk__in=touched):
        index_person(person=person)
    file.state = ContactFile.State.UNDONE
    file.save(update_fields=["state"])
    audit(actor, "contacts.file.undo", file, at=now, changed={"people": [len(new), 0]})
    return file


class _Bodies:
    """Finds the organisations and posts that rows name, and makes those that are not there."""

    def __init__(self, actor: User, now: datetime) -> None:
        self.actor, self.now = actor, now
        self.created: dict[str, list[str]] = {"organisations": [], "posts": []}
        self.known = {
            _folded(text): organisation
            for organisation in organisations_for(actor)
            for text in (
                *organisation.name.values(),
                *organisation.short_name.values(),
                organisation.code,
            )
            if text
        }

    def post_holder(
        self, person: Person, group: Sequence[PersonRow], added: dict[str, list[str]]
    ) -> None:
        """Let the person hold the posts their rows name."""
        for row in group:
            if not row.organisation or not row.post:
                continue
            body = self._body(row.organisation)
            post = self._post(body, row.post)
            if not post.holdings.filter(person=person).exists():
                holding = PostHolding.objects.create(
                    post=post, person=person, source=row.post[:200]
                )
                added["holdings"].append(str(holding.pk))

    def _body(self, name: str) -> Organisation:
        if organisation := self.known.get(_folded(name)):
            return organisation
        organisation = Organisation.objects.create(
            name=_text(name),
            search_text=_folded(name),
            created_at=self.now,
            modified_at=self.now,
            owner=self.actor,
        )
        self.created["organisations"].append(str(organisation.pk))
        self.known[_folded(name)] = organisation
        return organisation

    def _post(self, body: Organisation, title: str) -> Post:
        for post in body.posts.filter(abolished_on=None):
            if _folded(title) in {_folded(text) for text in post.title.values()}:
                return post
        post = Post.objects.create(
            organisation=body,
            title=_text(title),
            visibility=body.visibility,
            created_at=self.now,
            owner=self.actor,
        )
        self.created["posts"].append(str(post.pk))
        return post


def _check(actor: User) -> None:
    if not rules.can_import_contact(actor):
        raise NotAllowed


def _look(actor: User, file: ContactFile) -> Reading:
    """Read the file as it would come in, and keep what its page shows."""
    rows = [(line, cells) for line, cells in file.rows]
    reading = look_at(rows, file.mapping, people_for(actor))
    file.counts = {
        **reading.counts,
        "read": file.counts.get("read", {}),
        "not_taken": not_taken(file.header, rows, file.mapping, reading.rows),
    }
    kinds: dict[str, int] = {}
    for problem in reading.problems:
        kinds[problem.code] = kinds.get(problem.code, 0) + 1
    file.counts["problems"] = kinds
    file.problems = [
        {
            "line": fault.line,
            "code": fault.code,
            "value": fault.value[:100],
            "blocks": fault.is_blocking,
        }
        for fault in reading.problems
        if fault.code != "phone_missing"
    ][:MOST_PROBLEMS]
    return reading


def _made(actor: User, group: Sequence[PersonRow], now: datetime) -> Person:
    names: dict[str, str] = {}
    for row in sorted(group, key=lambda row: -max(len(name) for name in row.names.values())):
        names = {**row.names, **names}
    person = Person(
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
    person.save()
    return person


def _enrich(
    person: Person, group: Sequence[PersonRow], file: ContactFile, added: dict[str, list[str]]
) -> None:
    """Keep every spelling and telephone of the rows, with the row they come from."""
    spelt = set(person.names.values_list("language", "text"))
    keys = set(person.points.values_list("kind", "key"))
    for row in group:
        source = f"{file.file_name}, {row.line}"[:200]
        for language, text in row.names.items():
            if (language, text) not in spelt:
                spelt.add((language, text))
                is_main = person.shown_name.get(language) == text
                kind = PersonName.Kind.MAIN if is_main else PersonName.Kind.ATTESTED
                name = PersonName.objects.create(
                    person=person, kind=kind, language=language, text=text, source=source
                )
                added["names"].append(str(name.pk))
        for means, value, key in (
            (ContactPoint.Kind.PHONE, row.phone, row.phone_key),
            (ContactPoint.Kind.EMAIL, row.email, row.email.casefold()),
        ):
            if value and (means.value, key) not in keys:
                keys.add((means.value, key))
                point = ContactPoint.objects.create(
                    person=person, kind=means, value=value, key=key, is_private=True
                )
                added["points"].append(str(point.pk))


def _between_people(reading: Reading, keys: Mapping[str, str]) -> list[Pair]:
    pairs: dict[tuple[str, str], Pair] = {}
    for pair in reading.pairs:
        first, second = sorted(
            (keys.get(pair.first, pair.first), keys.get(pair.second, pair.second))
        )
        if first != second and (first, second) not in pairs:
            pairs[first, second] = replace(pair, first=first, second=second)
    return list(pairs.values())


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _text(text: str) -> dict[str, str]:
    is_arabic = any("\u0600" <= letter <= "\u06ff" for letter in text)
    return {"ar" if is_arabic else "en": text}


def _folded(text: str) -> str:
    return " ".join(fold_latin(fold_arabic(text)).casefold().split())


@transaction.atomic
def record_export(*, actor: User, kind: str, count: int, reason: str, now: datetime) -> None:
    """Write down that people left the house as a file, how many and what for.

    Raises ``NotAllowed``.
    """
    if not rules.can_export_contact(actor):
        raise NotAllowed
    changed = {"kind": ["", kind], "people": [0, count], "reason": ["", reason]}
    audit(actor, "contacts.person.export", actor, at=now, changed=changed)
