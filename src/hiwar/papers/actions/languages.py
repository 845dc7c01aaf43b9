"""The languages of a block: found equal by a person, or standing alone with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.engine.blocks import differences
from hiwar.papers.actions.papers import lock_paper, touch
from hiwar.papers.models import Block, LanguageCheck
from hiwar.papers.queries.readiness import digest_of

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User


class LanguagesDiffer(Refused):
    """What differs by number, reference or table is mended, not ticked away."""

    code = "languages_differ"
    message = _("These languages differ in what cannot be ticked away, or changed meanwhile.")


@transaction.atomic
def check_language(
    *, actor: User, block: Block, language: str, revision: int, now: datetime
) -> LanguageCheck:
    """Note that somebody read both languages of a block and found that they say the same.

    Raises ``NotAllowed``, ``PaperClosed`` and ``LanguagesDiffer``.
    """
    paper = lock_paper(actor=actor, paper=block.paper)
    locked = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    unequal = differences(locked.kind, locked.texts, paper.language, paper.languages)
    is_hard = any(each.is_hard and each.language == language for each in unequal)
    is_owed = language in paper.languages and language != paper.language
    if is_hard or not is_owed or locked.revision != revision:
        raise LanguagesDiffer
    check, _created = LanguageCheck.objects.update_or_create(
        block=locked, language=language,
        defaults={"digest": digest_of(locked, paper.language, language), "checked_by": actor,
                  "checked_at": now},
    )  # fmt: skip
    audit(actor, "papers.block.checked", paper, at=now, changed={"language": ["", language]})
    touch(paper, now)
    return check


@transaction.atomic
def keep_alone(*, actor: User, block: Block, reason: str, now: datetime) -> None:
    """Say why a block stands in one language alone; without a reason it is owed in all again.

    Raises ``NotAllowed``, ``PaperClosed`` and ``ValidationError``.
    """
    paper = lock_paper(actor=actor, paper=block.paper)
    locked = Block.objects.select_for_update(of=("self",)).get(pk=block.pk)
    before, locked.only_reason = locked.only_reason, reason.strip()
    locked.full_clean(exclude=["paper"])
    locked.save(update_fields=["only_reason"])
    changed = {"only_reason": [before, locked.only_reason]}
    audit(actor, "papers.block.checked", paper, at=now, changed=changed)
    touch(paper, now)
