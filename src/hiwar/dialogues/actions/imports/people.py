"""Registrations and statements of a file, as they would be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.analysis.reading.values import integer, plain
from hiwar.common.personal.details import private_details
from hiwar.common.scripts import language_of_text
from hiwar.dialogues.actions.telling import Left
from hiwar.dialogues.models import Participant, Statement
from hiwar.dialogues.models.keys import make_number
from hiwar.dialogues.queries.attributes import answer_of
from hiwar.dialogues.queries.imports import Records, import_columns
from hiwar.dialogues.queries.messages import fold
from hiwar.dialogues.queries.people import NOT_STATED, contact_key
from hiwar.dialogues.queries.telling import kind_of_address
from hiwar.places.models import Place

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.dialogues.actions.imports.plans import Known, Plan, Row

LONGEST_STATEMENT = 300
AGE_BAND = re.compile(r"\d{1,2}-\d{1,2}|\d{1,2}\+")


def plan_people(known: Known, records: Records, plan: Plan, _now: datetime) -> None:
    """Plan registrations; each number is taken once."""
    seen: set[str] = set()
    places = _places()
    for row in records.rows:
        cells = row[1]
        registration = cells["registration"]
        if not registration:
            plan.wrong("cell_empty", row, records.title_of["registration"])
        elif registration in seen:
            plan.wrong("registration_twice", row, records.title_of["registration"], registration)
        elif registration in known.registered:
            plan.wrong("registration_there", row, records.title_of["registration"], registration)
        else:
            seen.add(registration)
            person = _registered(known, records, row, plan, places)
            if person is not None:
                plan.people.append(person)
                plan.counts["people"] += 1
                plan.counts["with_contact"] += bool(person.contact_key)
                _keep_address(person, cells.get("contact", ""), plan)


def _keep_address(person: Participant, address: str, plan: Plan) -> None:
    """Keep the address of a row sealed, where its owner was asked and agreed to be told."""
    if plan.keeps_addresses and kind_of_address(address):
        person.is_to_be_told = True
        plan.left.append(Left(person.pk, address, person.language))
        plan.counts["to_be_told"] += 1


def _registered(
    known: Known, records: Records, row: Row, plan: Plan, places: dict[str, Place]
) -> Participant | None:
    cells = row[1]
    channel = cells.get("channel", "").casefold()[:10] or "import"
    person = Participant(
        pk=make_number(),
        dialogue=known.dialogue,
        registration=cells["registration"][:40],
        channel=channel,
        last_channel=channel,
        trust=import_columns()["trust"].get(channel, 0),
        language=cells.get("language", "")[:10],
        contact_key=contact_key(known.dialogue.contact_secret, cells.get("contact", "")),
    )
    is_right = True
    for attribute in ("sex", "age_band", "disability", "locality_kind"):
        code = _code(attribute, cells.get(attribute, ""))
        if code is None:
            plan.wrong("value_unknown", row, records.title_of[attribute], cells[attribute])
            is_right = False
        else:
            setattr(person, attribute, code)
    place = cells.get("place", "")
    if place and fold(place) not in NOT_STATED:
        person.place = places.get(fold(place))
        if person.place is None:
            plan.wrong("value_unknown", row, records.title_of["place"], place)
            is_right = False
    if not known.seat(person, cells.get("room", ""), plan):
        plan.wrong("room_unknown", row, records.title_of["room"], cells["room"])
        is_right = False
    return person if is_right else None


def _code(attribute: str, cell: str) -> str | None:
    """Return the code of an answer written as code or in words; None when it is none of them."""
    word = fold(cell)
    if word in NOT_STATED or word == fold("غير مذكور"):
        return ""
    code = answer_of(attribute, cell)
    if code is None and attribute == "age_band":
        band = plain(cell).replace("–", "-").replace(" ", "")
        return band if AGE_BAND.fullmatch(band) else None
    return code


def _places() -> dict[str, Place]:
    places: dict[str, Place] = {}
    for place in Place.objects.order_by("-level", "pk"):
        for name in (place.code, *place.name.values()):
            places.setdefault(fold(name), place)
    return places


def plan_statements(known: Known, records: Records, plan: Plan, now: datetime) -> None:
    """Plan statements; a number or wording that is there stays.

    One with private details waits for review, masked, unless the file says that the institution
    wrote it itself.
    """
    taken = {statement.number for statement in known.statements}
    said = {fold(text) for statement in known.statements for text in statement.text.values()}
    known_numbers = {integer(row[1].get("number", "")) for row in records.rows} - {None}
    following = max([*taken, *(n for n in known_numbers if n is not None), 0])
    languages = [code for code, _name in settings.LANGUAGES]
    for row in records.rows:
        texts, language = _texts(row[1], languages)
        number = integer(row[1].get("number", ""))
        words = {fold(text) for text in texts.values()}
        code = ""
        if not texts:
            code = "cell_empty"
        elif any(len(text) > LONGEST_STATEMENT for text in texts.values()):
            code = "statement_too_long"
        elif integer(row[1].get("moderated", "")) == -1:
            code = "statement_rejected"
        elif number in taken or words & said:
            code = "statement_there"
        if code:
            plan.wrong(code, row, value=next(iter(texts.values()), ""))
            continue
        if number is None or number < 0:
            following += 1
            number = following
        taken.add(number)
        said |= words
        has_details = any(private_details(text) for text in texts.values())
        is_ours = row[1].get("source", "").casefold() == Statement.Source.SEED
        waits = has_details and not is_ours
        if waits:
            plan.wrong("statement_held", row)
        plan.counts["statements"] += 1
        plan.statements.append(
            Statement(
                dialogue=known.dialogue, number=number, text=texts, language=language,
                source=_source(row[1], waits=waits),
                state=Statement.State.HELD if waits else Statement.State.OPEN,
                theme=row[1].get("theme", "")[:60], added_at=now,
            )
        )  # fmt: skip


def _texts(cells: dict[str, str], languages: list[str]) -> tuple[dict[str, str], str]:
    texts = {
        code: " ".join(cells[f"text_{code}"].split())
        for code in languages
        if cells.get(f"text_{code}")
    }
    own = " ".join(cells.get("text", "").split())
    spoken = language_of_text(own)
    guessed = spoken if spoken in languages else languages[0]
    language = cells.get("language", "") if cells.get("language") in languages else guessed
    if own:
        texts.setdefault(language, own)
    return texts, language if language in texts else next(iter(texts), language)


def _source(cells: dict[str, str], *, waits: bool) -> str:
    """Return who wrote a row; without a word on it the institution, unless it has to be masked."""
    wished = cells.get("source", "").casefold()
    if wished in Statement.Source.values:
        return wished
    return Statement.Source.PARTICIPANT if waits else Statement.Source.SEED
