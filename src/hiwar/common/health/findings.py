"""Looks that rooms register, and what they find: well, to be mended when there is time, or now."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

log = logging.getLogger(__name__)


class State(StrEnum):
    """How urgent a finding is."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


ORDER = list(State)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found: a stable code, what was looked at, one sentence, one thing to do.

    A finding that is well asks for nothing: its ``action`` is empty.
    """

    code: str
    label: str
    state: State
    text: str
    action: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it as plain words, for machines."""
        return {name: str(value) for name, value in asdict(self).items()}


_looks: dict[str, Callable[[datetime], Iterable[Finding]]] = {}


def register_look(name: str, look: Callable[[datetime], Iterable[Finding]]) -> None:
    """Let a room look at something; the same name registered twice counts once."""
    _looks[name] = look


def green(code: str, label: str, text: str) -> Finding:
    """Return a finding that is well."""
    return Finding(code, label, State.GREEN, text)


def amber(code: str, label: str, text: str, action: str) -> Finding:
    """Return a finding to be mended when there is time."""
    return Finding(code, label, State.AMBER, text, action)


def red(code: str, label: str, text: str, action: str) -> Finding:
    """Return a finding that can lose something, expose somebody or stops the house."""
    return Finding(code, label, State.RED, text, action)


def examine(now: datetime) -> list[Finding]:
    """Look at everything, in the language that is active; the most urgent first.

    A look that fails is itself a finding: silence would look like health.
    """
    findings: list[Finding] = []
    for name, look in _looks.items():
        try:
            findings += look(now)
        except Exception as error:  # noqa: BLE001 -- whatever it is, nobody could look
            log.warning("could not look at %s: %s", name, type(error).__name__)
            for connection in connections.all(initialized_only=True):
                if not connection.in_atomic_block:
                    connection.close_if_unusable_or_obsolete()
            findings.append(
                red(
                    f"look.{name}",
                    _("Looking"),
                    _("%(name)s could not be looked at (%(reason)s).")
                    % {"name": name, "reason": type(error).__name__},
                    _("Mend what else is red and look again."),
                )
            )
    return sorted(findings, key=lambda finding: ORDER.index(finding.state))


def in_one_sentence(findings: Iterable[Finding]) -> str:
    """Return how the house is, in one sentence."""
    states = [finding.state for finding in findings]
    now, later = states.count(State.RED), states.count(State.AMBER)
    if now:
        return ngettext("%(n)d thing needs you now.", "%(n)d things need you now.", now) % {
            "n": now
        }
    if later:
        return ngettext(
            "Nothing is urgent; %(n)d thing can be mended when there is time.",
            "Nothing is urgent; %(n)d things can be mended when there is time.",
            later,
        ) % {"n": later}
    return _("All is well.")
