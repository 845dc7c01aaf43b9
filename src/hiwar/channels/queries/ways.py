"""Questions about channels, addresses and the switches that hold everything back."""

from __future__ import annotations

import secrets
import unicodedata
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.channels.models import Address, Channel, Practice
from hiwar.common import crypto, telephones
from hiwar.common.models import Held
from hiwar.common.pauses import is_held

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

MAIL, TEXT = "mail", "text"
# The channel of each kind of address.
CHANNELS = {Address.Kind.MAIL: MAIL, Address.Kind.PHONE: TEXT}
HOUSE = "house"


def installation_key() -> str:
    """Return the digest of this installation's own key, which is made where there is none.

    The key lies in a file beside the data and never in the database: a copy of the database on
    another host is another installation.
    """
    path = settings.DATA / "installation.key"
    if not path.exists():
        settings.DATA.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass
    return crypto.plain_digest(path.read_text("ascii").strip())


def mail_channel() -> Channel | None:
    """Return the channel of e-mail, if anything was ever to be sent."""
    return channel_of(MAIL)


def channel_of(code: str) -> Channel | None:
    """Return a channel, if anything was ever to be sent by it."""
    return Channel.objects.filter(code=code).first()


def is_open(channel: Channel) -> bool:
    """Return whether a channel sends: it is on, was turned on here, and no pause holds letters."""
    is_on = channel.state == Channel.State.ON and is_of_here(channel)
    return is_on and not is_held(Held.LETTERS)


def is_of_here(channel: Channel) -> bool:
    """Return whether a channel was turned on here, and not in the house a copy came from."""
    return channel.installation == installation_key()


def has_trouble() -> bool:
    """Return whether a channel that is on could not hand over or fetch when it last tried."""
    return Channel.objects.filter(state=Channel.State.ON).exclude(trouble="").exists()


def has_carrier(code: str = MAIL) -> bool:
    """Return whether this installation has somewhere to hand messages of a channel to."""
    return bool(settings.TEXT_FOLDER if code == TEXT else settings.MAIL_OUT.get("host"))


def is_practising(actor: UUID | None) -> bool:
    """Return whether nothing is to be sent: the house practises, or whoever acted does."""
    if settings.DEMO or settings.PRACTICE:
        return True
    holders = [HOUSE, *([str(actor)] if actor else [])]
    return Practice.objects.filter(holder__in=holders).exists()


def kind_of(address: str) -> str:
    """Return what kind of address something is; empty for what is none."""
    if "@" in address:
        return Address.Kind.MAIL
    return Address.Kind.PHONE if telephones.is_telephone(address) else ""


def digest_of(address: str, kind: str = Address.Kind.MAIL) -> str:
    """Return the keyed digest by which an address is known; empty for what is no telephone.

    A telephone has few digits and could be guessed: its digest is made under the key that no copy
    of the data holds.
    """
    if kind == Address.Kind.PHONE:
        number = telephones.telephone_key(address)
        return crypto.outer_digest("channels.phone", number) if number else ""
    return crypto.digest("channels.address", normalised(address))


def former_digests(address: str) -> set[str]:
    """Return under what an address was known before.

    A mail address under former secret keys that are still kept; a telephone as it was written
    while the country of the house was not known.
    """
    if "@" not in address:
        forms = telephones.former_keys(address)
        return {crypto.outer_digest("channels.phone", form) for form in forms}
    text, keys = normalised(address), settings.SECRET_KEY_FALLBACKS
    return {crypto.digest("channels.address", text, key=key) for key in keys}


def domain_of(address: str) -> str:
    """Return the keyed digest by which the mail service of an address is known."""
    return crypto.digest("channels.domain", normalised(address).rpartition("@")[2])


def normalised(address: str) -> str:
    """Return an address as it is compared: composed letters, no capitals."""
    return unicodedata.normalize("NFC", address.strip()).casefold()


def value_of(address: Address) -> str:
    """Return an address in the open, empty once it was deleted."""
    sealed = bytes(address.sealed)
    if not sealed:
        return ""
    place, key = f"channels.address:{address.digest}", _key_of(address.kind)
    return crypto.unseal(sealed, place, key=key).decode()


def sealed_value(value: str, digest: str, kind: str) -> bytes:
    """Return an address sealed; a telephone under the key that no copy of the data holds."""
    return crypto.seal(value.encode(), f"channels.address:{digest}", key=_key_of(kind))


def _key_of(kind: str) -> str:
    return settings.OUTER_KEY if kind == Address.Kind.PHONE else ""


def masked(address: str) -> str:
    """Return an address that tells its server and one letter, for screens that many read."""
    if "@" not in address:
        return f"…{address[-2:]}" if address else ""
    local, at, domain = address.partition("@")
    return f"{local[:1]}…{at}{domain}"


def lies_in_data(folder: Path) -> bool:
    """Return whether a folder lies in that of the data, so that a copy of the data holds it."""
    return folder.resolve().is_relative_to(settings.DATA.resolve())


def trouble_of(channel: Channel | None, now: datetime) -> str:
    """Return what keeps a channel from sending: off, elsewhere, paused, unset, held, or ''."""
    if not has_carrier(channel.code if channel else MAIL):
        return "unset"
    if channel is None:
        return ""
    if channel.state != Channel.State.ON:
        return channel.state
    if not is_of_here(channel):
        return "elsewhere"
    return "" if is_open(channel) else "held"
