"""Frozen texts: made when nothing stops it, published, corrected by a new one, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.numbering import next_number
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record, remove_record
from hiwar.engine.blocks import canonical_text, checksum
from hiwar.papers import rules
from hiwar.papers.actions.files import ask_files, remake_files
from hiwar.papers.actions.lending import drop_embargo
from hiwar.papers.actions.papers import take_state
from hiwar.papers.actions.sign_off import finish_round
from hiwar.papers.models import Paper, PaperVersion
from hiwar.papers.queries.content import content_of
from hiwar.papers.queries.readiness import obstacles
from hiwar.papers.queries.search_documents import PUBLISHED, document_of_version
from hiwar.signatures.actions.signings import end_signing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.papers.queries.readiness import Obstacle


class NotReady(Refused):
    """Something is owed; the page lists everything, each with its place."""

    code = "not_ready"
    message = _("The paper is not ready. The page lists everything that is owed.")

    def __init__(self, owed: list[Obstacle]) -> None:
        super().__init__()
        self.owed = owed


class NotInThatState(Refused):
    """Only an open text is frozen, a frozen one published, a published one withdrawn."""

    code = "not_in_that_state"
    message = _("The paper is in another state now. Open the page again.")


class CorrectionMissing(Refused):
    """Readers of an earlier version are told what was corrected."""

    code = "correction_missing"
    message = _("An earlier version is published: say what is corrected, and why.")


@transaction.atomic
def freeze_paper(
    *, actor: User, paper: Paper, now: datetime, correction: Mapping[str, str] | None = None
) -> PaperVersion:
    """Freeze the text as canonical text with its checksum, all or nothing.

    Raises ``NotAllowed``, ``NotInThatState``, ``CorrectionMissing`` and ``NotReady``, which holds
    everything that is owed.
    """
    locked = lock_for_release(actor, paper)
    if not locked.is_open:
        raise NotInThatState
    was_published = locked.versions.filter(published_at__isnull=False).exists()
    words = {
        language: text.strip() for language, text in (correction or {}).items() if text.strip()
    }
    if was_published and not words:
        raise CorrectionMissing
    refuse_owed(locked, now)
    number = next_number(locked.versions)
    content = content_of(locked, number, words, now)
    version = PaperVersion.objects.create(
        paper=locked, number=number, content=canonical_text(content), sha256=checksum(content),
        frozen_by=actor, frozen_at=now, correction=words,
    )  # fmt: skip
    ask_files(version=version, languages=locked.languages, now=now)
    take_state(actor, locked, Paper.State.FROZEN, now)
    audit(actor, "papers.paper.freeze", locked, at=now, changed={"sha256": ["", version.sha256]})
    return version


@transaction.atomic
def publish_paper(
    *, actor: User, paper: Paper, now: datetime, seen: str | None = None
) -> PaperVersion:
    """Publish the frozen text: page, list and search open together, files are made again.

    ``seen`` is the mark of the list of who signed, as it was looked at. Raises ``NotAllowed``,
    ``NotInThatState``, ``ListChanged`` and ``NotReady``: evidence may have ended since.
    """
    locked = lock_for_release(actor, paper)
    if locked.state != Paper.State.FROZEN:
        raise NotInThatState
    refuse_owed(locked, now)
    version = locked.versions.select_related("signed_version").latest("number")
    return let_out(actor, locked, version, seen, now)


def refuse_owed(paper: Paper, now: datetime, *, quietly: bool = False) -> bool:
    """Refuse a paper that owes something with ``NotReady``; ``quietly`` returns whether it does."""
    owed = [obstacle for obstacle in obstacles(paper, now) if obstacle.is_hard]
    if owed and not quietly:
        raise NotReady(owed)
    return bool(owed)


def let_out(
    actor: User | None, paper: Paper, version: PaperVersion, seen: str | None, now: datetime
) -> PaperVersion:
    """Open a frozen version to everybody, within an action that holds its paper."""
    finish_round(version, seen, now)
    was_published = paper.versions.filter(published_at__isnull=False).exists()
    version.published_at, version.published_by = now, actor
    version.save(update_fields=["published_at", "published_by"])
    state = Paper.State.CORRECTED if was_published else Paper.State.PUBLISHED
    take_state(actor, paper, state, now)
    audit(actor, "papers.paper.publish", paper, at=now)
    remake_files(version=version, now=now)
    index_record(PUBLISHED, document_of_version(version))
    return version


@transaction.atomic
def withdraw_paper(*, actor: User, paper: Paper, reason: Mapping[str, str], now: datetime) -> None:
    """Withdraw what was published: its page stays and says why.

    Raises ``NotAllowed``, ``NotInThatState`` and ``CorrectionMissing``.
    """
    locked = lock_for_release(actor, paper)
    versions = locked.versions.filter(published_at__isnull=False, withdrawn_at=None)
    if not versions.exists():
        raise NotInThatState
    words = {language: text.strip() for language, text in reason.items() if text.strip()}
    if not words:
        raise CorrectionMissing
    versions.update(withdrawn_at=now, withdrawal=words)
    take_state(actor, locked, Paper.State.WITHDRAWN, now)
    drop_embargo(locked, now)
    if locked.signing is not None and locked.signing.ended_at is None:
        end_signing(signing=locked.signing, reason=gettext("the paper was withdrawn"), now=now)
    audit(actor, "papers.paper.withdraw", locked, at=now)
    remove_record(PUBLISHED, locked.pk)


def lock_for_release(actor: User | None, paper: Paper) -> Paper:
    """Hold a paper for freezing and publishing; without an actor the clock does it.

    Raises ``NotAllowed``.
    """
    locked = (
        Paper.objects.select_for_update(of=("self",))
        .select_related("dossier", "signing").get(pk=paper.pk)
    )  # fmt: skip
    if actor is not None and not rules.can_publish_paper(actor, locked):
        raise NotAllowed
    return locked
