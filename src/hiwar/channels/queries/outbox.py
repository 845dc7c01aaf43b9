"""Questions about the outbox: what waits, what left, what failed and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hiwar.channels import rules
from hiwar.channels.models import Batch, Message
from hiwar.channels.queries.contents import content_of
from hiwar.channels.queries.judgement import refusals
from hiwar.channels.queries.quiet import quiet_hours
from hiwar.channels.queries.ways import has_carrier, is_open, is_practising, mail_channel
from hiwar.common.models import WaitingDraft
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
    from hiwar.channels.models import Channel
    from hiwar.common.post import Content

State, Why = Message.State, Message.Why
GROUPS: dict[str, tuple[str, ...]] = {
    "waiting": (State.WAITING, State.HELD, State.SENDING),
    "sent": (State.HANDED_OVER, State.DELIVERED),
    "failed": (State.FAILED, State.EXPIRED, State.UNKNOWN),
    "stopped": (State.STOPPED,),
}


@dataclass(frozen=True, slots=True)
class Price:
    """What a sending costs by the price list of a day."""

    amount: Decimal
    currency: str
    listed_on: date | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sending will do, before it leaves.

    Attributes
    ----------
    count : int
        How many messages leave.
    left_out : list of (str, int)
        Reasons in words, and how many they keep back.
    languages : list of (str, int)
        Language codes and how many messages are in them.
    takes : timedelta
        How long at the channel's pace.
    starts_at, ends_at : datetime
        When the first and the last leaves, quiet hours included.
    examples : list of Content
        One message in each language, as it will be read; its private link is a mark.
    price : Price or None
        What the carrier takes for it; None where no price is known.
    needs_second : bool
        Whether two people approve it, because it goes to many.
    """

    count: int
    left_out: list[tuple[str, int]]
    languages: list[tuple[str, int]]
    takes: timedelta
    starts_at: datetime
    ends_at: datetime
    examples: list[Content]
    price: Price | None = None
    needs_second: bool = False


def outbox(user: Somebody, group: str = "") -> QuerySet[Message]:
    """Return the messages whose states a user may see, the latest first."""
    if not rules.can_see_outbox(user):
        return Message.objects.none()
    messages = Message.objects.select_related("address", "batch")
    if group in GROUPS:
        messages = messages.filter(state__in=GROUPS[group])
    return messages.order_by("-posted_at", "pk")


def is_anything_due(now: datetime) -> bool:
    """Return whether a message may be due, in a channel that is on and with somewhere to go."""
    channel = mail_channel()
    if channel is None or not is_open(channel):
        return WaitingDraft.objects.exists()
    if not (has_carrier() or is_practising(None)):
        return False
    return (
        Message.objects.filter(
            Q(batch=None) | Q(batch__state=Batch.State.APPROVED),
            channel=channel,
            state__in=(State.WAITING, State.HELD),
            due_at__lte=now,
            expires_at__gt=now,
        )
        .exclude(why=Why.APPROVAL)
        .exists()
    )


def counts() -> dict[str, int]:
    """Return how many messages wait, left, failed and were stopped."""
    by_state = dict(
        Message.objects.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    return {
        group: sum(by_state.get(state, 0) for state in states) for group, states in GROUPS.items()
    }


def reasons(group: str) -> list[tuple[str, int]]:
    """Return why messages of a group wait, failed or were stopped, the commonest first."""
    counted = (
        Message.objects.filter(state__in=GROUPS[group])
        .exclude(why="")
        .order_by()
        .values("why")
        .annotate(n=Count("pk"))
    )
    rows = [(str(Why(row["why"]).label), row["n"]) for row in counted]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def batches(user: Somebody) -> QuerySet[Batch]:
    """Return the sendings a user may see: their own, or all for who runs channels."""
    if not user.is_authenticated:
        return Batch.objects.none()
    visible = Batch.objects.all() if rules.can_run_channels(user) else Batch.objects.filter(
        made_by=user.pk
    )  # fmt: skip
    return visible.select_related("made_by", "approved_by").order_by("-made_at", "pk")


def states_of(batch: Batch) -> list[tuple[str, int]]:
    """Return how many messages of a sending are in each state, in the order of states."""
    counted = dict(
        batch.messages.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    return [(str(state.label), counted[state]) for state in State if state in counted]


def estimate(batch: Batch, now: datetime, *, with_words: bool) -> Estimate:
    """Return what a sending will do if it leaves now; its words only for who may read them."""
    messages = list(
        batch.messages.filter(state__in=(State.HELD, State.WAITING), expires_at__gt=now)
        .select_related("address", "channel")
        .order_by("posted_at", "pk")
    )
    left_out = dict(batch.left_out)
    refused = refusals(messages, now)
    for judgement in refused.values():
        reason = judgement.said or str(Why(judgement.why).label)
        left_out[reason] = left_out.get(reason, 0) + 1
    leaving = [message for message in messages if message.pk not in refused]
    languages: dict[str, int] = {}
    examples: dict[str, Content] = {}
    for message in leaving:
        languages[message.language] = languages.get(message.language, 0) + 1
        if with_words and message.language not in examples and (words := content_of(message)):
            examples[message.language] = words
    takes, starts, ends, price = timedelta(), now, now, None
    if leaving:
        channel = leaving[0].channel
        quiet = quiet_hours(channel)
        if not purpose_of(batch.purpose).is_urgent:
            starts = quiet.until(now) or now
        takes = _takes(channel, leaving)
        ends = starts + takes
        ends = quiet.until(ends) or ends
        if channel.price is not None:
            price = Price(channel.price * len(leaving), channel.currency, channel.priced_on)
    return Estimate(
        count=len(leaving),
        left_out=sorted(left_out.items(), key=lambda row: (-row[1], row[0])),
        languages=sorted(languages.items(), key=lambda row: (-row[1], row[0])),
        takes=takes,
        starts_at=starts,
        ends_at=ends,
        examples=list(examples.values()),
        price=price,
        needs_second=batch.state == Batch.State.PREPARED and needs_second(len(leaving)),
    )


def _takes(channel: Channel, leaving: list[Message]) -> timedelta:
    """Return how long a sending takes at the pace of its channel and of each mail service."""
    hours = len(leaving) / channel.per_hour
    if channel.per_domain_hour:
        most = max(Counter(message.address.domain for message in leaving).values())
        hours = max(hours, most / channel.per_domain_hour)
    return timedelta(hours=hours)


def needs_second(count: int) -> bool:
    """Return whether a sending to so many needs the approval of two people."""
    channel = mail_channel()
    limit = channel.second_above if channel is not None else None
    return limit is not None and count > limit
