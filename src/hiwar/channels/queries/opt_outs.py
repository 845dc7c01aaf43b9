"""Who wants no messages: by a digest that names nobody, asked before anything leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count

from hiwar.channels import rules
from hiwar.channels.models import Address, Suppression
from hiwar.channels.queries.ways import digest_of, former_digests, kind_of
from hiwar.common.opt_outs import aliases_of
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.channels.models import Message

AT_ONCE = 10_000


def opted_out(kind: str, addresses: Collection[str], purposes: Iterable[str] = ()) -> set[str]:
    """Return which addresses want nothing of one of the purposes, or nothing at all."""
    names = _names_of({address: digest_of(address, kind) for address in addresses})
    wishes = _wishes({name for known in names.values() for name in known})
    asked = {"", *purposes}
    return {
        address
        for address, known in names.items()
        if any(purpose in asked for name in known for purpose in wishes.get(name, ()))
    }


def suppressed(messages: Sequence[Message], values: dict[UUID, str]) -> set[UUID]:
    """Return the keys of messages whose recipients want nothing of their purpose, or nothing.

    `values` are the addresses in the open, by the messages' keys: rooms may know them by digests
    of their own.
    """
    aliases = _aliases({values[message.pk] for message in messages} - {""})
    wishes = _wishes(
        {message.address.digest for message in messages}
        | {name for known in aliases.values() for name in known}
    )
    out = set()
    for message in messages:
        asked = {"", message.purpose, purpose_of(message.purpose).consent}
        names = {message.address.digest, *aliases.get(values[message.pk], ())}
        if any(asked & wishes.get(name, set()) for name in names):
            out.add(message.pk)
    return out


def suppressions_of(address: str) -> QuerySet[Suppression]:
    """Return what was said of an address, the latest first."""
    names = _names_of({address: digest_of(address, kind_of(address))})[address]
    return Suppression.objects.filter(digest__in=names).order_by("-since", "pk")


def counted(user: Somebody) -> list[tuple[str, str, int]]:
    """Return how many opt-outs there are, by kind of address and by where it was said, in words."""
    if not rules.can_answer(user):
        return []
    rows = Suppression.objects.order_by().values("kind", "why").annotate(n=Count("pk"))
    listed = [
        (str(Address.Kind(row["kind"]).label), str(Suppression.Why(row["why"]).label), row["n"])
        for row in rows
    ]
    return sorted(listed, key=lambda row: (-row[2], row[0], row[1]))


def _names_of(digests: dict[str, str]) -> dict[str, set[str]]:
    """Return by address every digest under which it may stand on the list."""
    aliases = _aliases(digests)
    return {
        address: {digest, *aliases.get(address, ())} - {""} for address, digest in digests.items()
    }


def _aliases(addresses: Collection[str]) -> dict[str, set[str]]:
    known = aliases_of(addresses)
    return {address: known.get(address, set()) | former_digests(address) for address in addresses}


def _wishes(digests: set[str]) -> dict[str, set[str]]:
    """Return for which purposes nothing is wanted, by digest."""
    wishes: dict[str, set[str]] = {}
    listed = sorted(digests)
    for at in range(0, len(listed), AT_ONCE):
        rows = Suppression.objects.filter(digest__in=listed[at : at + AT_ONCE])
        for digest, purpose in rows.values_list("digest", "purpose"):
            wishes.setdefault(digest, set()).add(purpose)
    return wishes
