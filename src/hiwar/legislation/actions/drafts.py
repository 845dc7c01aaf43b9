"""Texts brought in from files, put right line by line, undone, and made a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.files.actions import erase_file, read_file, stage_file, store_file
from hiwar.common.refusals import Refused
from hiwar.engine import law as engine
from hiwar.legislation import rules
from hiwar.legislation.actions.laws import add_version
from hiwar.legislation.models import DraftRemark, LawDraft
from hiwar.legislation.queries.drafts import (
    FILE,
    STRUCTURED,
    doubts_of,
    read_law_file,
    reading_of,
)
from hiwar.legislation.queries.remarks import place_of_remark, remarks_in
from hiwar.legislation.queries.scans import SCAN

if TYPE_CHECKING:
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.analysis.laws import LawFile
    from hiwar.analysis.laws.scan_child import ScanAnswer
    from hiwar.common.files.uploads import SentFile
    from hiwar.legislation.actions.laws import VersionFacts
    from hiwar.legislation.models import Law, LawVersion

MOST_REPAIRS = 5000


class LineMoved(Refused):
    """The line is not there any more."""

    code = "line_moved"
    message = _("This line has changed meanwhile. Look at it again.")


class NothingToUndo(Refused):
    """No repair is left."""

    code = "nothing_to_undo"
    message = _("There is nothing to undo.")


class NumbersUnconfirmed(Refused):
    """A number that a machine read is no number until a person has looked."""

    code = "numbers_unconfirmed"
    message = _("Compare every number with the picture first: machines turn them around.")


def bring_law_file(
    *, actor: User, law: Law, sent: SentFile, file: LawFile, language: str, now: datetime
) -> list[LawDraft]:
    """Keep a file and the text that was read from it; two texts where it tracks changes.

    To be called outside a transaction. Raises ``NotAllowed``.
    """
    if not rules.can_edit_law(actor, law):
        raise NotAllowed
    staged = stage_file(kind=FILE, name=sent.name, content=sent.content, now=now)
    text = engine.to_text(file.law) if file.law is not None else file.text
    texts = [(text, False), *([(file.before, True)] if file.before else [])]
    drafts = []
    with transaction.atomic():
        store_file(actor=actor, file=staged, now=now)
        for words, is_before in texts:
            plain = words.replace("\r\n", "\n")
            draft = LawDraft(
                law=law, file=staged, source_kind=file.kind, language=language,
                is_before_changes=is_before, read=plain, text=plain, kept_by=actor,
                faults=[[fault.page, fault.code] for fault in file.faults],
                set_aside=list(file.set_aside), brought_at=now,
            )  # fmt: skip
            _count(draft)
            draft.full_clean(exclude=["text", "read"])
            draft.save(force_insert=True)
            DraftRemark.objects.bulk_create(remarks_in(file, draft))
            audit(actor, "legislation.draft.bring", draft, at=now, changed={
                "kind": ["", file.kind], "sha256": ["", staged.sha256],
            })  # fmt: skip
            drafts.append(draft)
    return drafts


def bring_scan(
    *, actor: User, law: Law, sent: SentFile, scan: ScanAnswer, language: str, now: datetime
) -> LawDraft:
    """Keep a scanned PDF and what was read in its pages, if anything was; the rest is typed.

    To be called outside a transaction. Raises ``NotAllowed``.
    """
    if not rules.can_edit_law(actor, law):
        raise NotAllowed
    staged = stage_file(kind=FILE, name=sent.name, content=sent.content, now=now)
    lines: list[str] = []
    pages = []
    for page in scan.pages:
        pages.append([len(lines), [len(lines) + at for at in page.weak]])
        lines += page.lines
    text = "\n".join(lines)
    with transaction.atomic():
        store_file(actor=actor, file=staged, now=now)
        draft = LawDraft(
            law=law, file=staged, source_kind=SCAN, language=language, read=text, text=text,
            pages=pages, kept_by=actor, brought_at=now,
        )  # fmt: skip
        _count(draft)
        draft.full_clean(exclude=["text", "read"])
        draft.save(force_insert=True)
        audit(actor, "legislation.draft.bring", draft, at=now, changed={
            "kind": ["", SCAN], "sha256": ["", staged.sha256],
        })  # fmt: skip
    return draft


@dataclass(frozen=True, slots=True)
class Repair:
    """What is done to one line.

    Attributes
    ----------
    what : str
        accept, edit (``after`` in its place, which may be several lines), join (to the line before
        it), split (at ``start``) or type (``after`` behind the last line).
    line, turn : int
        Its place, and the how manieth of the lines that read as it does it is; both from 0.
    before : str
        The line as it was seen.
    after : str
    start : int
    """

    what: str
    line: int
    before: str
    turn: int = 0
    after: str = ""
    start: int = 0


@transaction.atomic
def repair_draft(*, actor: User, draft: LawDraft, repair: Repair, now: datetime) -> None:
    """Put one line right, or let it stand. Raises ``NotAllowed`` and ``LineMoved``."""
    locked = _locked(actor, draft)
    lines = locked.text.split("\n")
    at, before = repair.line, repair.before
    if repair.what == "type" and repair.after.strip():
        at, before = len(lines) - 1, lines[-1]
    if not 0 <= at < len(lines) or lines[at] != before or len(locked.repairs) >= MOST_REPAIRS:
        raise LineMoved
    first, old = at, [before]
    if repair.what == "accept":
        new = old
    elif repair.what == "edit":
        new = repair.after.replace("\r\n", "\n").split("\n")
    elif repair.what == "type" and repair.after.strip():
        typed = repair.after.replace("\r\n", "\n").strip("\n").split("\n")
        new = [*old, *typed] if before else typed
    elif repair.what == "join" and at > 0:
        first, old = at - 1, lines[at - 1 : at + 1]
        new = [" ".join(part.strip() for part in old if part.strip())]
    elif repair.what == "split" and 0 < repair.start < len(before):
        new = [before[: repair.start].rstrip(), before[repair.start :]]
    else:
        raise LineMoved
    lines[first : first + len(old)] = new
    locked.text = "\n".join(lines)
    done: dict[str, Any] = {
        "what": repair.what, "line": first, "before": old, "after": new, "turn": repair.turn,
    }  # fmt: skip
    locked.repairs = [*locked.repairs, done]
    _save(actor, locked, repair.what, now)


@transaction.atomic
def undo_repairs(*, actor: User, draft: LawDraft, is_all: bool, now: datetime) -> None:
    """Take back the last repair, or all of them: the text is again as the file said.

    Raises ``NotAllowed`` and ``NothingToUndo``.
    """
    locked = _locked(actor, draft)
    if not locked.repairs:
        raise NothingToUndo
    if is_all:
        locked.text, locked.repairs = locked.read, []
    else:
        *rest, last = locked.repairs
        lines = locked.text.split("\n")
        lines[last["line"] : last["line"] + len(last["after"])] = last["before"]
        locked.text, locked.repairs = "\n".join(lines), rest
    _save(actor, locked, "undo_all" if is_all else "undo", now)


def save_draft(*, actor: User, draft: LawDraft, facts: VersionFacts, now: datetime) -> LawVersion:
    """Make a version of a draft; the structure that a file says itself stays where it is untouched.

    To be called outside a transaction. Raises what ``add_version`` and the reader raise.
    """
    reading = reading_of(draft)
    if draft.source_kind == SCAN:
        waiting = [doubt for doubt in doubts_of(draft, reading) if not doubt.is_settled]
        if any("scanned_number" in doubt.reasons for doubt in waiting):
            raise NumbersUnconfirmed
    if draft.source_kind in STRUCTURED and draft.text == draft.read:
        file = read_law_file(read_file(draft.file), draft.direction)
        if file.law is not None:
            reading = engine.Reading(draft.text, file.law, (), ())
    with transaction.atomic():
        locked = _locked(actor, draft)
        if locked.text != draft.text:
            raise LineMoved
        version = add_version(actor=actor, law=locked.law, reading=reading, facts=facts, now=now)
        locked.version = version
        locked.save(update_fields=["version"])
        remarks = list(locked.remarks.all())
        for remark in remarks:
            remark.eid = place_of_remark(remark, reading)
        DraftRemark.objects.bulk_update(remarks, ["eid"])
    return version


@transaction.atomic
def discard_draft(*, actor: User, draft: LawDraft, now: datetime) -> None:
    """Throw a draft away, and its file where nothing else is read from it.

    Raises ``NotAllowed``.
    """
    locked = _locked(actor, draft)
    file = locked.file
    audit(actor, "legislation.draft.discard", locked, at=now)
    locked.delete()
    if not LawDraft.objects.filter(file=file).exists():
        erase_file(actor=actor, file=file, now=now)


def _locked(actor: User, draft: LawDraft) -> LawDraft:
    locked = LawDraft.objects.select_for_update().select_related("law", "file").get(pk=draft.pk)
    if locked.kept_by_id != actor.pk or not rules.can_edit_law(actor, locked.law):
        raise NotAllowed
    if locked.version_id is not None:
        raise NotAllowed
    return locked


def _count(draft: LawDraft) -> None:
    draft.doubts = sum(not doubt.is_settled for doubt in doubts_of(draft, reading_of(draft)))


def _save(actor: User, draft: LawDraft, what: str, now: datetime) -> None:
    _count(draft)
    draft.save(update_fields=["text", "repairs", "doubts"])
    # What a text says stays out of the log: it may be in confidence.
    audit(actor, "legislation.draft.repair", draft, at=now, changed={"what": ["", what]})
