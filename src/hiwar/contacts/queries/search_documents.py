"""What of the register full text can find: people, organisations and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hiwar.common.search.sources import Document, Source, seen_among
from hiwar.contacts import rules
from hiwar.contacts.models import Interaction, Organisation, Person
from hiwar.contacts.queries.log import interactions_for
from hiwar.contacts.queries.people import organisations_for, people_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from uuid import UUID


PERSON, ORGANISATION, INTERACTION = (
    "contacts.person",
    "contacts.organisation",
    "contacts.interaction",
)


def document_of(record: Person | Organisation | Interaction) -> Document:
    """Return what is found of a record: names, or what a contact was about."""
    if isinstance(record, Person):
        return document_of_person(
            record, record.names.order_by("pk").values_list("text", flat=True)
        )
    if isinstance(record, Organisation):
        # The index folds what it is given; beside a hit stands the text as it was written.
        short = dict(record.short_name)
        body = {code: f"{short.get(code, '')} {record.code}".strip() for code in dict(record.name)}
        return Document(record.pk, dict(record.name), body)
    return Document(record.pk, {"ar": record.subject}, {"ar": record.text})


def document_of_person(person: Person, names: Iterable[str]) -> Document:
    """Return what is found of a person whose spellings are known already."""
    return Document(person.pk, dict(person.shown_name), {"ar": " ".join(names)})


def sources() -> tuple[Source, ...]:
    """Return the kinds of records of this room that full text finds."""
    return (
        Source(
            PERSON,
            _("People"),
            _people,
            seen_among(people_for, rules.can_see_contact),
            _to("contacts:person"),
            10,
        ),
        Source(
            ORGANISATION,
            _("Organisations"),
            _organisations,
            seen_among(organisations_for, rules.can_see_contact),
            _to("contacts:organisation"),
            11,
        ),
        Source(
            INTERACTION,
            pgettext_lazy("log", "Contacts"),
            _interactions,
            seen_among(interactions_for, rules.can_see_contact),
            _to("contacts:interaction"),
            12,
        ),
    )


def _people() -> Iterator[Document]:
    for person in Person.objects.filter(removed_at=None, merged_into=None).order_by("pk"):
        yield document_of(person)


def _organisations() -> Iterator[Document]:
    for organisation in Organisation.objects.filter(removed_at=None, merged_into=None).order_by(
        "pk"
    ):
        yield document_of(organisation)


def _interactions() -> Iterator[Document]:
    for interaction in Interaction.objects.filter(removed_at=None).order_by("pk"):
        yield document_of(interaction)


def _to(name: str) -> Callable[[UUID], str]:
    def address(record: UUID) -> str:
        return reverse(name, args=[record])

    return address
