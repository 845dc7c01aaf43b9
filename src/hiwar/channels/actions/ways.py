"""Channels and practice: what holds everything back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.channels import rules
from hiwar.channels.models import Channel, Practice
from hiwar.channels.queries.ways import HOUSE, MAIL, TEXT, installation_key
from hiwar.common import jobs
from hiwar.common.actions import audit, update_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.channels.queries.mail_domain import Line


# What a telephone that serves as gateway sends in an hour without being shut out.
TEXTS_PER_HOUR = 330


def the_channel(*, code: str) -> Channel:
    """Return a channel, which begins on and at the pace of the settings; called in an action."""
    pace = TEXTS_PER_HOUR if code == TEXT else settings.MAIL_PER_HOUR
    channel, _is_new = Channel.objects.get_or_create(
        code=code, defaults={"installation": installation_key(), "per_hour": pace}
    )
    return channel


@transaction.atomic
def hold_channels() -> None:
    """Let no channel send or read after a restore, until somebody lets this house in."""
    for code, pace in ((MAIL, settings.MAIL_PER_HOUR), (TEXT, TEXTS_PER_HOUR)):
        Channel.objects.get_or_create(code=code, defaults={"per_hour": pace})
    Channel.objects.update(installation="")


@transaction.atomic
def let_house_in(*, at: datetime) -> int:
    """Let the channels that are on send and read from this installation; return how many."""
    shut = Channel.objects.filter(state=Channel.State.ON).exclude(installation=installation_key())
    count = 0
    for channel in shut.select_for_update():
        channel.installation = installation_key()
        channel.save(update_fields=["installation"])
        audit(None, "channels.channel.switch", channel, at=at, changed={"state": ["", "on"]})
        count += 1
    return count


@transaction.atomic
def switch_channel(*, actor: User, channel: Channel, state: str, at: datetime) -> Channel:
    """Turn a channel on, pause it or turn it off; on means: in this installation."""
    if not rules.can_run_channels(actor):
        raise NotAllowed
    locked = Channel.objects.select_for_update().get(pk=channel.pk)
    before, locked.state = locked.state, Channel.State(state)
    if locked.state == Channel.State.ON:
        locked.installation = installation_key()
        locked.trouble, locked.trouble_at = "", None
    locked.save(update_fields=["state", "installation", "trouble", "trouble_at"])
    changed = {"state": [before, locked.state.value]}
    audit(actor, "channels.channel.switch", locked, at=at, changed=changed)
    return locked


@transaction.atomic
def change_channel(
    *, actor: User, channel: Channel, changes: Mapping[str, object], at: datetime
) -> bool:
    """Change the pace and the quiet hours of a channel."""
    if not rules.can_run_channels(actor):
        raise NotAllowed
    return update_record(actor=actor, record=channel, changes=changes, at=at)


@transaction.atomic
def practise(*, actor: User, of: User | None, is_on: bool, at: datetime) -> None:
    """Have the house, or one account, practise: whatever is sent then is shown and never sent.

    One's own account is one's own affair; the house and others are for who runs channels.
    """
    if (of is None or of.pk != actor.pk) and not rules.can_run_channels(actor):
        raise NotAllowed
    holder = str(of.pk) if of else HOUSE
    if is_on:
        Practice.objects.get_or_create(holder=holder, defaults={"user": of, "since": at})
    else:
        Practice.objects.filter(holder=holder).delete()
    channel = the_channel(code="mail")
    changed = {"practice": is_on, "of": str(of.pk) if of else HOUSE}
    audit(actor, "channels.channel.practise", channel, at=at, changed=changed)


@transaction.atomic
def ask_names(*, actor: User, at: datetime) -> None:
    """Have the names of the own mail domain checked, beside the requests."""
    if not rules.can_run_channels(actor):
        raise NotAllowed
    channel = the_channel(code=MAIL)
    jobs.enqueue("channels.check_names", key="channels.check_names", now=at)
    audit(actor, "channels.channel.ask_names", channel, at=at)


@transaction.atomic
def keep_names(*, lines: Sequence[Line], at: datetime) -> None:
    """Keep what the names of the own mail domain said."""
    channel = the_channel(code=MAIL)
    channel.dns = [[line.check, line.state] for line in lines]
    channel.dns_checked_at = at
    channel.save(update_fields=["dns", "dns_checked_at"])


@transaction.atomic
def raise_alarm(*, channel: Channel, text: str, at: datetime) -> None:
    """Say on the desk that a channel needs the operator."""
    Channel.objects.filter(pk=channel.pk).update(trouble=text[:300], trouble_at=at)
