"""Files of addresses: never straight onto the list, each asked once to confirm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hiwar.channels.actions.subscribers import renew_link, wording_in
from hiwar.channels.models import Message, Subscriber
from hiwar.channels.queries.list_imports import batch_of
from hiwar.channels.queries.subscribers import address_of, sealed_address, subscribers_with
from hiwar.channels.queries.ways import digest_of
from hiwar.common import post
from hiwar.common.mailings import Portion, begin_mailing
from hiwar.common.models import PrivateLink
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.common.imports import Plan, Source
    from hiwar.common.models import ImportRun

State = Subscriber.State
ASKING = "channels.asking"
LASTS = timedelta(days=7)
NEVER_CAME = frozenset(["stopped", "expired", "failed"])


class ListInUse(Refused):
    """Somebody of the list said themselves that they want the newsletter."""

    code = "list_confirmed"
    message = _("Somebody of this list has confirmed since. Nothing was undone.")


@transaction.atomic
def apply_list(*, source: Source, plan: Plan) -> dict[str, Any]:
    """Keep those of a list as to be confirmed, and write the letters that ask them.

    The letters wait in the outbox for a last look.
    """
    rows = plan.data
    assert isinstance(rows, list)  # noqa: S101 - as plan_list made it
    subscribers = []
    for row in rows:
        key = uuid4()
        subscribers.append(Subscriber(
            id=key, digest=digest_of(row["address"]), sealed=sealed_address(row["address"], key),
            language=row["language"], source=Subscriber.Source.FILE, evidence=row["evidence"],
            import_run=source.run,
        ))  # fmt: skip
    Subscriber.objects.bulk_create(subscribers, batch_size=500)
    if subscribers:
        title = gettext("Newsletter: please confirm")
        batch = post.Batch(batch_of(source.run), title, source.actor.pk)
        begin_mailing(ASKING, source.run.pk, batch, now=source.now)
    return {"subscribers": len(subscribers)}


@transaction.atomic
def undo_list(*, run: ImportRun, journal: Mapping[str, Any], **_step: object) -> None:
    """Take those of a list back who did not confirm; raises ``ListInUse`` where somebody did.

    Letters to them that have not left never will.
    """
    of_run = Subscriber.objects.filter(import_run=run)
    if of_run.filter(confirmed_on__isnull=False).exists():
        raise ListInUse
    links = [key for key in of_run.values_list("link", flat=True) if key is not None]
    of_run.delete()
    PrivateLink.objects.filter(pk__in=links).delete()


@transaction.atomic
def write_portion(*, portion: Portion) -> int:
    """Put a portion of the letters that ask into the outbox; return how many are left."""
    waiting = Subscriber.objects.filter(
        import_run=portion.subject, state=State.PENDING, asked_language="", asked_at=None
    )
    chosen = waiting.select_for_update(of=("self",)).order_by("pk")
    for subscriber in chosen[: portion.most]:
        subscriber.asked_language = subscriber.language
        subscriber.save(update_fields=["asked_language"])
        draft = post.Draft(
            key=uuid5(portion.batch.key, str(subscriber.pk)), purpose=ASKING,
            language=subscriber.language, recipient=address_of(subscriber),
            actor=portion.batch.made_by, batch=portion.batch, expires_at=portion.at + LASTS,
        )  # fmt: skip
        post.post(draft, at=portion.at)
    return waiting.count()


def compose_asking(_key: UUID, recipient: str, at: datetime) -> post.Content | None:
    """Write the letter when it is handed over, so that its 48 hours begin then."""
    waiting = subscribers_with(recipient).filter(state=State.PENDING, import_run__isnull=False)
    subscriber = waiting.select_for_update(of=("self",)).order_by("pk").first()
    if subscriber is None:
        return None
    language = subscriber.language
    token = renew_link(subscriber, language, wording_in(language, at), at)
    with override(language):
        text = gettext(
            "We were told that you want our newsletter at this address.\n\n"
            "If that is so, open this page within 48 hours and press the button:\n\n{link}\n\n"
            "Without that nothing more is sent, and the address is deleted."
        )
        subject = gettext("Please confirm: our newsletter")
    return post.Content(language, subject, text, secrets={"{link}": token})


def hear_asking_state(key: UUID, state: str, _why: str, _at: datetime) -> None:
    """Forget somebody whom the letter did not reach: nobody waits for them."""
    if state not in NEVER_CAME:
        return
    message = Message.objects.select_related("address").get(pk=key)
    waiting = Subscriber.objects.filter(
        digest=message.address.digest, state=State.PENDING, import_run__isnull=False
    )
    links = [link for link in waiting.values_list("link", flat=True) if link is not None]
    waiting.delete()
    PrivateLink.objects.filter(pk__in=links).delete()


PURPOSE = post.Purpose(
    ASKING, pgettext_lazy("purpose", "question about the newsletter"),
    is_bulk=True, forgets_at_once=True, compose=compose_asking,
)  # fmt: skip
