"""Failed tries are counted per account, per caller and per pair of both.

The pair pauses first, so that a stranger elsewhere cannot lock a person out by guessing. A caller
is one address and never a network, and a browser that somebody signed in with before is counted
by itself: neither a neighbour nor a visitor in the same house can lock others out.
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


def caller_of(address: str) -> str:
    """Return who calls: an address of IPv4, the 64 bits of IPv6 that one connection has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    bits = 32 if parsed.version == 4 else 64
    return str(ipaddress.ip_network((parsed, bits), strict=False))


def limits(account: str, address: str, browser: str = "") -> dict[str, int]:
    """Return what is counted for a try, each with the number of failures it allows.

    ``browser`` names one in which this account signed in before; then it alone is counted.
    """
    caller, allowed = caller_of(address), settings.SIGN_IN_FAILURES
    if browser:
        return {digest("throttle", f"browser|{account}|{browser}"): allowed}
    return {
        digest("throttle", f"pair|{account}|{caller}"): allowed,
        digest("throttle", f"account|{account}"): allowed * WIDE,
        digest("throttle", f"caller|{caller}"): allowed * WIDE,
    }


def paused_until(account: str, address: str, at: datetime, browser: str = "") -> datetime | None:
    """Return until when tries are refused, or None."""
    counted = limits(account, address, browser)
    paused = Throttle.objects.filter(digest__in=counted, paused_until__gt=at)
    return max(
        (throttle.paused_until for throttle in paused if throttle.paused_until), default=None
    )


@transaction.atomic
def count_failure(*, account: str, address: str, at: datetime, browser: str = "") -> bool:
    """Count a failed try; return whether a pause began with it."""
    began = False
    for key, allowed in limits(account, address, browser).items():
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
def forget_failures(*, account: str, address: str, at: datetime, browser: str = "") -> None:
    """Forget the failures of this account from this caller, and counts nobody needs any more."""
    pair = next(iter(limits(account, address, browser)))
    Throttle.objects.filter(digest=pair).delete()
    Throttle.objects.filter(since__lt=at - 2 * settings.SIGN_IN_PAUSE).exclude(
        paused_until__gt=at
    ).delete()
