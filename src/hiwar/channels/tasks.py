"""Work beside the requests: the mail run and the reading of the mailbox; safe to run twice."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hiwar.channels.actions import delivery, inbound, outbox
from hiwar.channels.actions.alarms import note_told, post_alarm
from hiwar.channels.actions.delivery import Connect, Outcome, Parcel, Pause
from hiwar.channels.actions.subscribers import forget_unconfirmed
from hiwar.channels.actions.ways import keep_names, raise_alarm, the_channel
from hiwar.channels.adapters import Practising, Unreachable
from hiwar.channels.adapters.folder import MessageFolder
from hiwar.channels.adapters.imap import ImapMailbox
from hiwar.channels.adapters.names import NameResolver
from hiwar.channels.adapters.smtp import SmtpRelay
from hiwar.channels.exports.alarms import as_alarm_mail, words_of_alarm
from hiwar.channels.exports.mail import as_mail, own_address, return_address
from hiwar.channels.queries.alarms import (
    alarm_recipients,
    due_alarm,
    is_outbox_stuck,
    may_tell,
)
from hiwar.channels.queries.inbox import arrived
from hiwar.channels.queries.mail_domain import judge_domain, own_domain
from hiwar.channels.queries.outbox import is_anything_due
from hiwar.channels.queries.quiet import quiet_hours
from hiwar.channels.queries.ways import (
    MAIL,
    TEXT,
    channel_of,
    has_carrier,
    is_of_here,
    is_practising,
)
from hiwar.common import jobs
from hiwar.common.models import Held
from hiwar.common.post import carry_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from hiwar.channels.adapters import Outward
    from hiwar.channels.queries.mail_domain import Line

    Clock = Callable[[], datetime]

# A run gives way after this long, so that nothing else of the queue waits behind it.
LONGEST_RUN = 50.0
LOOK_EVERY = timedelta(seconds=2)
log = logging.getLogger("hiwar.channels")


@jobs.watch(every=LOOK_EVERY)
def look(now: datetime) -> Iterator[jobs.Wish]:
    """Ask for a mail run where something is due."""
    if is_anything_due(now):
        yield jobs.Wish("channels.send_messages", (), "channels.send_messages")


@jobs.task(label=_("send messages"), slow=True, tries=None, held=Held.LETTERS)
def send_messages() -> None:
    """Hand over what is due; of two runs one waits."""
    send_due()


@jobs.task(label=_("settle what was stopped"), slow=True, tries=None, held="")
def settle_stopped(key: str) -> None:
    """Settle the messages of a stopped sending, portion by portion."""
    while outbox.settle_stopped(key=UUID(key), at=timezone.now()):
        jobs.progress(0.5)


@jobs.duty(every=timedelta(minutes=1))
@jobs.task(label=_("read the mailbox"), slow=True)
def receive_messages() -> None:
    """Take in what lies in the mailbox, and read it."""
    receive()


@jobs.duty(every=timedelta(minutes=10))
@jobs.task(label=_("look after messages"), held=Held.LETTERS)
def tend_messages() -> None:
    """Give up what is too late, doubt what a lost worker had in hand, delete old words."""
    now = timezone.now()
    delivery.doubt_lost_claims(now=now)
    delivery.expire(now=now)
    forget_unconfirmed(now=now)
    forget()


@jobs.duty(every=timedelta(minutes=10))
@jobs.task(label=_("tell by mail what is red"), tries=2, held=Held.LETTERS)
def tell_alarms() -> None:
    """Write to two people when something is red, and once when all is well again."""
    tell(now=timezone.now())


@jobs.task(label=_("check the names of the mail domain"), tries=3)
def check_names() -> None:
    """Ask what the names of the own mail domain say, and keep it."""
    keep_names(lines=ask_domain(), at=timezone.now())


def tell(*, now: datetime, relay: Outward | None = None) -> str:
    """Tell what is to be told; return by which way: outbox, direct, or '' for nothing.

    Where the outbox itself is in trouble the letter goes past it to the mail server. What no
    server took was not told, and is tried again.
    """
    alarm = due_alarm(now) if may_tell(now) else None
    recipients = alarm_recipients() if alarm is not None else []
    if alarm is None or not recipients:
        return ""
    subject, text = words_of_alarm(alarm, now)
    if not is_outbox_stuck():
        post_alarm(alarm=alarm, subject=subject, text=text, recipients=recipients, at=now)
        return "outbox"
    relay = relay or SmtpRelay()
    try:
        relay.open()
        taken = [
            relay.send(
                sender=own_address(), recipient=recipient,
                content=as_alarm_mail(subject, text, recipient, now),
            ).kind == "accepted"
            for recipient in recipients
        ]  # fmt: skip
    except (Practising, Unreachable) as error:
        log.warning("alarm not told: %s", type(error).__name__)
        return ""
    finally:
        relay.close()
    if not any(taken):
        log.warning("alarm not told: no letter was taken")
        return ""
    note_told(alarm=alarm, way="direct", at=now)
    return "direct"


def ask_domain() -> list[Line]:
    """Return what the names of the own mail domain say; not checked, where the house practises."""
    domain, selector = own_domain(), settings.MAIL_DKIM_SELECTOR
    try:
        resolver = NameResolver()
    except Practising:
        return judge_domain(domain, selector, lambda _name: None, None)
    return judge_domain(domain, selector, resolver.texts, resolver.mail_servers(domain))


def send_due(
    clock: Callable[[], datetime] = timezone.now,
    relay: Outward | None = None,
    *,
    longest: float = LONGEST_RUN,
) -> int:
    """Hand over what is due; return how many messages the mail server took.

    A run ends when nothing is due, when the pace asks to wait, when no mail server answers, or
    after `longest` seconds.
    """
    carry_waiting(at=clock())
    delivery.doubt_lost_claims(now=clock())
    delivery.expire(now=clock())
    ways: list[Outward] = [relay] if relay else [MessageFolder(), SmtpRelay()]
    return sum(_send_by(way, clock, longest, is_given=relay is not None) for way in ways)


def _send_by(way: Outward, clock: Clock, longest: float, *, is_given: bool) -> int:
    """Hand over what is due by one way out."""
    channel = channel_of(way.channel)
    if channel is None or not (has_carrier(way.channel) or is_given or is_practising(None)):
        return 0
    quiet, until = quiet_hours(channel), time.monotonic() + longest
    count = 0
    try:
        while time.monotonic() < until:
            step = delivery.claim_next(
                channel=channel, quiet=quiet, is_connected=way.is_open, now=clock()
            )
            match step:
                case Parcel():
                    count += _hand_over(step, way, clock)
                case Connect():
                    way.open()
                case Pause(wait) if not wait:
                    continue
                case _:
                    break
    except Unreachable as error:
        raise_alarm(channel=channel, text=str(error), at=clock())
        log.warning("%s: nothing answers", way.channel)
    except Practising:
        log.info("%s: this installation practises and sends nothing", way.channel)
    finally:
        way.close()
    return count


def _hand_over(parcel: Parcel, way: Outward, clock: Clock) -> int:
    message = parcel.message
    is_text = way.channel == TEXT
    try:
        content = (
            parcel.text.encode()
            if is_text
            else as_mail(message, parcel.content, parcel.recipient, clock())
        )
    except (ValueError, UnicodeError, LookupError) as error:
        outcome = Outcome("permanent", "5.6.0", f"not a mail: {type(error).__name__}")
    else:
        if parcel.is_shown_only:
            _show(f"{message.pk.hex}.{'txt' if is_text else 'eml'}", content)
            return 0
        sender = message.pk.hex if is_text else return_address(message)
        outcome = way.send(sender=sender, recipient=parcel.recipient, content=content)
    delivery.record_outcome(parcel=parcel, outcome=outcome, now=clock())
    return outcome.kind == "accepted"


def _show(name: str, content: bytes) -> None:
    """Write a letter of a demonstration to a file in place of sending it."""
    folder = settings.DATA / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def receive(clock: Callable[[], datetime] = timezone.now) -> int:
    """Take in what lies in the mailbox and read it; return how many messages came."""
    count = 0
    if settings.MAIL_IN.get("host") and not is_practising(None):
        count = _fetch(clock)
    read_arrived(clock)
    return count


def _fetch(clock: Callable[[], datetime]) -> int:
    channel, mailbox = the_channel(code=MAIL), ImapMailbox()
    count = 0
    if not is_of_here(channel):
        # The house that this copy was taken from may read the same mailbox.
        return count
    try:
        validity = mailbox.open()
        after = inbound.begin_mailbox(channel=channel, mailbox=validity, now=clock())
        for mail in mailbox.after(after):
            raw = mail.content or f"X-Too-Large: {validity}.{mail.uid}\r\n\r\n".encode()
            inbound.keep(channel=channel, raw=raw, uid=mail.uid, mailbox=validity, now=clock())
            # Only now, when it is committed: whoever dies before finds it again.
            mailbox.mark_kept(mail.uid)
            count += 1
    except Unreachable as error:
        raise_alarm(channel=channel, text=str(error), at=clock())
        log.warning("mail: the mailbox does not answer")
    except Practising:
        log.info("mail: this installation practises and reads nothing")
    finally:
        mailbox.close()
    return count


def read_arrived(clock: Callable[[], datetime] = timezone.now) -> int:
    """Read what was kept; what breaks its reader is tried again, and at last left to a person."""
    keys = arrived()
    for key in keys:
        inbound.count_try(key=key)
        try:
            inbound.read_one(key=key, now=clock())
        except Exception as error:  # noqa: BLE001 - whatever breaks one message must not stop the rest
            log.error("mail: %s could not be read: %s", key, type(error).__name__)
    return len(keys)


def forget(clock: Callable[[], datetime] = timezone.now) -> int:
    """Delete the words of what settled some days ago; return how many messages that were."""
    now = clock()
    before = now - timedelta(days=settings.MESSAGE_DAYS)
    return delivery.forget_contents(now=now) + inbound.forget_inbound(before=before)
