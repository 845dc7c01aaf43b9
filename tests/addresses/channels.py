"""Examples of addresses of channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils import timezone

from factories.newsletter import ask
from hiwar.accounts.models import User
from hiwar.channels.actions.inbound import keep, read_one
from hiwar.channels.actions.ways import the_channel
from hiwar.channels.models import Message
from hiwar.channels.queries.contents import token_of
from hiwar.channels.queries.ways import MAIL
from hiwar.common import post

if TYPE_CHECKING:
    from uuid import UUID

LETTER = b"From: rana@one.example\r\nTo: house@two.example\r\nSubject: Hello\r\n\r\nWhen is it?\r\n"


def handed_in(batch: post.Batch | None = None) -> UUID:
    """Return the key of a draft that was handed to the outbox."""
    key = uuid4()
    post.post(
        post.Draft(key, "signatures.signing", "ar", f"{key.hex}@one.example", "Sign", "Words",
                   batch=batch),
        at=timezone.now(),
    )  # fmt: skip
    return Message.objects.get(pk=key).pk


def message() -> dict[str, Any]:
    return {"key": handed_in()}


def sending() -> dict[str, Any]:
    actor = User.objects.filter(roles__code="director").earliest("pk")
    batch = post.Batch(uuid4(), "Forty letters", actor.pk)
    handed_in(batch)
    return {"key": batch.key}


def letter_in() -> dict[str, Any]:
    now = timezone.now()
    channel = the_channel(code=MAIL)
    kept = keep(channel=channel, raw=LETTER, uid=1, mailbox=1, now=now)
    return {"key": read_one(key=kept.pk, now=now).pk}


def way_out() -> dict[str, Any]:
    return {"token": token_of(handed_in(), "out")}


def subscription() -> dict[str, Any]:
    return {"token": ask(f"{uuid4().hex}@one.example")}


EXAMPLES = {
    "public_channels:subscription": subscription,
    "channels:batch": sending,
    "channels:inbound": letter_in,
    "channels:message": message,
    "public_channels:way_out": way_out,
}
