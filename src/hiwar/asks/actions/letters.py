"""Letters with a link to an organisation's own positions: handed in, and what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext, pgettext_lazy

from hiwar.asks.actions.positions import make_position_link
from hiwar.asks.models import PositionLink
from hiwar.asks.queries.positions import OWN
from hiwar.common.links.purposes import address
from hiwar.common.links.queries import PLACEHOLDER, is_open
from hiwar.common.numbering import LETTERS, take_number, void_number, written
from hiwar.common.post import NEVER_SENT, Draft, Purpose, post

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.common.post import Asked
    from hiwar.contacts.models import Organisation
    from hiwar.dossiers.models import Dossier

    Compose = Callable[[PositionLink, str], tuple[str, str]]

POSITION = Purpose(
    "asks.position", pgettext_lazy("purpose", "request to correct a position"), is_bulk=True
)
Letter = PositionLink.Letter


@transaction.atomic
def write_position_letter(
    *,
    actor: User,
    dossier: Dossier,
    organisation: Organisation,
    recipient: str,
    language: str,
    compose: Compose,
    now: datetime,
) -> PositionLink:
    """Put a numbered letter with a new link into the outbox; an older link ends.

    ``compose`` writes subject and text of a link and the letter's number. Raises ``NotAllowed``
    and ``ValidationError`` for what is no address.
    """
    link, token = make_position_link(
        actor=actor, dossier=dossier, organisation=organisation, now=now
    )
    link.address, link.language, link.letter = recipient, language, Letter.WAITING
    link.number = take_number(series=LETTERS.code, now=now)
    link.full_clean()
    link.save()
    subject, text = compose(link, written(link.number))
    post(
        Draft(
            key=link.pk,
            purpose=POSITION.code,
            language=language,
            recipient=recipient,
            subject=" ".join(subject.split()),
            text=text,
            secrets={PLACEHOLDER: address(OWN, token)},
            actor=actor.pk,
        ),
        at=now,
    )
    return link


@transaction.atomic
def record_message_state(*, key: UUID, state: str, now: datetime) -> None:
    """Keep what became of a letter; the number of one that never left is void."""
    link = PositionLink.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if link is None:
        return
    if state in {"handed_over", "delivered"}:
        link.letter, link.sent_at = Letter.SENT, link.sent_at or now
    elif state in NEVER_SENT:
        link.letter = Letter.FAILED
        number = link.number
        if link.sent_at is None and number is not None and number.voided_at is None:
            void_number(issued=number, reason=gettext("the letter was never sent"), now=now)
    link.save(update_fields=["letter", "sent_at"])


def hear_message_state(key: UUID, state: str, _why: str, at: datetime) -> None:
    """Hear from the outbox what became of a letter."""
    record_message_state(key=key, state=state, now=at)


def refuses(asked: Sequence[Asked]) -> dict[UUID, str]:
    """Return why letters are not to leave: their links ended or were withdrawn."""
    subject = {each.key: each.at for each in asked if each.purpose.code == POSITION.code}
    if not subject:
        return {}
    links = PositionLink.objects.select_related("private_link").in_bulk(subject)
    return {
        key: gettext("its link has ended")
        for key, at in subject.items()
        if key not in links or not is_open(links[key].private_link, at)
    }
