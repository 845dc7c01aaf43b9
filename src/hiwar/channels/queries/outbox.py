"""Questions about the outbox: what waits, what left, what failed and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from hiwar.channels import rules
from hiwar.channels.models import Batch, Channel, Message
from hiwar.channels.queries.contents import content_of, text_with_secrets
from hiwar.channels.queries.judgement import refusals
from hiwar.channels.queries.parts import count_parts
from hiwar.channels.queries.quiet import quiet_hours
from hiwar.channels.queries.ways import TEXT, has_carrier, is_open, is_practising
from hiwar.common.models import WaitingDraft
from hiwar.common.post import purpose_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from hiwar.accounts.rules import Somebody
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
        What the carriers take for it; None where no price is known.
    parts : (int, int, int) or None
        Of text messages: the fewest parts of one, the most, and all together.
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
    parts: tuple[int, int, int] | None = None
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
    channels = [channel for channel in Channel.objects.order_by("code") if is_open(channel)]
    if not channels:
        return WaitingDraft.objects.exists()
    leaving = [each for each in channels if has_carrier(each.code) or is_practising(None)]
    return (
        bool(leaving)
        and Message.objects.filter(
            Q(batch=None) | Q(batch__state=Batch.State.APPROVED),
            channel__in=leaving,
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
        words = content_of(message) if with_words and message.language not in examples else None
        if words is not None and words.text:
            examples[message.language] = words
    takes, starts, ends, price = timedelta(), now, now, None
    parts: Counter[int] = Counter()
    if leaving:
        quiet = quiet_hours(leaving[0].channel)
        if not purpose_of(batch.purpose).is_urgent:
            starts = quiet.until(now) or now
        by_channel = _by_channel(leaving)
        takes = max(_takes(each[0].channel, each) for each in by_channel)
        ends = starts + takes
        ends = quiet.until(ends) or ends
        parts = _parts(leaving)
        price = _price(by_channel, parts)
    return Estimate(
        count=len(leaving),
        left_out=sorted(left_out.items(), key=lambda row: (-row[1], row[0])),
        languages=sorted(languages.items(), key=lambda row: (-row[1], row[0])),
        takes=takes,
        starts_at=starts,
        ends_at=ends,
        examples=list(examples.values()),
        price=price,
        parts=(min(parts), max(parts), _all(parts)) if parts else None,
        needs_second=batch.state == Batch.State.PREPARED and needs_second(leaving),
    )


def _takes(channel: Channel, leaving: list[Message]) -> timedelta:
    """Return how long a sending takes at the pace of its channel and of each mail service."""
    hours = len(leaving) / channel.per_hour
    if channel.per_domain_hour:
        most = max(Counter(message.address.domain for message in leaving).values())
        hours = max(hours, most / channel.per_domain_hour)
    return timedelta(hours=hours)


def needs_second(messages: list[Message]) -> bool:
    """Return whether messages of a sending are so many that two people approve it."""
    limits = [each[0].channel.second_above for each in _by_channel(messages)]
    known = [limit for limit in limits if limit is not None]
    return bool(known) and len(messages) > min(known)


def _by_channel(messages: list[Message]) -> list[list[Message]]:
    sorted_out: dict[object, list[Message]] = {}
    for message in messages:
        sorted_out.setdefault(message.channel_id, []).append(message)
    return list(sorted_out.values())


def _parts(messages: list[Message]) -> Counter[int]:
    """Return how many text messages have how many parts."""
    parts: Counter[int] = Counter()
    known: dict[str, int] = {}
    for message in messages:
        if message.channel.code == TEXT and (words := content_of(message)):
            text = text_with_secrets(words)
            if text not in known:
                known[text] = count_parts(text)
            parts[known[text]] += 1
    return parts


def _price(by_channel: list[list[Message]], parts: Counter[int]) -> Price | None:
    """Return what a sending costs where each of its channels says it in one currency."""
    channels = [messages[0].channel for messages in by_channel]
    if any(channel.price is None for channel in channels) or len({
        channel.currency for channel in channels
    }) > 1:  # fmt: skip
        return None
    amount = sum(
        (channel.price or 0) * (_all(parts) if channel.code == TEXT else len(messages))
        for channel, messages in zip(channels, by_channel, strict=True)
    )
    days = [channel.priced_on for channel in channels if channel.priced_on]
    return Price(Decimal(amount), channels[0].currency, min(days, default=None))


def _all(parts: Counter[int]) -> int:
    return sum(size * many for size, many in parts.items())
