"""Private links made, ended, withdrawn and forgotten.

Of a token the database keeps a digest. Where a letter still has to carry it, the token lies
sealed beside the digest under the installation's secret key, and is forgotten once nothing has
to be written any more: a copy of the database opens no link.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import ForeignObjectRel
from django.utils.translation import gettext_lazy as _

from hiwar.common.crypto import plain_digest, seal
from hiwar.common.links.purposes import purpose_of
from hiwar.common.links.queries import is_open, seal_place
from hiwar.common.models import PrivateLink
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet


class LinkClosed(Refused):
    """A private link ended, was withdrawn or was never made."""

    code = "link_closed"
    message = _("This link is closed. Nothing was saved; please ask for a new one.")


def new_token() -> str:
    """Return a token for an address: 256 random bits."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def make_link(
    *, purpose: str, now: datetime, ends_on: date | None = None, is_sealed: bool = False
) -> tuple[PrivateLink, str]:
    """Make a private link; return it with its token, which is known from here alone.

    ``ends_on`` is the last local day on which it opens, None for no end. With ``is_sealed`` the
    token can be read again until it is forgotten. Raises ``KeyError`` for an unknown purpose.
    """
    link, token = _new(purpose, now, ends_on, is_sealed=is_sealed)
    link.save()
    return link, token


@transaction.atomic
def make_links(
    *, purpose: str, count: int, now: datetime, ends_on: date | None = None
) -> list[PrivateLink]:
    """Make many links at once, with sealed tokens: for letters that are written later."""
    links = [_new(purpose, now, ends_on, is_sealed=True)[0] for _each in range(count)]
    return PrivateLink.objects.bulk_create(links, batch_size=500)


def _new(
    purpose: str, now: datetime, ends_on: date | None, *, is_sealed: bool
) -> tuple[PrivateLink, str]:
    token = new_token()
    link = PrivateLink(
        purpose=purpose_of(purpose).code,
        digest=plain_digest(token),
        ends_on=ends_on,
        made_at=now,
    )
    if is_sealed:
        link.sealed = seal(token.encode(), seal_place(link.pk))
    return link, token


def lock_open_link(link: PrivateLink, now: datetime) -> PrivateLink:
    """Read a link anew and hold it until the transaction ends; raises ``LinkClosed``.

    It may have been withdrawn since its page was opened.
    """
    kept = PrivateLink.objects.select_for_update().filter(pk=link.pk).first()
    if kept is None or not is_open(kept, now):
        raise LinkClosed
    return kept


@transaction.atomic
def mark_used(*, link: PrivateLink, now: datetime) -> None:
    """Keep when a link was last used for an answer; opening it is no use."""
    link.used_at = now
    link.save(update_fields=["used_at"])


@transaction.atomic
def withdraw_links(*, links: QuerySet[PrivateLink], now: datetime) -> int:
    """Close links at once and forget their tokens; return how many were open."""
    links.exclude(sealed=b"").update(sealed=b"")
    return links.filter(withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def forget_tokens(*, links: QuerySet[PrivateLink]) -> int:
    """Forget sealed tokens, so that a link lives with its holder alone; return how many."""
    return links.exclude(sealed=b"").update(sealed=b"")


@transaction.atomic
def end_on(*, links: QuerySet[PrivateLink], day: date | None) -> int:
    """Set the last local day on which links open; return how many there are."""
    return links.update(ends_on=day)


@transaction.atomic
def forget_orphaned_links() -> int:
    """Delete private links of which no row speaks any more, as after a bulk removal; how many."""
    orphans = PrivateLink.objects.all()
    # Rooms hide the way back from a link, so hidden relations are asked for.
    for relation in PrivateLink._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        rows = relation.related_model._default_manager
        name = relation.field.name
        used = rows.filter(**{f"{name}__isnull": False}).order_by().values(name)
        orphans = orphans.exclude(pk__in=used)
    return orphans.delete()[0]
