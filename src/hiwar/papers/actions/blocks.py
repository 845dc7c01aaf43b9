"""The text of a paper: saved block by block, merged, decided between, moved, brought back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.refusals import Refused
from hiwar.engine import blocks as engine
from hiwar.papers import rules
from hiwar.papers.actions.papers import PaperClosed, lock_paper, touch
from hiwar.papers.models import Block, BlockConflict, BlockVersion, Recommendation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from hiwar.accounts.models import User
    from hiwar.papers.models import Paper

What = BlockVersion.What
LONGEST = 20_000
MOST_BLOCKS = 2000


class BlockTooLong(Refused):
    """A block is one paragraph, not a paper."""

    code = "block_too_long"
    message = _("This block is too long. Cut it into several blocks.")


class TooManyBlocks(Refused):
    """A paper has so many blocks at most."""

    code = "too_many_blocks"
    message = _("This paper has as many blocks as it can hold.")


class BaseUnknown(Refused):
    """The text that was edited is not one that this block ever had."""

    code = "base_unknown"
    message = _("The page is too old to save from. Copy your words, open the paper again.")


class ChoiceMissing(Refused):
    """Whoever decides says what the block shall say."""

    code = "choice_missing"
    message = _("Choose one of the two versions, or write a third.")


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody made of a block: from which revision, its kind and texts; None deletes it.

    ``texts`` holds the languages that were shown. ``key`` is the edit's own: twice is once.
    """

    base: int
    kind: str | None = None
    texts: Mapping[str, str] | None = field(default_factory=dict)
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of an edit."""

    block: Block
    conflicts: list[BlockConflict]
    is_joined: bool = False


@transaction.atomic
def save_block(*, actor: User, block: Block, edit: Edit, now: datetime) -> Saved:
    """Save an edit: written, joined with what others wrote meanwhile, or kept beside it.

    Nothing is lost: where only a person can decide, both stand in a conflict with what they began
    with. Raises ``NotAllowed``, ``PaperClosed``, ``BlockTooLong`` and ``BaseUnknown``.
    """
    locked = _lock(actor, block)
    if edit.key is not None and _is_known(locked, edit.key):
        return Saved(locked, [])
    if any(len(text) > LONGEST for text in (edit.texts or {}).values()):
        raise BlockTooLong
    base = locked.versions.filter(revision=edit.base).first()
    if base is None:
        raise BaseUnknown
    mine = _edited(base, edit)
    current = None if locked.deleted_at else _engine_block(locked)
    merged = engine.merge(
        [_engine_block(base)], [current] if current else [], [mine] if mine else []
    )
    conflicts = [
        _keep_conflict(actor, locked, choice, edit.key, now)
        for choice in merged.choices
        if choice.what != "doubled"  # the same words typed twice within one block are a wish
    ]
    after = merged.blocks[0] if merged.blocks else None
    what = What.JOINED if merged.joined else What.EDITED if after else What.DELETED
    if after != current:
        _write(locked, after)
        _remember(actor, locked, what, edit.key, now)
        audit(actor, f"papers.block.{what}", locked.paper, at=now)
    touch(locked.paper, now)
    return Saved(locked, conflicts, is_joined=bool(merged.joined))


@transaction.atomic
def add_block(*, actor: User, paper: Paper, after: Block | None, kind: str, now: datetime) -> Block:
    """Add an empty block behind another one, in its part; at the beginning behind none.

    Raises ``NotAllowed``, ``PaperClosed`` and ``TooManyBlocks``.
    """
    locked = lock_paper(actor=actor, paper=paper)
    standing = _standing(locked)
    if len(standing) >= MOST_BLOCKS:
        raise TooManyBlocks
    at = _place_behind(standing, after)
    part = after.part if after and after.paper_id == locked.pk else ""
    block = Block(paper=locked, kind=Block.Kind(kind), part=part, position=at)
    standing.insert(at, block)
    block.save()
    _renumber(standing)
    if block.kind == Block.Kind.RECOMMENDATION:
        Recommendation.objects.create(block=block)
    _remember(actor, block, What.ADDED, None, now)
    touch(locked, now)
    return block


@transaction.atomic
def move_block(
    *, actor: User, block: Block, after: Block | None, moves: int, now: datetime
) -> Saved:
    """Move a block behind another one; one that somebody else moved meanwhile is a conflict.

    ``moves`` is how often it had been moved when the page was made. Raises ``NotAllowed`` and
    ``PaperClosed``.
    """
    paper = lock_paper(actor=actor, paper=block.paper)
    standing = _standing(paper)
    locked = next((each for each in standing if each.pk == block.pk), None)
    if locked is None:
        return Saved(block, [])
    at = standing.index(locked)
    wanted = str(after.pk) if after else ""
    stands = str(standing[at - 1].pk) if at else ""
    if wanted in {stands, str(locked.pk)}:
        return Saved(locked, [])
    if moves != locked.moves:
        choice = engine.Choice(str(locked.pk), "order", "", {}, {"after": stands},
                               {"after": wanted})  # fmt: skip
        return Saved(locked, [_keep_conflict(actor, locked, choice, None, now)])
    _place(standing, locked, after)
    _remember(actor, locked, What.MOVED, None, now)
    touch(paper, now)
    return Saved(locked, [])


@transaction.atomic
def restore_block(*, actor: User, block: Block, revision: int, now: datetime) -> Block:
    """Bring back what a block said at a revision, as a new one; a deleted block stands again.

    Raises ``NotAllowed``, ``PaperClosed`` and ``BaseUnknown``.
    """
    locked = _lock(actor, block)
    version = locked.versions.filter(revision=revision).first()
    if version is None:
        raise BaseUnknown
    _write(locked, _engine_block(version))
    _remember(actor, locked, What.RESTORED, None, now)
    audit(actor, "papers.block.restored", locked.paper, at=now)
    touch(locked.paper, now)
    return locked


@transaction.atomic
def settle_conflict(
    *, actor: User, conflict: BlockConflict, take: str, now: datetime,
    text: str = "",
) -> Block:  # fmt: skip
    """Decide between two versions of a block: ``current``, ``mine``, or ``third`` with a text.

    Raises ``NotAllowed``, ``PaperClosed`` and ``ChoiceMissing``.
    """
    block = _lock(actor, conflict.block)
    locked = BlockConflict.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if locked.settled_at is not None:
        return block
    if take not in {"current", "mine", "third"} or (take == "third" and not text.strip()):
        raise ChoiceMissing
    if take != "current" or locked.what == "deleted":
        _settle(block, locked, take, text)
        _remember(actor, block, What.SETTLED, None, now)
    locked.settled_by, locked.settled_at = actor, now
    locked.save(update_fields=["settled_by", "settled_at"])
    audit(actor, "papers.block.settled", block.paper, at=now, changed={"take": ["", take]})
    touch(block.paper, now)
    return block


def _settle(block: Block, conflict: BlockConflict, take: str, text: str) -> None:
    side = conflict.mine if take == "mine" else conflict.current
    match conflict.what:
        case "text":
            words = text if take == "third" else side.get(conflict.language, "")
            texts = {**block.texts, conflict.language: engine.plain_text(engine.words_of(words))}
            _write(block, engine.Block(str(block.pk), block.kind, texts))
        case "kind":
            _write(block, engine.Block(str(block.pk), side.get("kind", block.kind), block.texts))
        case "deleted" if take == "third":
            texts = {**block.texts, block.paper.language: text.strip()}
            _write(block, engine.Block(str(block.pk), block.kind, texts))
        case "deleted":
            _write(block, engine.Block(str(block.pk), block.kind, side) if side else None)
        case "order":
            standing = _standing(block.paper)
            own = next(each for each in standing if each.pk == block.pk)
            _place(standing, own, next((b for b in standing if str(b.pk) == side["after"]), None))
            block.position, block.moves = own.position, own.moves


def _lock(actor: User, block: Block) -> Block:
    locked = Block.objects.select_for_update(of=("self",)).select_related("paper__dossier").get(
        pk=block.pk
    )  # fmt: skip
    if not rules.can_edit_paper(actor, locked.paper):
        raise NotAllowed
    if not locked.paper.is_open:
        raise PaperClosed
    return locked


def _is_known(block: Block, key: UUID) -> bool:
    return (
        block.versions.filter(edit_key=key).exists()
        or block.conflicts.filter(edit_key=key).exists()
    )


def _edited(base: BlockVersion, edit: Edit) -> engine.Block | None:
    if edit.texts is None:
        return None
    texts = {**base.texts}
    for language, text in edit.texts.items():
        texts[language] = engine.plain_text(engine.words_of(text))
    return engine.Block(str(base.block_id), edit.kind or base.kind, _without_empty(texts))


def _engine_block(block: Block | BlockVersion) -> engine.Block:
    key = block.block_id if isinstance(block, BlockVersion) else block.pk
    return engine.Block(str(key), block.kind, dict(block.texts))


def _without_empty(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def _write(block: Block, after: engine.Block | None) -> None:
    """Let a block say something; None deletes it."""
    if after is None:
        block.deleted_at = block.paper.changed_at
    else:
        block.kind, block.deleted_at = Block.Kind(after.kind), None
        block.texts = _without_empty(after.texts)
        if block.kind == Block.Kind.RECOMMENDATION:
            Recommendation.objects.get_or_create(block=block)


def _remember(actor: User, block: Block, what: str, key: UUID | None, now: datetime) -> None:
    """Save a block as its next revision, and keep that in its history."""
    if what == What.DELETED:
        block.deleted_at = now
    if what != What.ADDED:
        block.revision += 1
        block.save()
    BlockVersion.objects.create(
        block=block, revision=block.revision, what=what, kind=block.kind, texts=dict(block.texts),
        edited_by=actor, edited_at=now, edit_key=key,
    )  # fmt: skip


def _keep_conflict(
    actor: User, block: Block, choice: engine.Choice, key: UUID | None, now: datetime
) -> BlockConflict:
    return BlockConflict.objects.create(
        block=block, what=choice.what, language=choice.language, base=dict(choice.base),
        current=dict(choice.current), mine=dict(choice.mine), made_by=actor, made_at=now,
        edit_key=key,
    )  # fmt: skip


def _standing(paper: Paper) -> list[Block]:
    blocks = Block.objects.select_for_update().filter(paper=paper, deleted_at=None)
    return list(blocks.order_by("position", "pk"))


def _place_behind(standing: list[Block], after: Block | None) -> int:
    if after is None:
        return 0
    at = next((at for at, each in enumerate(standing) if each.pk == after.pk), None)
    return len(standing) if at is None else at + 1


def _place(standing: list[Block], block: Block, after: Block | None) -> None:
    standing.remove(block)
    at = _place_behind(standing, after)
    standing.insert(at, block)
    block.moves += 1
    _renumber(standing)


def _renumber(standing: list[Block]) -> None:
    moved = [(at, block) for at, block in enumerate(standing) if block.position != at]
    for at, block in moved:
        block.position = at
    Block.objects.bulk_update([block for _at, block in moved], ["position"])
