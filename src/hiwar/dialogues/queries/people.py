"""Names, codes, attributes and keys of people who take part."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import get_language

from hiwar.common import telephones
from hiwar.common.crypto import outer_digest
from hiwar.common.multilingual import installation_languages
from hiwar.common.vocabularies.lists import words_in
from hiwar.dialogues.models import Dialogue, Participant

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

ROOM = Path(__file__).parents[1]
# Sixteen of thirty-two signs are 80 bits; I, L, O and U are left out and read as 1, 1, 0 and V.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
READ_AS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹OILU", "01234567890123456789" + "011V")
NOT_STATED = frozenset(["", "not stated", "not_stated"])


def pseudonym(participant: int, language: str | None = None) -> str:
    """Return two words for a participant, always the same ones in a language.

    The words say nothing: they follow from the random key.
    """
    words = words_in(ROOM / "pseudonyms.json")
    spoken = (language or get_language() or "", *installation_languages(), "en")
    chosen = next(words[code] for each in spoken if (code := each.partition("-")[0]) in words)
    digest = hashlib.sha256(b"pseudonym" + participant.to_bytes(8, "big")).digest()
    noun = chosen["nouns"][int.from_bytes(digest[:4], "big") % len(chosen["nouns"])]
    adjective = chosen["adjectives"][int.from_bytes(digest[4:8], "big") % len(chosen["adjectives"])]
    parts = {"noun": noun, "adjective": adjective}
    return " ".join(parts[part] for part in chosen["order"].split())


def name_of(participant: Participant, language: str | None = None) -> str:
    """Return the chosen name of a participant, or the generated one."""
    return participant.name or pseudonym(participant.pk, language)


def new_code() -> str:
    """Return a random code of 80 bits in four groups, for print."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def code_hash(code: str) -> str:
    """Return the hash under which a code is kept, however it was typed."""
    plain = "".join(sign for sign in code.upper().translate(READ_AS) if sign in SIGNS)
    return hashlib.sha256(b"join code" + plain.encode()).hexdigest()


def is_phone(address: str) -> bool:
    """Return whether something has the digits of a telephone number."""
    return "@" not in address and bool(telephones.ending(address))


def keys_of_addresses(addresses: Collection[str]) -> dict[str, list[str]]:
    """Return the keys under which the dialogues that are open know addresses."""
    secrets_now = Dialogue.objects.exclude(contact_secret="").order_by("pk")
    known = list(secrets_now.values_list("contact_secret", flat=True)) if addresses else []
    return {address: [key for secret in known if (key := contact_key(secret, address))]
            for address in addresses}  # fmt: skip


def contact_key(secret: str, address: str) -> str:
    """Return the key of a telephone number or e-mail address; empty without either.

    The same number is written with a country's prefix or without, with dashes or in other digits:
    the last nine digits stand for it. A rare coincidence does no harm, because a person decides.
    """
    if not secret:
        return ""
    if "@" in address:
        plain = address.strip().casefold()
    else:
        plain = telephones.ending(address)
        if not plain:
            return ""
    return outer_digest("contact", _inner_key(secret, plain))


def _inner_key(secret: str, plain: str) -> str:
    """Return the part of a key that is gone with the secret of the dialogue, when it closes.

    A telephone number has nine digits: who holds this secret tries them all in minutes. So it is
    one half; the other lies where a copy of data folder and database does not reach.
    """
    return hmac.digest(bytes.fromhex(secret), plain.encode(), "sha256").hex()


def participants_of(dialogue: Dialogue) -> QuerySet[Participant]:
    """Return the people of a dialogue, each once: merged registrations and blocked ones are out."""
    participants = Participant.objects.filter(dialogue=dialogue, merged_into=None, is_blocked=False)
    return participants.order_by("pk")
