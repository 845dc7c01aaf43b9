"""A house in another country and another script: not a word of Arabic, nothing of one country."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as installation
from django.test import Client
from django.utils import translation

from addresses import LINK, name_of
from country_rules import words_of_one_country
from factories.accounts import sign_in_fully
from factories.elsewhere import NOW, ZONE, House, furnish_house
from hiwar.accounts.actions.vocabulary_files import all_vocabularies
from hiwar.common.dates import local_day
from hiwar.common.vocabularies import entries
from hiwar.contacts.exports import tables
from hiwar.contacts.exports.vcards import vcards
from hiwar.contacts.models import Person
from hiwar.contacts.queries import address_of, letter_language
from hiwar.contacts.queries.vcards import cards
from hiwar.dialogues.queries.tokens import Bearer, cookie_name, make_token
from hiwar.events.actions.minutes import draft_minutes
from hiwar.events.exports.letters import compose
from hiwar.events.models import InvitationMessage
from hiwar.visits.exports.pack import page_of
from hiwar.visits.models import Traveller
from security.places import ACCESS, all_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.walk,
    pytest.mark.costly("opens every page that a house in French links to"),
]

ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]+")
FRENCH = [("fr", "Français")]
# A gallery of components in both directions, for who builds pages.
SHOWS_BOTH = {"components"}
# Zones are named after towns all over the world.
ZONE_NAME = re.compile(r"\b[A-Z]\w+/[\w/+-]+")


def texts_of(content: bytes) -> Iterator[str]:
    """Yield the texts of an answer, of each part of a spreadsheet or bundle too."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from texts_of(archive.read(name))
    else:
        yield content.decode("utf-8", "ignore")


def faults_of(content: bytes) -> Iterator[str]:
    """Yield what is Arabic or of one country in an answer."""
    for text in texts_of(content):
        yield from dict.fromkeys(ARABIC.findall(text))
        for line in text.splitlines():
            yield from words_of_one_country(ZONE_NAME.sub("", line))


def walk(client: Client, first: list[str]) -> tuple[set[str], list[str]]:
    """Follow links from addresses; return the names met, and what is wrong on which."""
    ahead = deque(first)
    met: set[str] = set()
    faults = []
    while ahead:
        path = ahead.popleft()
        name = name_of(path)
        if name is None or name in met or name == "accounts:sign_out":
            continue
        answer = client.get(path)
        if answer.status_code in {301, 302}:
            ahead.append(answer["Location"].partition("?")[0])
            continue
        if answer.status_code != 200:
            continue
        met.add(name)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if name not in SHOWS_BOTH:
            said = list(dict.fromkeys(faults_of(content)))
            faults += [f"{name} {path}: {' '.join(said[:12])}"] if said else []
        ahead.extend(
            html.unescape(link) for link in LINK.findall(content.decode("utf-8", "ignore"))
        )
    return met, faults


@pytest.fixture(
    params=[
        pytest.param(FRENCH, id="fr"),
        pytest.param(
            [*FRENCH, ("en", "English")], id="fr-en", marks=pytest.mark.exhaustive("journeys")
        ),
    ]
)
def house(
    settings: SettingsWrapper, roles: None, request: pytest.FixtureRequest
) -> Iterator[House]:
    """Return a house in another country that speaks French, or French and English."""
    settings.LANGUAGES, settings.LANGUAGE_CODE = request.param, "fr"
    settings.COUNTRY, settings.TIME_ZONE, settings.PLACE = "NP", ZONE, {}
    entries.forget(until_changed=True)
    with translation.override("fr"):
        yield furnish_house()


def letters_and_files(house: House) -> Iterator[tuple[str, str | bytes]]:
    """Yield what leaves the house on paper and as files."""
    now, director, visit = NOW + timedelta(days=60), house.director, house.visit
    assert visit.pack_languages == list(dict(installation.LANGUAGES))
    for variant in Traveller.Variant.values:
        for language in visit.pack_languages:
            with translation.override(language):
                yield (
                    f"pack {variant} {language}",
                    page_of(visit, variant=variant, language=language)[0],
                )
    for person in Person.objects.order_by("pk"):
        language = letter_language(person, local_day(now))
        assert language == "fr"
        letter = address_of(person, language, local_day(now))
        yield "letter", "\n".join([*letter.envelope, letter.salutation, letter.close])
    for kind in InvitationMessage.Kind.values:
        invitation = house.event.invitations.earliest("pk")
        yield f"invitation {kind}", str(compose(invitation, kind))
    rows = list(cards(director, Person.objects.order_by("pk"), local_day(now)))
    yield "people", tables.as_csv(rows)
    yield "people", tables.as_xlsx(rows)
    yield "cards", vcards(rows)
    for minutes in draft_minutes(actor=director, event=house.event, now=now):
        texts = [dict(each.text) for each in minutes.paragraphs.order_by("position")]
        yield "minutes", str(texts)
    yield "lists", json.dumps(all_vocabularies(), ensure_ascii=False)


def test_letters_packs_minutes_and_files_hold_no_arabic(house: House) -> None:
    faults, names = [], set()
    for name, said in letters_and_files(house):
        names.add(name)
        content = said if isinstance(said, bytes) else said.encode()
        faults += [f"{name}: {fault}" for fault in faults_of(content)]
    assert not faults, "\n".join(faults)
    assert len(names) > 8


def test_house_in_french_holds_no_arabic_and_nothing_of_one_country(
    settings: SettingsWrapper, house: House
) -> None:
    with translation.override("fr"):
        code = house.dialogue.code
        client = Client(raise_request_exception=False)
        sign_in_fully(client, house.director)
        client.cookies[cookie_name(code)] = make_token(
            code, Bearer(house.person.pk, is_stored=True)
        )
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
        plain = [
            path.format(language="fr")
            for name, path in all_paths().items()
            if name in ACCESS and "{" not in path.replace("{language}", "")
        ]
        met, faults = walk(client, plain)
    assert not faults, f"{len(met)} pages\n" + "\n".join(faults)
    assert len(met) > 100
