"""Whom somebody means who asks to be erased: by code, number or receipt."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from django.conf import settings

from hiwar.dialogues.models import Dialogue, JoinCode, Participant, Publication
from hiwar.dialogues.queries.bundles import participant_key
from hiwar.dialogues.queries.people import code_hash, contact_key
from hiwar.engine.ledger import entries
from hiwar.engine.ledger.notes import parse_proof
from hiwar.engine.ledger.verifier import VerificationError, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 3
UNREADABLE = (
    ValueError, IndexError, KeyError, VerificationError, zipfile.BadZipFile,
    Publication.DoesNotExist,
)  # fmt: skip


def participants_known_by(text: str) -> list[Participant]:
    """Return who is known by a one-time code, a registration, a telephone number or a receipt.

    A number is known only while its dialogue is open, a receipt until its secret is destroyed:
    afterwards nobody, the institution included, can say whose votes are whose.
    """
    words = text.strip()
    if len(words) < SHORTEST:
        return []
    if "index " in words:
        return _by_receipt(words)
    known = dict.fromkeys(_by_code(words))
    known |= dict.fromkeys(
        Participant.objects.filter(registration=words).order_by("pk").select_related("dialogue")
    )
    known |= dict.fromkeys(_by_contact(words))
    return list(known)


def _by_code(words: str) -> Iterable[Participant]:
    codes = JoinCode.objects.filter(code_hash=code_hash(words), participant__isnull=False)
    for code in codes.select_related("participant__dialogue").order_by("pk"):
        if code.participant is not None:
            yield code.participant


def _by_contact(words: str) -> Iterable[Participant]:
    for dialogue in Dialogue.objects.exclude(contact_secret="").order_by("pk"):
        key = contact_key(dialogue.contact_secret, words)
        if key:
            yield from Participant.objects.filter(dialogue=dialogue, contact_key=key).order_by("pk")


def _by_receipt(words: str) -> list[Participant]:
    """Return whose vote a receipt proves, as long as the secret behind receipts is there."""
    try:
        index, _path, note = parse_proof(words.replace("\r\n", "\n") + "\n")
        _name, code, version = note.partition("\n")[0].rsplit("/", 2)
        publication = Publication.objects.select_related("dialogue").get(
            dialogue__code=code, version=int(version)
        )
        with zipfile.ZipFile(io.BytesIO(bytes(publication.bundle or b""))) as archive:
            kind, *fields = unpack(unpack(archive.read("entries"))[index])
    except UNREADABLE:
        return []
    dialogue = publication.dialogue
    if kind != b"vote" or not dialogue.log_secret or not note.startswith(settings.LOG_NAME):
        return []
    secret = bytes.fromhex(dialogue.log_secret)
    numbers = list(dialogue.statements.order_by("number").values_list("number", flat=True))
    for person in Participant.objects.filter(dialogue=dialogue).order_by("pk"):
        key = participant_key(secret, person.pk)
        if any(entries.slot_tag(key, dialogue.code, number) == fields[1] for number in numbers):
            return [person]
    return []
