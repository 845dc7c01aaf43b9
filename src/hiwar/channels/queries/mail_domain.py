"""What the names of the own mail domain say about letters of the house: SPF, DKIM, DMARC, MX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.utils.functional import _StrPromise

GOOD, WEAK, MISSING, UNKNOWN = "good", "weak", "missing", "unknown"
LABELS = {
    GOOD: pgettext_lazy("names", "in order"),
    WEAK: pgettext_lazy("names", "weak"),
    MISSING: pgettext_lazy("names", "missing"),
    UNKNOWN: pgettext_lazy("names", "not checked"),
}
NAMES = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC", "mx": "MX"}
UNASKED = _("Nobody could be asked. Try again later.")
WORDS = {
    ("spf", GOOD): _("The domain says which servers send for it, and that no others do."),
    ("spf", WEAK): _("The domain lets any server send for it, or has two records."),
    ("spf", MISSING): _("The domain does not say which servers send for it."),
    ("dkim", GOOD): _("The key that signs our letters is published."),
    ("dkim", WEAK): _("The published key is empty: what is signed with it counts as forged."),
    ("dkim", MISSING): _("No key is published under the selector of the settings."),
    ("dkim", UNKNOWN): _("No key was asked for: HIWAR_MAIL_DKIM_SELECTOR names one."),
    ("dmarc", GOOD): _("Receivers are told to hold back forged letters."),
    ("dmarc", WEAK): _("Receivers are asked to report forged letters, not to hold them."),
    ("dmarc", MISSING): _("The domain does not say what to do with forged letters."),
    ("mx", GOOD): _("The domain takes mail: answers and returned letters arrive."),
    ("mx", MISSING): _("The domain takes no mail: answers and returned letters are lost."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What one check found: ``state`` is good, weak, missing or unknown (nobody could be asked)."""

    check: str
    state: str

    @property
    def name(self) -> str:
        """Return what the check is called everywhere."""
        return NAMES[self.check]

    @property
    def label(self) -> str | _StrPromise:
        """Return the state in a word."""
        return LABELS[self.state]

    @property
    def words(self) -> str | _StrPromise:
        """Return in a sentence what that means for letters of the house."""
        return WORDS.get((self.check, self.state), UNASKED)


def own_domain() -> str:
    """Return the domain that the house writes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def judge_domain(
    domain: str, selector: str, texts: Callable[[str], list[str] | None], mx: list[str] | None
) -> list[Line]:
    """Return what the names of a domain say.

    Parameters
    ----------
    texts : callable
        Returns the TXT records of a name; None where nobody could be asked.
    mx : list of str or None
        The servers that take mail for the domain; None where nobody could be asked.
    """
    key = texts(f"{selector}._domainkey.{domain}") if selector else None
    return [
        Line("spf", _spf(texts(domain))),
        Line("dkim", _dkim(key)),
        Line("dmarc", _dmarc(texts(f"_dmarc.{domain}"))),
        Line("mx", UNKNOWN if mx is None else GOOD if mx else MISSING),
    ]


def lines_of(kept: Iterable[Any]) -> list[Line]:
    """Return the lines that were kept as pairs of check and state."""
    return [Line(check, state) for check, state in kept if check in NAMES and state in LABELS]


def _spf(records: list[str] | None) -> str:
    if records is None:
        return UNKNOWN
    own = [record for record in records if re.match(r"v=spf1(\s|$)", record, re.IGNORECASE)]
    if not own:
        return MISSING
    is_open = re.search(r"(^|\s)[+?]?all(\s|$)", own[0], re.IGNORECASE)
    return WEAK if len(own) > 1 or is_open else GOOD


def _dkim(records: list[str] | None) -> str:
    if records is None:
        return UNKNOWN
    keys = [match[1] for record in records if (match := re.search(r"(?:^|;)\s*p=([^;]*)", record))]
    if not keys:
        return MISSING
    return GOOD if keys[0].strip() else WEAK


def _dmarc(records: list[str] | None) -> str:
    if records is None:
        return UNKNOWN
    own = [record for record in records if re.match(r"v=DMARC1\s*(;|$)", record)]
    if len(own) != 1:
        return MISSING
    policy = re.search(r";\s*p=\s*(\w+)", own[0], re.IGNORECASE)
    return GOOD if policy and policy[1].lower() in {"quarantine", "reject"} else WEAK
