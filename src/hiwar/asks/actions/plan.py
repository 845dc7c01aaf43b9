"""What we say of an issue: lines of its plan, written, changed and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.asks import rules
from hiwar.asks.models import TalkingLine
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.asks.models import Addressee
    from hiwar.dossiers.models import Dossier, Fact


class ForNobody(Refused):
    """What is said is said to somebody."""

    code = "for_nobody"
    message = _("Say to whom it is said: an audience, or an addressee of an ask.")


class OfAnotherDossier(Refused):
    """A plan holds what belongs to its dossier."""

    code = "of_another_dossier"
    message = _("This belongs to another dossier.")


@transaction.atomic
def write_line(
    *,
    actor: User,
    dossier: Dossier,
    words: Mapping[str, str],
    now: datetime,
    audience: str = "",
    addressee: Addressee | None = None,
    facts: Iterable[Fact] = (),
    is_demo: bool = False,
) -> TalkingLine:
    """Write down what we say; raises ``NotAllowed``, ``ForNobody``, ``OfAnotherDossier``."""
    line = TalkingLine(dossier=dossier, written_by=actor, written_at=now, is_demo=is_demo)
    _fill(actor, line, words, (audience, addressee), facts)
    audit(actor, "asks.line.write", line, at=now)
    return line


@transaction.atomic
def change_line(
    *,
    actor: User,
    line: TalkingLine,
    words: Mapping[str, str],
    now: datetime,
    audience: str = "",
    addressee: Addressee | None = None,
    facts: Iterable[Fact] = (),
) -> TalkingLine:
    """Change what we say; raises what ``write_line`` does."""
    locked = _locked(line)
    before = dict(locked.words)
    _fill(actor, locked, words, (audience, addressee), facts)
    audit(actor, "asks.line.change", locked, at=now, changed={
        "words": [before, dict(locked.words)],
    })  # fmt: skip
    return locked


@transaction.atomic
def remove_line(*, actor: User, line: TalkingLine, now: datetime) -> None:
    """Take a line out of the plan; raises ``NotAllowed``."""
    locked = _locked(line)
    if not rules.can_edit_asks_of(actor, locked.dossier):
        raise NotAllowed
    locked.removed_at = now
    locked.save(update_fields=["removed_at"])
    audit(actor, "asks.line.remove", locked, at=now)


def _locked(line: TalkingLine) -> TalkingLine:
    rows = TalkingLine.objects.select_for_update(of=("self",)).select_related("dossier")
    return rows.get(pk=line.pk)


def _fill(
    actor: User,
    line: TalkingLine,
    words: Mapping[str, str],
    for_whom: tuple[str, Addressee | None],
    facts: Iterable[Fact],
) -> None:
    audience, addressee = for_whom
    if not rules.can_edit_asks_of(actor, line.dossier):
        raise NotAllowed
    chosen = list(facts)
    if not audience.strip() and addressee is None:
        raise ForNobody
    owners = {fact.dossier_id for fact in chosen}
    if addressee is not None:
        owners.add(addressee.ask.dossier_id)
    if owners - {line.dossier_id}:
        raise OfAnotherDossier
    line.words, line.audience, line.addressee = words, audience.strip(), addressee
    line.full_clean()
    line.save()
    line.facts.set(chosen)
