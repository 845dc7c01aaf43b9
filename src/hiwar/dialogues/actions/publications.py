"""Publishing: prepare, look, publish or wait for a time, withdraw, correct."""

from __future__ import annotations

import hashlib
import os
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.health.keys import Key, mark_of
from hiwar.common.refusals import Refused
from hiwar.dialogues import rules
from hiwar.dialogues.actions.findings import write_findings
from hiwar.dialogues.models import Dialogue, Publication
from hiwar.dialogues.queries.bundles import make_bundle
from hiwar.dialogues.queries.findings import findings
from hiwar.dialogues.queries.method import method_files
from hiwar.dialogues.queries.results import dialogues_with_old_secrets, document_of, final_map
from hiwar.engine.ledger.notes import Signer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.dialogues.models import OpinionMap
    from hiwar.engine.ledger.verifier import Key as LogKey

State = Publication.State
TRIES = 3  # to count what changes while it is counted


class NotClosed(Refused):
    """Results are those of a dialogue that takes no more votes."""

    code = "dialogue_not_closed"
    message = _("Close the dialogue first. Results are published once, of votes that stand.")


class MapNotReady(Refused):
    """The final map is still being made."""

    code = "map_not_ready"
    message = _("The final map is still being made. Try again in a minute.")


class RowsNotPublishable(Refused):
    """Rows of votes would let people be recognised."""

    code = "rows_not_publishable"
    message = _(
        "Rows of votes cannot be published: too many people could be recognised from four of "
        "their votes, or a group is too small. Publish votes by statement instead."
    )


class TierTooOpen(Refused):
    """Participants were promised that less would be published."""

    code = "tier_too_open"
    message = _("Participants were promised that less would be published.")


class WrongPublicationState(Refused):
    """The version is not in a state that allows this."""

    code = "wrong_publication_state"
    message = _("This version is no longer in the state that you saw.")


class ReasonMissing(Refused):
    """Readers are told why."""

    code = "reason_missing"
    message = _("Write the reason. It is shown to readers.")


class EmbargoPast(Refused):
    """The time of publishing has passed."""

    code = "embargo_past"
    message = _("The time for publishing lies in the past.")


def prepare_publication(
    *, actor: User, dialogue: Dialogue, now: datetime, tier: str = "", correction: str = ""
) -> Publication:
    """Freeze a new version of the results from the final map; nobody sees it yet.

    What takes long is counted before the transaction, so that votes in other dialogues go on; it
    is counted again where the map or the number of the version has changed meanwhile. A version
    after one that was public corrects it and says what was wrong. Raises ``NotAllowed``,
    ``NotClosed``, ``MapNotReady``, ``TierTooOpen``, ``RowsNotPublishable`` and ``ReasonMissing``.
    """
    for _try in range(TRIES):
        publication = _counted(actor, dialogue, now, tier, correction)
        with transaction.atomic():
            locked = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
            _, shown, version = _basis(actor, locked, tier, correction)
            if (shown.pk, version) != (publication.opinion_map_id, publication.version):
                continue
            Publication.objects.filter(dialogue=locked, state=State.DRAFT).delete()
            publication.save()
            changed = {"version": version, "tier": publication.document["tier"]}
            audit(actor, "dialogues.publication.prepare", publication, at=now, changed=changed)
            return publication
    raise MapNotReady


def _basis(
    actor: User, dialogue: Dialogue, tier: str, correction: str
) -> tuple[str, OpinionMap, int]:
    """Return the tier, the final map and the number of the next version, or raise."""
    _need_publisher(actor)
    if dialogue.state != Dialogue.State.CLOSED:
        raise NotClosed
    shown = final_map(dialogue)
    if shown is None:
        raise MapNotReady
    earlier = Publication.objects.filter(dialogue=dialogue).exclude(state=State.DRAFT)
    if not correction.strip() and earlier.exists():
        raise ReasonMissing
    tier = tier or dialogue.publication_tier
    if tier > dialogue.publication_tier or tier not in Dialogue.Tier.values:
        raise TierTooOpen
    return tier, shown, 1 + max(earlier.values_list("version", flat=True), default=0)


def _counted(
    actor: User, dialogue: Dialogue, now: datetime, tier: str, correction: str
) -> Publication:
    """Return a version that is not saved yet, with its document and its bundle."""
    dialogue = Dialogue.objects.get(pk=dialogue.pk)
    tier, shown, version = _basis(actor, dialogue, tier, correction)
    document = document_of(shown)
    if tier == Dialogue.Tier.MATRIX and not _may_publish_rows(document, dialogue.threshold):
        raise RowsNotPublishable
    document_findings = findings(dialogue, document, tier)
    log = log_signer(f"{settings.LOG_NAME}/{dialogue.code}/{version}")
    content = make_bundle(
        dialogue, document_findings, version, method_files(document_findings), log
    )
    return Publication(
        dialogue=dialogue,
        version=version,
        opinion_map=shown,
        document=document_findings,
        bundle=content,
        bundle_hash=hashlib.sha256(content).hexdigest(),
        correction=correction.strip(),
        made_by=actor,
        made_at=now,
    )


