"""Joint statements: written, opened for signature, renewed, closed, published, withdrawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit, update_record
from hiwar.common.models import Visibility
from hiwar.common.multilingual import installation_languages
from hiwar.common.refusals import Refused
from hiwar.common.search.indexing import index_record
from hiwar.contacts.models import Post
from hiwar.dossiers import rules
from hiwar.dossiers.actions.dossiers import WouldLoseSight, check_editable
from hiwar.dossiers.actions.parts import UnknownWord
from hiwar.dossiers.actions.prints import ask_print
from hiwar.dossiers.models import JointPrint, JointStatement, JointText
from hiwar.dossiers.queries.joint import signatories
from hiwar.dossiers.queries.search_documents import document_of_statement
from hiwar.dossiers.queries.signing import CODE as KIND
from hiwar.dossiers.queries.vocabularies import words
from hiwar.signatures.actions import signings
from hiwar.signatures.actions.signings import NotOpen, ReasonNeeded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hiwar.accounts.models import User
    from hiwar.dossiers.models import Dossier
    from hiwar.signatures.models import SigningVersion

S = JointText.State
CODE = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z")
SETTINGS = frozenset(["visibility", "kind"])
SIGNING_SETTINGS = frozenset(["sign_by", "contact_post", "contact_line"])


class AddressTaken(Refused):
    """Another joint statement has this address."""

    code = "address_taken"
    message = _("Another joint statement has this address.")


class AddressUnfit(Refused):
    """An address is made of small letters, digits and dashes."""

    code = "address_unfit"
    message = _("An address is made of small letters a to z, digits and dashes.")


class TextFixed(Refused):
    """What is signed is not changed: a changed text is a new version."""

    code = "text_fixed"
    message = _("This text is fixed: signatures are collected for it. Make a new version.")


class DraftWaiting(Refused):
    """One new version at a time."""

    code = "draft_waiting"
    message = _("A new version is being written already.")


class WithdrawnAlready(Refused):
    """A joint statement that was withdrawn is over."""

    code = "withdrawn_already"
    message = _("This joint statement was withdrawn.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Until when a joint statement is signed, whom signatories ask, and who reads it."""

    sign_by: date | None = None
    contact_post: Post | None = None
    contact_line: str = ""
    visibility: str = Visibility.INSTITUTION


@transaction.atomic
def create_statement(
    *,
    actor: User,
    dossier: Dossier,
    title: Mapping[str, str],
    text: Mapping[str, str],
    now: datetime,
    kind: str = "statement",
    code: str = "",
    settings: Settings | None = None,
) -> JointStatement:
    """Write a joint statement as a draft; ``code`` is its address, which stays."""
    check_editable(actor, dossier)
    if kind not in words("joint_kind"):
        raise UnknownWord
    settings = settings or Settings()
    _check_post(actor, settings.contact_post)
    wanted = code.strip().lower() or _free_code()
    if not CODE.match(wanted):
        raise AddressUnfit
    if JointStatement.objects.filter(code=wanted).exists():
        raise AddressTaken
    statement = JointStatement(
        dossier=dossier,
        code=wanted,
        kind=kind,
        signing=signings.create_signing(
            kind=KIND,
            sign_by=settings.sign_by,
            contact_post=settings.contact_post,
            contact_line=settings.contact_line,
            now=now,
        ),
        visibility=settings.visibility,
        owner=actor,
        created_at=now,
        is_demo=actor.is_demo,
    )
    statement.full_clean()
    statement.save()
    _write(JointText(statement=statement, number=1, title=title, text=text), actor, now)
    audit(actor, "dossiers.jointstatement.create", statement, at=now)
    return statement


@transaction.atomic
def edit_text(
    *,
    actor: User,
    text: JointText,
    title: Mapping[str, str],
    body: Mapping[str, str],
    now: datetime,
    change: Mapping[str, str] | None = None,
) -> bool:
    """Change a text that is still a draft; return whether anything did. Raises ``TextFixed``."""
    statement, locked = _locked(actor, text)
    if locked.state != S.DRAFT:
        raise TextFixed
    changes: dict[str, object] = {"title": title, "text": body}
    if locked.number > 1:
        changes["change"] = change or {}
    changed = update_record(actor=actor, record=locked, changes=changes, at=now)
    if changed:
        index_record("dossiers.jointstatement", document_of_statement(statement))
    return changed


