"""Failed tries are counted per account, per network and per pair of both.

The pair pauses first, so that a stranger elsewhere cannot lock a person out by guessing.
Only keyed digests are kept: no address and no account can be read from the table.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from hiwar.accounts.models import Throttle
from hiwar.common.crypto import digest

if TYPE_CHECKING:
    from datetime import datetime

WIDE = 10


def network_of(address: str) -> str:
    """Return the network of an address: the first 24 bits of IPv4, the first 48 of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def limits(account: str, address: str) -> dict[str, int]:
    """Return what is counted for a try, each with the number of failures it allows."""
    network, allowed = network_of(address), settings.SIGN_IN_FAILURES
    return {
        digest("throttle", f"pair|{account}|{network}"): allowed,
        digest("throttle", f"account|{account}"): allowed * WIDE,
        digest("throttle", f"network|{network}"): allowed * WIDE,
    }


def paused_until(account: str, address: str, at: datetime) -> datetime | None:
    """Return until when tries are refused, or None."""
    paused = Throttle.objects.filter(digest__in=limits(account, address), paused_until__gt=at)
    return max(
        (throttle.paused_until for throttle in paused if throttle.paused_until), default=None
    )


@transaction.atomic
def count_failure(*, account: str, address: str, at: datetime) -> bool:
    """Count a failed try; return whether a pause began with it."""
    began = False
    for key, allowed in limits(account, address).items():
        throttle, _made = Throttle.objects.select_for_update().get_or_create(
            digest=key, defaults={"since": at}
        )
        if at - throttle.since > settings.SIGN_IN_PAUSE:
            throttle.since, throttle.failures = at, 0
        throttle.failures += 1
        if throttle.failures >= allowed:
            throttle.paused_until, throttle.failures = at + settings.SIGN_IN_PAUSE, 0
            began = True
        throttle.save()
    return began


@transaction.atomic
def forget_failures(*, account: str, address: str, at: datetime) -> None:
    """Forget the failures of this account from this network, and counts nobody needs any more."""
    pair = next(iter(limits(account, address)))
    Throttle.objects.filter(digest=pair).delete()
    Throttle.objects.filter(since__lt=at - 2 * settings.SIGN_IN_PAUSE).exclude(
        paused_until__gt=at
    ).delete()
