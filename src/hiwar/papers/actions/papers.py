"""Papers: begun from a template, changed, sent back to the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.refusals import Refused
from hiwar.forums.rules import can_see_forum
from hiwar.papers import rules
from hiwar.papers.actions.lending import drop_embargo
from hiwar.papers.actions.sign_off import end_round
from hiwar.papers.models import Block, BlockVersion, Paper, Recommendation
from hiwar.papers.queries.signing import latest_version
from hiwar.papers.queries.vocabularies import kind_choices, parts_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.papers.queries.vocabularies import Part

FIELDS = ("title", "byline", "dossier", "forum", "languages", "visibility")
RECOMMENDATIONS = "recommendations"


class PaperClosed(Refused):
    """A frozen or published text is not changed."""

    code = "paper_closed"
    message = _(
        "This text is frozen. Take the paper back to the draft first; the frozen one stays."
    )


class LanguagesMissing(Refused):
    """A paper is owed in the language it is written in at least."""

    code = "languages_missing"
    message = _("Choose the languages of the paper; the one it is written in is among them.")


@transaction.atomic
def start_paper(
    *, actor: User, values: Mapping[str, Any], now: datetime, is_demo: bool = False
) -> Paper:
    """Begin a paper with the parts of its template, each a heading and an empty block.

    ``values`` has ``code``, ``kind``, ``title``, ``language``, ``languages``, and may have
    ``dossier``, ``forum``, ``byline`` and ``visibility``. Raises ``NotAllowed``,
    ``LanguagesMissing`` and ``ValidationError``.
    """
    if not rules.can_edit_papers(actor) or not _may_hang_on(actor, values):
        raise NotAllowed
    paper = Paper(
        **{name: values[name] for name in (*FIELDS, "code", "kind", "language") if name in values},
        owner=actor, started_by=actor, started_at=now, changed_at=now, is_demo=is_demo,
    )  # fmt: skip
    _check_languages(paper.language, paper.languages)
    if paper.kind not in dict(kind_choices()):
        raise ValidationError({"kind": _("This kind of paper does not exist.")})
    paper.full_clean()
    paper.save()
    blocks = [
        block for part in parts_of(paper.kind) for block in _blocks_of_part(paper, part)
    ] or [Block(paper=paper)]  # fmt: skip
    for position, block in enumerate(blocks):
        block.position = position
    Block.objects.bulk_create(blocks)
    BlockVersion.objects.bulk_create(
        BlockVersion(
            block=block, revision=1, what=BlockVersion.What.ADDED, kind=block.kind,
            texts=dict(block.texts), edited_by=actor, edited_at=now,
        )
        for block in blocks
    )  # fmt: skip
    Recommendation.objects.bulk_create(
        Recommendation(block=block) for block in blocks
        if block.kind == Block.Kind.RECOMMENDATION
    )  # fmt: skip
    audit(actor, "papers.paper.start", paper, at=now)
    return paper


@transaction.atomic
def update_paper(*, actor: User, paper: Paper, values: Mapping[str, Any], now: datetime) -> None:
    """Change title, names, languages, dossier and readers of a paper.

    Raises ``NotAllowed``, ``PaperClosed``, ``LanguagesMissing`` and ``ValidationError``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    if not _may_hang_on(actor, values):
        raise NotAllowed
    _check_languages(locked.language, values.get("languages", locked.languages))
    changes = {name: values[name] for name in FIELDS if name in values}
    if update_record(actor=actor, record=locked, changes=changes, at=now):
        touch(locked, now)


@transaction.atomic
def reopen_paper(*, actor: User, paper: Paper, now: datetime) -> Paper:
    """Take a frozen or published paper back to the draft; its versions stay as they are.

    Nothing more is signed under a version that was open for signature. Raises ``NotAllowed``.
    """
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if not rules.can_publish_paper(actor, locked):
        raise NotAllowed
    if not locked.is_open:
        version = latest_version(locked)
        if version is not None:
            drop_embargo(locked, now)
            end_round(version, gettext("the text went back to the draft"), now)
        take_state(actor, locked, Paper.State.DRAFT, now)
    return locked


def lock_paper(*, actor: User, paper: Paper) -> Paper:
    """Hold a paper for writing its text. Raises ``NotAllowed`` and ``PaperClosed``."""
    locked = Paper.objects.select_for_update(of=("self",)).get(pk=paper.pk)
    if not rules.can_edit_paper(actor, locked):
        raise NotAllowed
    if not locked.is_open:
        raise PaperClosed
    return locked


def touch(paper: Paper, now: datetime) -> None:
    """Note when a paper was changed last."""
    Paper.objects.filter(pk=paper.pk).update(changed_at=now)


def take_state(actor: User | None, paper: Paper, state: str, now: datetime) -> None:
    """Give a paper that is held for writing another state, on record."""
    before, paper.state, paper.changed_at = paper.state, state, now
    paper.save(update_fields=["state", "changed_at"])
    audit(actor, "papers.paper.state", paper, at=now, changed={"state": [before, state]})


def _may_hang_on(actor: User, values: Mapping[str, Any]) -> bool:
    """Return whether a person may read the dossier and the forum of a paper."""
    dossier, forum = values.get("dossier"), values.get("forum")
    is_open = dossier is None or is_readable_by(actor, dossier)
    return is_open and (forum is None or can_see_forum(actor, forum))


def _check_languages(language: str, languages: object) -> None:
    known = {code for code, _name in settings.LANGUAGES}
    chosen = list(languages) if isinstance(languages, list | tuple) else []
    if language not in chosen or not set(chosen) <= known:
        raise LanguagesMissing


def _blocks_of_part(paper: Paper, part: Part) -> list[Block]:
    kinds = Block.Kind
    first = kinds.RECOMMENDATION if part.code == RECOMMENDATIONS else kinds.PARAGRAPH
    names = {code: part.name[code] for code in paper.languages if code in part.name}
    return [
        Block(paper=paper, kind=kinds.HEADING, part=part.code, texts=names),
        Block(paper=paper, kind=first, part=part.code),
    ]