@transaction.atomic
def change_settings(
    *, actor: User, statement: JointStatement, changes: Mapping[str, object], now: datetime
) -> bool:
    """Change the last day, whom signatories ask, the kind, and who reads; return whether it did."""
    _may_edit(actor, statement)
    allowed = {name: value for name, value in changes.items() if name in SETTINGS}
    of_signing = {name: value for name, value in changes.items() if name in SIGNING_SETTINGS}
    if allowed.get("kind", statement.kind) not in words("joint_kind"):
        raise UnknownWord
    post = of_signing.get("contact_post")
    if isinstance(post, Post) and post.pk != statement.signing.contact_post_id:
        _check_post(actor, post)
    if allowed.get("visibility", statement.visibility) != statement.visibility and (
        statement.owner_id not in {None, actor.pk} and not rules.can_decide_state(actor)
    ):
        raise NotAllowed
    changed = update_record(actor=actor, record=statement, changes=allowed, at=now)
    changed |= update_record(actor=actor, record=statement.signing, changes=of_signing, at=now)
    if not is_readable_by(actor, statement):
        raise WouldLoseSight
    return changed


@transaction.atomic
def open_text(*, actor: User, text: JointText, now: datetime) -> JointText:
    """Fix a text and open it for signature; an open version before it is replaced by it.

    Raises ``TextFixed`` and ``SignByMissing``.
    """
    statement, locked = _locked(actor, text)
    if locked.state != S.DRAFT:
        raise TextFixed
    locked.version = signings.open_version(
        signing=statement.signing,
        number=locked.number,
        title=locked.title,
        text=locked.text,
        change=locked.change,
        now=now,
    )
    statement.texts.filter(state__in=(S.OPEN, S.CLOSED)).update(state=S.REPLACED)
    locked.state = S.OPEN
    locked.save(update_fields=["state", "version"])
    changed = {"version": locked.number, "text": locked.fingerprint}
    audit(actor, "dossiers.jointstatement.open", statement, at=now, changed=changed)
    return locked


@transaction.atomic
def begin_version(*, actor: User, statement: JointStatement, now: datetime) -> JointText:
    """Begin a new version with the words of the last; signatories are asked once it is opened.

    Raises ``DraftWaiting``.
    """
    _may_edit(actor, statement)
    last = _texts_for_update(statement)[-1]
    if last.state == S.DRAFT:
        raise DraftWaiting
    draft = JointText(statement=statement, number=last.number + 1, title=last.title, text=last.text)
    joint_text = _write(draft, actor, now)
    changed = {"version": joint_text.number}
    audit(actor, "dossiers.jointstatement.begin_version", statement, at=now, changed=changed)
    return joint_text


@transaction.atomic
def drop_version(*, actor: User, text: JointText, now: datetime) -> None:
    """Drop a draft that follows another version; what was opened is never dropped."""
    statement, locked = _locked(actor, text)
    if locked.state != S.DRAFT or locked.number == 1:
        raise TextFixed
    changed = {"version": locked.number}
    locked.delete()
    audit(actor, "dossiers.jointstatement.drop_version", statement, at=now, changed=changed)
    index_record("dossiers.jointstatement", document_of_statement(statement))


@transaction.atomic
def close_list(*, actor: User, text: JointText, why: str, now: datetime) -> JointText:
    """Close the list of an open version without publishing it, as when a memorandum is sent.

    From then on nothing is signed and nothing withdrawn. Raises ``NotOpen`` and ``ReasonNeeded``.
    """
    statement, locked = _locked(actor, text)
    locked.version = signings.close_version(version=_version_of(locked), why=why, now=now)
    locked.state = S.CLOSED
    locked.save(update_fields=["state"])
    audit(actor, "dossiers.jointstatement.close", statement, at=now)
    return locked


@transaction.atomic
def reopen_list(*, actor: User, text: JointText, now: datetime) -> JointText:
    """Open a list again that was closed by mistake. Raises ``NotClosed``."""
    statement, locked = _locked(actor, text)
    locked.version = signings.reopen_version(version=_version_of(locked))
    locked.state = S.OPEN
    locked.save(update_fields=["state"])
    audit(actor, "dossiers.jointstatement.reopen", statement, at=now)
    return locked


