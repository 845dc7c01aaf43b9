"""A dialogue taken up again: the same statements put anew, and nobody in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.dialogues import rules
from hiwar.dialogues.actions.dialogues import free_slug
from hiwar.dialogues.models import Dialogue, Round, Statement, Target
from hiwar.dialogues.models.keys import make_code, make_secret
from hiwar.dialogues.queries.statements import open_statements

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User

KEPT = (
    "title", "question", "introduction", "ground_rules", "moderation", "risk", "publication_tier",
    "threshold", "room_threshold", "bridging_share", "min_votes_per_statement",
    "accepts_open_link", "asks_about", "calendar", "dossier",
)  # fmt: skip


@transaction.atomic
def continue_dialogue(
    *, actor: User, dialogue: Dialogue, now: datetime, slug: str = ""
) -> Dialogue:  # fmt: skip
    """Make a draft with the question, rules, targets and open statements of another dialogue.

    Each statement says out of which it was made and keeps its number; participants, votes, codes
    and what was published stay where they are. Raises ``NotAllowed`` and ``ValidationError``.
    """
    if not rules.can_run_dialogue(actor):
        raise NotAllowed
    following = Dialogue(
        code=make_code(), slug=free_slug(slug or dialogue.slug), created_by=actor, created_at=now,
        contact_secret=make_secret(), log_secret=make_secret(),
        **{name: getattr(dialogue, name) for name in KEPT},
    )  # fmt: skip
    following.full_clean()
    following.save()
    Round.objects.bulk_create(
        Round(dialogue=following, number=part.number, kind=part.kind)
        for part in dialogue.rounds.order_by("number")
    )
    Target.objects.bulk_create(
        Target(
            dialogue=following, attribute=target.attribute, values=target.values,
            share=target.share, count=target.count, label=target.label,
        )
        for target in dialogue.targets.order_by("attribute", "pk")
    )  # fmt: skip
    Statement.objects.bulk_create(
        Statement(
            dialogue=following, number=statement.number, text=statement.text,
            language=statement.language, source=Statement.Source.SEED,
            state=Statement.State.OPEN, theme=statement.theme, is_meta=statement.is_meta,
            derived_from=statement, added_at=now,
        )
        for statement in open_statements(dialogue)
    )  # fmt: skip
    audit(actor, "dialogues.dialogue.continue", following, at=now, changed={"of": dialogue})
    return following
