"""Amendments proposed, changed, looked at through lenses, adopted, withdrawn, published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.accounts.queries import is_readable_by
from hiwar.common.actions import audit
from hiwar.common.models import Visibility
from hiwar.common.refusals import Refused
from hiwar.common.vocabularies import entries
from hiwar.legislation import rules
from hiwar.legislation.models import Amendment, EquityNote, Law, LawVersion
from hiwar.legislation.queries.amendments import lenses_touched
from hiwar.legislation.queries.asked import asked_text
from hiwar.legislation.queries.laws import text_of
from hiwar.legislation.queries.vocabularies import LENSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.common.models import ImportRun
    from hiwar.legislation.models import Comment

Kind, State = Amendment.Kind, Amendment.State


class UnknownProvision(Refused):
    """The version has no such provision."""

    code = "unknown_provision"
    message = _("This version has no such provision.")


class NoNewText(Refused):
    """A proposal without words."""

    code = "no_new_text"
    message = _("Write the new text, in the language of the version at least.")


class WordsNotThere(Refused):
    """The words that are to be replaced stand nowhere in the provision."""

    code = "words_not_there"
    message = _("The provision does not have these words. Copy them from its text, to the letter.")


class NothingChanges(Refused):
    """The text asked for is the text in force."""

    code = "nothing_changes"
    message = _("This is the text as it stands: nothing would change.")


class NotADraft(Refused):
    """Only a draft is changed."""

    code = "not_a_draft"
    message = _("This proposal is adopted or withdrawn. Open it again before it is changed.")


class ForeignComment(Refused):
    """A comment on another law."""

    code = "foreign_comment"
    message = _("Only comments on the same law can be its sources.")


class NotAdopted(Refused):
    """Only what was adopted is published."""

    code = "not_adopted"
    message = _("Only adopted proposals on a published version are published.")


class NotesOwed(Refused):
    """Equity notes that nobody has written."""

    code = "notes_owed"

    def __init__(self, lenses: Sequence[str]) -> None:
        self.lenses = lenses
        super().__init__()

    def __str__(self) -> str:
        return gettext("An equity note is owed before it is adopted: %(lenses)s.") % {
            "lenses": " · ".join(self.lenses)
        }


@dataclass(frozen=True, slots=True)
class AmendmentFacts:
    """What is proposed: texts by language; ``lenses`` are codes that somebody says are touched."""

    kind: str
    eid: str
    reason: Mapping[str, str]
    text: Mapping[str, str]
    words: Mapping[str, str]
    affected: Mapping[str, str]
    comments: Sequence[Comment] = ()
    lenses: Sequence[str] = ()


@transaction.atomic
def propose_amendment(
    *, actor: User, version: LawVersion, facts: AmendmentFacts, now: datetime,
    run: ImportRun | None = None,
) -> Amendment:  # fmt: skip
    """Propose a change to a version, as a draft with the next number of its law.

    Raises ``NotAllowed``, ``UnknownProvision``, ``NoNewText``, ``WordsNotThere``,
    ``NothingChanges``, ``ForeignComment`` and ``ValidationError``.
    """
    law = Law.objects.select_for_update().get(pk=version.law_id)
    _need_writer(actor, law, version)
    last = Amendment.objects.filter(law=law).aggregate(last=Max("number"))["last"] or 0
    amendment = Amendment(
        law=law, version=version, number=last + 1, created_by=actor, created_at=now,
        import_run=run,
    )  # fmt: skip
    _fill(amendment, facts)
    amendment.save(force_insert=True)
    _connect(amendment, facts)
    audit(actor, "legislation.amendment.propose", law, at=now, changed={
        "amendment": ["", str(amendment.pk)],
    })  # fmt: skip
    return amendment


@transaction.atomic
def change_amendment(
    *, actor: User, amendment: Amendment, facts: AmendmentFacts, now: datetime
) -> Amendment:
    """Change a draft. Raises as ``propose_amendment`` does, and ``NotADraft``."""
    locked = _locked(actor, amendment)
    if locked.state != State.DRAFT:
        raise NotADraft
    before = _plain(locked)
    _fill(locked, facts)
    locked.save()
    _connect(locked, facts)
    after = _plain(locked)
    audit(actor, "legislation.amendment.change", locked.law, at=now, changed={
        "amendment": ["", str(locked.pk)],
        **{name: [before[name], value] for name, value in after.items() if value != before[name]},
    })  # fmt: skip
    return locked


@transaction.atomic
def write_equity_note(
    *, actor: User, amendment: Amendment, lens: str, text: str, now: datetime
) -> EquityNote:
    """Write what a draft does to a group; an empty text leaves the note owed.

    Raises ``NotAllowed``, ``NotADraft`` and ``KeyError`` for an unknown lens.
    """
    locked = _locked(actor, amendment)
    if locked.state != State.DRAFT:
        raise NotADraft
    if lens not in entries.entries(LENSES):
        raise KeyError(lens)
    note, _is_new = EquityNote.objects.get_or_create(amendment=locked, lens=lens)
    before, note.text = note.text, text.replace("\r\n", "\n").strip()[:4000]
    note.written_by, note.written_at = actor, now
    note.save()
    audit(actor, "legislation.amendment.note", locked.law, at=now, changed={
        f"amendment {locked.number} {lens}": [before, note.text],
    })  # fmt: skip
    return note


@transaction.atomic
def adopt_amendment(*, actor: User, amendment: Amendment, now: datetime) -> None:
    """Make a draft the position of the institution; every lens that it touches has its note.

    Raises ``NotAllowed``, ``NotADraft`` and ``NotesOwed``.
    """
    locked = _locked(actor, amendment)
    if not rules.can_publish_law(actor, locked.law):
        raise NotAllowed
    if locked.state != State.DRAFT:
        raise NotADraft
    touched = lenses_touched(locked, text_of(locked.version))
    owed = [lens.name for lens in touched if lens.is_owed]
    if owed:
        raise NotesOwed(owed)
    locked.adopted_by, locked.adopted_at = actor, now
    _move(actor, locked, State.ADOPTED, "legislation.amendment.adopt", now)


@transaction.atomic
def reopen_amendment(*, actor: User, amendment: Amendment, now: datetime) -> None:
    """Make an amendment a draft again, whatever it is; the public no longer reads it.

    Raises ``NotAllowed``.
    """
    locked = _locked(actor, amendment)
    if not rules.can_publish_law(actor, locked.law):
        raise NotAllowed
    locked.adopted_by = locked.adopted_at = None
    _move(actor, locked, State.DRAFT, "legislation.amendment.reopen", now)


@transaction.atomic
def withdraw_amendment(*, actor: User, amendment: Amendment, now: datetime) -> None:
    """Give an amendment up; it keeps its number and is no part of the text any more.

    Raises ``NotAllowed``.
    """
    locked = _locked(actor, amendment)
    _move(actor, locked, State.WITHDRAWN, "legislation.amendment.withdraw", now)


@transaction.atomic
def publish_amendments(
    *, actor: User, law: Law, amendments: Iterable[Amendment], is_shown: bool, now: datetime
) -> int:
    """Let everybody read adopted amendments of a published version, or no longer.

    Return how many changed. Raises ``NotAllowed`` and ``NotAdopted``.
    """
    locked = Law.objects.select_for_update().get(pk=law.pk)
    if not rules.can_publish_law(actor, locked):
        raise NotAllowed
    chosen = Amendment.objects.filter(law=locked, pk__in=[each.pk for each in amendments])
    publishable = chosen.filter(state=State.ADOPTED, version__visibility=Visibility.PUBLIC)
    if is_shown and publishable.count() != chosen.count():
        raise NotAdopted
    count = chosen.exclude(is_published=is_shown).update(is_published=is_shown)
    audit(actor, "legislation.amendment.publish", locked, at=now, changed={
        "amendments": [0, count], "shown": [not is_shown, is_shown],
    })  # fmt: skip
    return count


def _need_writer(actor: User, law: Law, version: LawVersion) -> None:
    if not (rules.can_edit_law(actor, law) and is_readable_by(actor, version)):
        raise NotAllowed


def _locked(actor: User, amendment: Amendment) -> Amendment:
    locked: Amendment = (
        Amendment.objects.select_for_update(of=("self",))
        .select_related("law__dossier", "version").get(pk=amendment.pk)
    )  # fmt: skip
    _need_writer(actor, locked.law, locked.version)
    return locked


def _fill(amendment: Amendment, facts: AmendmentFacts) -> None:
    amendment.kind, amendment.eid = facts.kind, facts.eid
    is_repeal = facts.kind == Kind.REPEAL
    amendment.text = {} if is_repeal else _tidy(facts.text)
    amendment.words = _tidy(facts.words) if facts.kind == Kind.PHRASE else {}
    amendment.reason, amendment.affected = _tidy(facts.reason), _tidy(facts.affected)
    amendment.full_clean(
        exclude=["law", "version", "created_by", "adopted_by", "import_run"],
        validate_unique=False, validate_constraints=False,
    )  # fmt: skip
    text = text_of(amendment.version)
    provision = text.provision(amendment.eid)
    if provision is None or (facts.kind == Kind.INSERTION and provision.kind != "article"):
        raise UnknownProvision
    asked = asked_text(amendment, text)
    if asked is None:
        raise NoNewText
    if facts.kind == Kind.PHRASE and asked.old == asked.new:
        same = amendment.words == amendment.text
        raise NothingChanges if same else WordsNotThere
    if facts.kind != Kind.REPEAL and asked.old == asked.new:
        raise NothingChanges


def _tidy(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text.replace("\r\n", "\n").strip() for code, text in texts.items()}


def _connect(amendment: Amendment, facts: AmendmentFacts) -> None:
    """Keep the sources, and a note for each lens that somebody says is touched."""
    if any(comment.consultation.law_id != amendment.law_id for comment in facts.comments):
        raise ForeignComment
    amendment.comments.set(facts.comments)
    known = set(entries.entries(LENSES))
    chosen = [lens for lens in facts.lenses if lens in known]
    EquityNote.objects.filter(amendment=amendment, text="").exclude(lens__in=chosen).delete()
    for lens in chosen:
        EquityNote.objects.get_or_create(amendment=amendment, lens=lens)


def _plain(amendment: Amendment) -> dict[str, object]:
    return {
        "kind": amendment.kind, "eid": amendment.eid, "text": dict(amendment.text),
        "words": dict(amendment.words), "reason": dict(amendment.reason),
        "affected": dict(amendment.affected),
    }  # fmt: skip


def _move(actor: User, amendment: Amendment, state: str, verb: str, now: datetime) -> None:
    before, amendment.state = amendment.state, state
    if state != State.ADOPTED:
        amendment.is_published = False
    amendment.save()
    audit(actor, verb, amendment.law, at=now, changed={
        f"amendment {amendment.number}": [before, state],
    })  # fmt: skip
