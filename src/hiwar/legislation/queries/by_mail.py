"""Comments by mail: the code of a consultation, and the words that somebody wrote themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hiwar.common.post import address_to_write_to
from hiwar.engine.names.folding import digits_as_ascii
from hiwar.legislation.models import Consultation

if TYPE_CHECKING:
    from datetime import datetime

CODE = re.compile(r"(?<![0-9A-Za-z])C-?([0-9A-F]{6})(?![0-9A-Za-z])", re.IGNORECASE)
SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def mail_code(consultation: Consultation) -> str:
    """Return the code that a mail names a consultation by: C- and six hexadecimal digits."""
    return f"C-{consultation.pk.hex[:6].upper()}"


def way_by_mail(consultation: Consultation, now: datetime) -> tuple[str, str] | None:
    """Return where to write and which code to name; None where comments by mail are not read."""
    address = address_to_write_to()
    if not address or consultation.state(now) != "open":
        return None
    return address, mail_code(consultation)


def consultations_named(words: str) -> list[Consultation]:
    """Return the consultations whose codes stand in a mail, answered ones too."""
    codes = {f"C-{code.upper()}" for code in CODE.findall(digits_as_ascii(words))}
    if not codes:
        return []
    keys = Consultation.objects.only("pk").order_by("pk")
    named = [consultation.pk for consultation in keys if mail_code(consultation) in codes]
    return list(Consultation.objects.filter(pk__in=named).order_by("pk"))


def own_words(text: str) -> str:
    """Return a mail without quoted lines, what follows the mark of a signature, and the code."""
    written = SIGNATURE.split(text.replace("\r\n", "\n"), maxsplit=1)[0]
    lines = [line for line in written.split("\n") if not line.lstrip().startswith(">")]
    return "\n".join(lines).strip()
