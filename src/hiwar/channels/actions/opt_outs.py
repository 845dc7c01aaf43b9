"""Ending messages to an address and taking them up again, wherever it was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels import rules
from hiwar.channels.actions.issues import note_left
from hiwar.channels.actions.subscribers import end_subscription
from hiwar.channels.models import Address, Suppression
from hiwar.channels.queries import opt_outs
from hiwar.channels.queries.opt_outs import suppressions_of
from hiwar.channels.queries.ways import digest_of, kind_of
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.channels.models import Message
    from hiwar.common.opt_outs import OptOut


class NoAddress(Refused):
    """What was typed is neither an e-mail address nor a telephone number."""

    code = "no_address"
    message = _("This is neither an e-mail address nor a telephone number.")


@transaction.atomic
def suppress(
    *, digest: str, purpose: str, why: str, at: datetime, kind: str = "", actor: User | None = None
) -> bool:
    """Write nothing more to an address for a purpose, or for all; return whether that is new."""
    kept, is_new = Suppression.objects.get_or_create(
        digest=digest,
        kind=kind or Address.Kind.MAIL,
        purpose=purpose,
        defaults={"why": why, "since": at},
    )
    # An erasure is one entry of the log, whatever it does.
    if is_new and why != Suppression.Why.ERASURE:
        audit(actor, "channels.suppression.add", kept, at=at, changed={"why": why})
    if kept.kind == Address.Kind.MAIL:
        end_subscription(digest=digest, purpose=purpose, at=at)
    return is_new


@transaction.atomic
def take_way_out(*, message: Message, at: datetime) -> None:
    """End messages of one purpose to the recipient of a letter, who took its way out."""
    note_left(message=message)
    suppress(
        digest=message.address.digest, kind=message.address.kind, purpose=message.purpose,
        why=Suppression.Why.LINK, at=at,
    )  # fmt: skip


@transaction.atomic
def lift_suppressions(*, digest: str, at: datetime) -> int:
    """Write to an address again, because it asked for it; return how many refusals ended."""
    return _lift(list(Suppression.objects.filter(digest=digest)), None, at)


@transaction.atomic
def end_messages(*, actor: User, address: str, purpose: str, at: datetime) -> bool:
    """Write down at the desk that somebody wants no messages; return whether that is new.

    Raises ``NotAllowed`` and ``NoAddress``.
    """
    kind = _kind(actor, address)
    digest = digest_of(address, kind)
    why = Suppression.Why.STAFF
    return suppress(digest=digest, purpose=purpose, why=why, at=at, kind=kind, actor=actor)


@transaction.atomic
def begin_again(*, actor: User, address: str, at: datetime) -> int:
    """Write to an address again, because its owner told a member of staff.

    Return how many refusals ended. Raises ``NotAllowed`` and ``NoAddress``.
    """
    _kind(actor, address)
    return _lift(list(suppressions_of(address)), actor, at)


@transaction.atomic
def forget_digests(*, digests: Collection[str]) -> None:
    """Forget opt-outs under digests of a room that can recognise nobody any more by them."""
    known = sorted(digests)
    for at in range(0, len(known), 500):
        Suppression.objects.filter(digest__in=known[at : at + 500]).delete()


def _kind(actor: User, address: str) -> str:
    if not rules.can_answer(actor):
        raise NotAllowed
    kind = kind_of(address)
    if not kind:
        raise NoAddress
    return kind


def _lift(lifted: list[Suppression], actor: User | None, at: datetime) -> int:
    for suppression in lifted:
        audit(actor, "channels.suppression.lift", suppression, at=at)
        suppression.delete()
    return len(lifted)


class Register:
    """What `common.opt_outs` asks: opt-outs are kept in this room alone."""

    def keep(self, opt_out: OptOut, at: datetime, actor: Any) -> bool:
        """Keep one; return whether it is new."""
        digest = digest_of(opt_out.address, opt_out.kind)
        return bool(digest) and suppress(
            digest=digest, purpose=opt_out.purpose, why=opt_out.why, at=at, kind=opt_out.kind,
            actor=actor,
        )  # fmt: skip

    def lift(self, opt_out: OptOut, at: datetime, actor: Any) -> int:
        """End those of one reason and purpose; whoever asks for messages again gets all."""
        if opt_out.why == Suppression.Why.WORD:
            return _lift(list(suppressions_of(opt_out.address)), actor, at)
        lifted = Suppression.objects.filter(
            digest=digest_of(opt_out.address, opt_out.kind),
            why=opt_out.why,
            purpose=opt_out.purpose,
        )
        return _lift(list(lifted), actor, at)

    def ask(self, kind: str, addresses: Collection[str], purposes: Collection[str]) -> set[str]:
        """Return which addresses want nothing of any of the purposes, or nothing at all."""
        return opt_outs.opted_out(kind, addresses, purposes)
