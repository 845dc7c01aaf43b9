from __future__ import annotations

from django.utils import timezone

from hiwar.channels.actions.delivery import Parcel, claim_next
from hiwar.channels.queries.quiet import quiet_hours
from hiwar.channels.queries.ways import mail_channel


def letters_due() -> list[Parcel]:
    """Claim every message that may leave now, as a mail run would, and send none."""
    channel = mail_channel()
    parcels: list[Parcel] = []
    while channel is not None:
        step = claim_next(
            channel=channel, quiet=quiet_hours(channel), is_connected=True, now=timezone.now()
        )
        if not isinstance(step, Parcel):
            break
        parcels.append(step)
    return parcels