@transaction.atomic
def publish_text(*, actor: User, text: JointText, seen: str, now: datetime) -> JointText:
    """Publish a version with the list that whoever publishes has seen, and ask for its prints.

    ``seen`` is the mark of that list. Raises ``NotOpen``, ``NobodySigned`` and ``ListChanged``.
    """
    locked = _lock(text)
    statement = locked.statement
    if not rules.can_publish_statement(actor, statement):
        raise NotAllowed
    refuse_withdrawn(statement)
    locked.version = signings.finish_version(version=_version_of(locked), seen=seen, now=now)
    signed = signatories(locked)
    locked.state, locked.published_at, locked.published_by = S.PUBLISHED, now, actor
    locked.save(update_fields=["state", "published_at", "published_by"])
    for language in installation_languages():
        ask_print(
            print_=JointPrint.objects.create(text=locked, language=language, asked_at=now), now=now
        )
    changed = {
        "version": locked.number, "text": locked.fingerprint,
        "signatures": signed.count, "reservations": len(signed.reserved),
    }  # fmt: skip
    audit(actor, "dossiers.jointstatement.publish", statement, at=now, changed=changed)
    return locked


@transaction.atomic
def withdraw_statement(
    *, actor: User, statement: JointStatement, reason: Mapping[str, str], now: datetime
) -> JointStatement:
    """Withdraw a whole statement: every address of it says so and why, and every link ends.

    Raises ``ReasonNeeded``. A statement that was never open for signature is taken back by whoever
    may edit it; any other by whoever publishes.
    """
    locked = JointStatement.objects.select_for_update().get(pk=statement.pk)
    texts = _texts_for_update(locked)
    was_open = any(text.version_id is not None for text in texts)
    may = rules.can_publish_statement if was_open else rules.can_edit_statement
    if not may(actor, locked):
        raise NotAllowed
    refuse_withdrawn(locked)
    reasons = {language: words.strip() for language, words in reason.items() if words.strip()}
    if not reasons:
        raise ReasonNeeded
    locked.withdrawn_at, locked.withdrawal = now, reasons
    locked.save(update_fields=["withdrawn_at", "withdrawal"])
    reason_for_numbers = gettext("the joint statement was withdrawn")
    signings.end_signing(signing=locked.signing, reason=reason_for_numbers, now=now)
    audit(actor, "dossiers.jointstatement.withdraw", locked, at=now)
    return locked


def refuse_withdrawn(statement: JointStatement) -> None:
    """Refuse what was withdrawn, as the database has it now and not as it was read."""
    if JointStatement.objects.filter(pk=statement.pk, withdrawn_at__isnull=False).exists():
        raise WithdrawnAlready


def _lock(text: JointText) -> JointText:
    joint_text = JointText.objects.select_for_update().get(pk=text.pk)
    # Read after the lock is held: the statement may have been withdrawn while this waited.
    joint_text.statement = JointStatement.objects.select_related("dossier", "signing").get(
        pk=joint_text.statement_id
    )
    return joint_text


def _version_of(text: JointText) -> SigningVersion:
    if text.version is None:
        raise NotOpen
    return text.version


def _texts_for_update(statement: JointStatement) -> list[JointText]:
    joint_texts = JointText.objects.select_for_update().filter(statement=statement)
    return list(joint_texts.order_by("number", "pk"))


def _locked(actor: User, text: JointText) -> tuple[JointStatement, JointText]:
    """Lock every version of a statement and return it with the one that is meant."""
    texts = {joint_text.pk: joint_text for joint_text in _texts_for_update(text.statement)}
    statement = JointStatement.objects.select_related("dossier", "signing").get(
        pk=text.statement_id
    )
    _may_edit(actor, statement)
    if text.pk not in texts:
        raise TextFixed
    texts[text.pk].statement = statement
    return statement, texts[text.pk]


def _may_edit(actor: User, statement: JointStatement) -> None:
    if not rules.can_edit_statement(actor, statement):
        raise NotAllowed
    refuse_withdrawn(statement)


def _write(draft: JointText, actor: User, now: datetime) -> JointText:
    draft.made_by, draft.made_at = actor, now
    draft.full_clean()
    draft.save()
    index_record("dossiers.jointstatement", document_of_statement(draft.statement))
    return draft


def _check_post(actor: User, post: Post | None) -> None:
    if post is not None and not is_readable_by(actor, post):
        raise NotAllowed


def _free_code() -> str:
    number = JointStatement.objects.count() + 1
    while JointStatement.objects.filter(code=f"s-{number}").exists():
        number += 1
    return f"s-{number}"
