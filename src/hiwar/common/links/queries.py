"""Questions about private links: what a token opens, until when, and how a letter carries it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q

from hiwar.common import dates
from hiwar.common.crypto import plain_digest, unsealed_text
from hiwar.common.links.purposes import address, all_doors, all_purposes
from hiwar.common.models import PrivateLink

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

FORGOTTEN = timedelta(days=180)
# Where a text to be sent names its private link; the address is put in at the hand-over.
PLACEHOLDER = "{link}"


def seal_place(key: UUID) -> str:
    """Return the place for which a link's token is sealed."""
    return f"common.privatelink:{key}"


def token_of(link: PrivateLink) -> str:
    """Return the token of a link; empty once it was forgotten, or where the key is another."""
    return unsealed_text(link.sealed, seal_place(link.pk))


def fill_in(text: str, link: PrivateLink, otherwise: str = "") -> str:
    """Return a text with the address of its link; ``otherwise`` where that was forgotten."""
    token = token_of(link)
    return text.replace(PLACEHOLDER, address(link.purpose, token) if token else otherwise)


def find_link(purpose: str, token: str) -> PrivateLink | None:
    """Return the link of this purpose that a token names, closed ones too."""
    return PrivateLink.objects.filter(digest=plain_digest(token), purpose=purpose).first()


def is_open(link: PrivateLink, now: datetime) -> bool:
    """Return whether a link opens at an instant; its last day is one of the place."""
    if link.withdrawn_at is not None:
        return False
    return link.ends_on is None or dates.local_day(now) <= link.ends_on


def open_links(now: datetime) -> QuerySet[PrivateLink]:
    """Return the private links that open at an instant, whatever their purpose."""
    today = dates.local_day(now)
    return PrivateLink.objects.filter(withdrawn_at=None).filter(
        Q(ends_on=None) | Q(ends_on__gte=today)
    )


def forgotten_links(now: datetime) -> QuerySet[PrivateLink]:
    """Return open links without an end that were neither made nor used in half a year.

    Reading is no use: links that are there to be read, whenever it may be, are not among them.
    """
    read = [purpose.code for purpose in all_purposes() if purpose.is_read_later]
    since = now - FORGOTTEN
    unused = Q(used_at=None) | Q(used_at__lt=since)
    links = open_links(now).exclude(purpose__in=read)
    return links.filter(unused, ends_on=None, made_at__lt=since)


@dataclass(frozen=True, slots=True)
class OpenKind:
    """What stands open of one kind: how many, since when, how many nobody uses any more.

    ``desk`` names the page at which each is withdrawn. ``since`` is None where nobody keeps it.
    """

    code: str
    label: str | _StrPromise
    count: int
    forgotten: int
    since: datetime | None
    desk: str


def open_kinds(now: datetime) -> list[OpenKind]:
    """Return what stands open to whoever has an address, by kind; kinds with nothing are left out.

    Counts alone: whom a link was made for is a question for the room that made it.
    """
    rows = open_links(now).order_by().values("purpose")
    held = {row["purpose"]: row for row in rows.annotate(count=Count("pk"), since=Min("made_at"))}
    forgotten = forgotten_links(now).order_by().values("purpose").annotate(count=Count("pk"))
    old = {row["purpose"]: row["count"] for row in forgotten}
    kinds = [
        OpenKind(
            purpose.code, purpose.label, held[purpose.code]["count"], old.get(purpose.code, 0),
            held[purpose.code]["since"], purpose.desk,
        )
        for purpose in all_purposes()
        if purpose.code in held
    ]  # fmt: skip
    today = dates.local_day(now)
    doors = [(door, door.count(today)) for door in all_doors()]
    return kinds + [
        OpenKind(door.code, door.label, count, 0, None, door.desk) for door, count in doors if count
    ]
