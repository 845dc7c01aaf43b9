"""Examples of addresses of contacts."""

from typing import Any

from django.utils import timezone

from factories.contacts import InteractionFactory
from hiwar.contacts.models import DuplicatePair, Organisation, Person, Promise


def interaction() -> dict[str, Any]:
    return {"key": InteractionFactory.create().pk}


def pair_of_duplicates() -> dict[str, Any]:
    first, second = Person.objects.order_by("pk")[:2]
    pair = DuplicatePair.objects.create(
        first=first, second=second, verdict="likely", score=0.9, found_at=timezone.now()
    )
    return {"key": pair.pk}


def promise() -> dict[str, Any]:
    kept = Promise.objects.create(interaction=InteractionFactory.create(), text="To call back")
    return {"key": kept.pk}


def coalition() -> dict[str, Any]:
    return {"key": Organisation.objects.filter(kind="coalition").earliest("pk").pk}


EXAMPLES = {
    "contacts:interaction": interaction,
    "contacts:join": coalition,
    "contacts:pair": pair_of_duplicates,
    "contacts:settle": promise,
}
