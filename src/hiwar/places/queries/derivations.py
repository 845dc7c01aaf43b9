"""How a deadline follows, in words: a line for each step of its derivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hiwar.common import dates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiwar.places.queries.deadlines import Step


def derivation_in_words(steps: Iterable[Step]) -> list[str]:
    """Return a sentence for each step of a derivation, in its order."""
    return [_sentence(step) for step in steps]


def _sentence(step: Step) -> str:
    parts = {"day": dates.day(step.day), "name": step.name}
    if step.kind == "holiday" and step.is_estimated:
        return _("%(day)s: %(name)s (calculated, may move) does not count.") % parts
    sentences = {
        "event": _("%(day)s: it happened."),
        "received": _("%(day)s: it counts as received."),
        "first": _("%(day)s: the first day that counts."),
        "weekend": _("%(day)s: a weekend does not count."),
        "holiday": _("%(day)s: %(name)s does not count."),
        "interrupted": _("%(day)s: does not count (%(name)s)."),
        "counted": _("%(day)s: the last day as counted."),
        "rolled": _("%(day)s: the next day on which people work."),
        "extended": _("%(day)s: made longer (%(name)s)."),
        "end": _("%(day)s: the last day."),
    }
    return sentences[step.kind] % parts