@transaction.atomic
def publish(*, actor: User, publication: Publication, now: datetime) -> Publication:
    """Let everybody read a version now. Raises ``NotAllowed`` and ``WrongPublicationState``."""
    taken = _taken(actor, publication, State.DRAFT, State.EMBARGO)
    write_findings(taken)
    return _change(actor, taken, "publish", now, state=State.PUBLISHED, published_at=now)


@transaction.atomic
def publish_at(
    *, actor: User, publication: Publication, until: datetime, now: datetime
) -> Publication:
    """Let everybody read a version from an instant on, without anybody having to be there.

    Raises ``NotAllowed``, ``WrongPublicationState`` and ``EmbargoPast``.
    """
    taken = _taken(actor, publication, State.DRAFT)
    if until <= now:
        raise EmbargoPast
    write_findings(taken)
    return _change(
        actor, taken, "embargo", now, state=State.EMBARGO, embargo_until=until, published_at=until
    )


@transaction.atomic
def lift_embargo(*, actor: User, publication: Publication, now: datetime) -> Publication:
    """Make a version that nobody has seen a draft again. Raises as `publish_at`."""
    taken = _taken(actor, publication, State.EMBARGO)
    if taken.embargo_until is None or taken.embargo_until <= now:
        raise WrongPublicationState
    return _change(
        actor, taken, "lift", now, state=State.DRAFT, embargo_until=None, published_at=None
    )


@transaction.atomic
def withdraw(*, actor: User, publication: Publication, reason: str, now: datetime) -> Publication:
    """Take back a version that people could read; its address says why.

    Raises ``NotAllowed``, ``WrongPublicationState`` and ``ReasonMissing``.
    """
    taken = _taken(actor, publication, State.PUBLISHED, State.EMBARGO)
    if taken.state == State.EMBARGO and (taken.embargo_until is None or taken.embargo_until > now):
        raise WrongPublicationState
    if not reason.strip():
        raise ReasonMissing
    return _change(
        actor, taken, "withdraw", now,
        state=State.WITHDRAWN, withdrawal=reason.strip(), withdrawn_at=now,
    )  # fmt: skip


@transaction.atomic
def destroy_secrets(*, now: datetime) -> list[Dialogue]:
    """Destroy the secrets of logs whose time of receipts is over; return their dialogues.

    From then on nobody, the institution included, can say which entries of a published log are of
    one participant, and no further receipt can be made. Receipts that were fetched stay good.
    """
    done = dialogues_with_old_secrets(now)
    for dialogue in done:
        dialogue.log_secret = ""
        dialogue.save(update_fields=["log_secret"])
        audit(None, "dialogues.dialogue.destroy_secret", dialogue, at=now)
    return done


def public_log_key(name: str) -> LogKey | None:
    """Return the public half of the log's key under a name; None before the key was made."""
    path = settings.DATA / "log.key"
    return log_signer(name).key if path.exists() else None


def log_signer(name: str) -> Signer:
    """Return the key of the log; it is made once, in a file that its owner alone can read."""
    path = settings.DATA / "log.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Signer(name, bytes.fromhex(path.read_text("ascii").strip()))
    seed = secrets.token_bytes(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(seed.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Signer(name, seed)


def log_keys() -> Iterator[Key]:
    """Yield the key of the log, once there is one, for the calendar of keys."""
    path = settings.DATA / "log.key"
    if path.exists():
        yield Key(
            "log", gettext("Key of the published log"), mark_of(path.read_text("ascii")), None,
            gettext("It stays: only where others may have it a new one begins, and says so."),
        )  # fmt: skip


def _may_publish_rows(document: dict[str, object], threshold: int) -> bool:
    quality, groups = document["quality"], document["groups"]
    assert isinstance(quality, dict)  # noqa: S101 - as the analysis writes it
    assert isinstance(groups, list)  # noqa: S101 - as the analysis writes it
    privacy = quality["privacy"] or {}
    is_large = all(group["size"] >= threshold for group in groups)
    return bool(privacy.get("may_publish_rows")) and is_large


def _need_publisher(actor: User) -> None:
    if not rules.can_publish_results(actor):
        raise NotAllowed


def _taken(actor: User, publication: Publication, *states: str) -> Publication:
    _need_publisher(actor)
    publications = Publication.objects.select_for_update().defer("bundle", "document")
    taken = publications.get(pk=publication.pk)
    if taken.state not in states:
        raise WrongPublicationState
    return taken


def _change(
    actor: User, publication: Publication, verb: str, now: datetime, **values: object
) -> Publication:
    before = {name: getattr(publication, name) for name in values}
    for name, value in values.items():
        setattr(publication, name, value)
    publication.save(update_fields=list(values))
    changed = {name: [before[name], value] for name, value in values.items()}
    audit(actor, f"dialogues.publication.{verb}", publication, at=now, changed=changed)
    return publication
