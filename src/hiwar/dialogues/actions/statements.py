"""Statements: written, translated, reworded and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hiwar.accounts.actions.people import NotAllowed
from hiwar.common.actions import audit
from hiwar.common.dates import local_day, start_of_day
from hiwar.common.multilingual import MultilingualText
from hiwar.common.personal.details import masked_text, private_details
from hiwar.common.refusals import Refused
from hiwar.common.visible_text import visible_text
from hiwar.dialogues import rules
from hiwar.dialogues.actions.people import DialogueNotOpen
from hiwar.dialogues.actions.votes import (
    Act,
    NoRoundOpen,
    ParticipantBlocked,
    upcoming_sequence,
    write_acts,
)
from hiwar.dialogues.models import Dialogue, Participant, Round, Statement, Vote, Wording
from hiwar.dialogues.queries.flags import flags_of
from hiwar.dialogues.queries.snapshots import refusal_of
from hiwar.dialogues.queries.statements import next_number, same_statement, turned_away
from hiwar.events.rules import can_see_event

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from hiwar.accounts.models import User
    from hiwar.events.models import Event

LONGEST = 300
MOST_PER_AUTHOR = 10
FREEZES_FROM = 3


class StatementEmpty(Refused):
    """There is nothing to vote on."""

    code = "statement_empty"
    message = _("Write one idea in a sentence.")


class StatementTooLong(Refused):
    """A statement is one idea, short enough for a small screen."""

    code = "statement_too_long"
    message = _("This is longer than 300 characters. Keep to one idea.")


class ClosingSoon(Refused):
    """On its last day a round takes votes but no statements."""

    code = "closing_soon"
    message = _("The last day is for voting, so that everybody can answer every statement.")


class SaidAlready(Refused):
    """The same words are a statement already."""

    code = "said_already"
    message = _("Somebody has said exactly this. You can vote on it.")


class EnoughStatements(Refused):
    """One person does not fill the dialogue."""

    code = "enough_statements"
    message = _("You have added ten statements. Leave room for others.")


class NotTheAuthor(Refused):
    """Only who wrote a statement may reword it or take it back."""

    code = "not_the_author"
    message = _("Only its author may do this.")


class VotedOnAlready(Refused):
    """Others have voted on these words, so the words stay."""

    code = "voted_on_already"
    message = _("Others have voted on this wording already, so it stays as it is.")


class StatementSettled(Refused):
    """The statement is not in a state that allows this."""

    code = "statement_settled"
    message = _("This is no longer possible for this statement.")


@transaction.atomic
def add_statement(
    *,
    dialogue: Dialogue,
    text: str | Mapping[str, str],
    language: str,
    now: datetime,
    author: Participant | None = None,
    actor: User | None = None,
    source: str = "",
    theme: str = "",
) -> Statement:
    """Add a statement: of a participant as moderation has it, of a facilitator open at once.

    A participant's statement with private details, with a word of the institution's list, or with
    words that were turned away before waits for review whatever the mode; its author agrees with
    it. Where the same words of somebody else wait for review, what is written
    counts as an agreement with those, which are returned. Raises ``DialogueNotOpen``,
    ``NoRoundOpen``, ``ParticipantBlocked``, ``EnoughStatements``, ``SaidAlready``,
    ``StatementEmpty``, ``StatementTooLong``, ``NotAllowed``.
    """
    texts = _texts(text, language)
    locked = Dialogue.objects.select_for_update(no_key=True).get(pk=dialogue.pk)
    if author is not None:
        _refuse_author(locked, author)
        _refuse_last_day(locked, now)
        same = same_statement(dialogue, texts[language])
        if same is not None and same.state == Statement.State.OPEN:
            raise SaidAlready
        if same is not None:
            agree(statement=same, author=author, now=now)
            return same
    elif actor is None or not rules.can_run_dialogue(actor):
        raise NotAllowed
    statement = Statement(
        dialogue=dialogue,
        number=next_number(dialogue),
        text=texts,
        language=language,
        source=source or (Statement.Source.PARTICIPANT if author else Statement.Source.SEED),
        state=_first_state(locked, author, texts),
        theme=theme,
        author=author,
        added_at=now if author is None else start_of_day(now),
    )
    statement.full_clean()
    statement.save()
    if author is None:
        audit(actor, "dialogues.statement.add", statement, at=now)
    else:
        agree(statement=statement, author=author, now=now)
    return statement


def agree(*, statement: Statement, author: Participant, now: datetime) -> None:
    """Write the agreement that an author gives by writing; inside the caller's transaction."""
    sequence = upcoming_sequence(author.pk, now)
    channel = author.last_channel or "web"
    act = Act(author.pk, statement.pk, Vote.Choice.AGREE.value, False, sequence, channel)
    with connection.cursor() as cursor:
        write_acts(getattr(cursor, "cursor", cursor), connection.vendor, [act])


@transaction.atomic
def translate_statement(
    *, actor: User, statement: Statement, text: str, language: str, now: datetime
) -> Statement:
    """Give a statement its words in another language, or better ones.

    Raises ``NotAllowed``, ``StatementEmpty``, ``StatementTooLong``, and ``StatementSettled`` for
    the language it was written in.
    """
    if not (rules.can_run_dialogue(actor) or rules.can_moderate_statement(actor)):
        raise NotAllowed
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if language == statement.language:
        raise StatementSettled
    if language in statement.text:
        _keep_wording(statement, now)
    new = _texts(text, language)
    statement.text = MultilingualText({**statement.text, **new})
    statement.save(update_fields=["text"])
    changed = {"language": language}
    audit(actor, "dialogues.statement.translate", statement, at=now, changed=changed)
    return statement


@transaction.atomic
def reword_statement(
    *,
    statement: Statement,
    text: str | Mapping[str, str],
    now: datetime,
    participant: Participant | None = None,
    actor: User | None = None,
) -> Statement:
    """Put a statement in other words while nobody else has voted on it.

    Only its author may, and it waits for review again; seeds are reworded by who runs the
    dialogue. Translations are made anew, because they said the old words. The earlier wording is
    kept. Raises ``NotTheAuthor``, ``NotAllowed``, ``VotedOnAlready``, ``StatementSettled``,
    ``StatementEmpty`` and ``StatementTooLong``.
    """
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if participant is not None:
        if statement.author_id != participant.pk:
            raise NotTheAuthor
    elif statement.author_id is not None:
        raise NotTheAuthor
    elif actor is None or not rules.can_run_dialogue(actor):
        raise NotAllowed
    fixed = (Statement.State.MERGED, Statement.State.SPLIT, Statement.State.WITHDRAWN)
    if statement.state in fixed or statement.dialogue.state == Dialogue.State.CLOSED:
        raise StatementSettled
    if statement.votes.exclude(participant=statement.author_id).exists():
        raise VotedOnAlready
    texts = _texts(text, statement.language)
    _keep_wording(statement, _day_of_rewording(statement, now))
    statement.text = texts
    if participant is not None:
        statement.was_reworded = True
        statement.state = Statement.State.HELD
    statement.save(update_fields=["text", "was_reworded", "state"])
    if actor is not None:
        audit(actor, "dialogues.statement.reword", statement, at=now)
    return statement


@transaction.atomic
def set_theme(*, actor: User, statement: Statement, theme: str, now: datetime) -> Statement:
    """Put a statement under a theme, or under none; raises ``NotAllowed``."""
    if not (rules.can_run_dialogue(actor) or rules.can_moderate_statement(actor)):
        raise NotAllowed
    old, new = statement.theme, " ".join(theme.split())[:60]
    if new != old:
        statement.theme = new
        statement.save(update_fields=["theme"])
        changed = {"theme": [old, new]}
        audit(actor, "dialogues.statement.set_theme", statement, at=now, changed=changed)
    return statement


@transaction.atomic
def set_session(
    *, actor: User, statement: Statement, event: Event | None, now: datetime
) -> Statement:
    """Say in which session a statement was said, or in none.

    Raises ``NotAllowed``, also where the session is none that the actor may read.
    """
    may_word = rules.can_run_dialogue(actor) or rules.can_moderate_statement(actor)
    old = statement.event
    if not may_word or any(each and not can_see_event(actor, each) for each in (old, event)):
        raise NotAllowed
    if event != old:
        statement.event = event
        if statement.author_id is None and statement.source != Statement.Source.PARTICIPANT:
            sources = Statement.Source
            statement.source = sources.SEED if event is None else sources.SESSION
        statement.save(update_fields=["event", "source"])
        changed = {"event": [old, event]}
        audit(actor, "dialogues.statement.set_session", statement, at=now, changed=changed)
    return statement


@transaction.atomic
def withdraw_statement(*, statement: Statement, participant: Participant) -> Statement:
    """Take one's own statement back; its votes no longer count, and nobody sees it any more.

    Where somebody else wrote the same words while they waited for review, the statement goes on as
    theirs. Raises ``NotTheAuthor`` and ``StatementSettled``.
    """
    statement = Statement.objects.select_for_update().get(pk=statement.pk)
    if statement.author_id != participant.pk:
        raise NotTheAuthor
    may = (Statement.State.HELD, Statement.State.OPEN, Statement.State.REJECTED)
    if statement.state not in may or statement.dialogue.state == Dialogue.State.CLOSED:
        raise StatementSettled
    heir = also_wrote(statement)
    if heir is not None:
        statement.author_id = heir
        statement.save(update_fields=["author"])
        statement.votes.filter(participant=participant).delete()
        return statement
    drop_details(statement)
    statement.state = Statement.State.WITHDRAWN
    statement.save(update_fields=["state"])
    return statement


def also_wrote(statement: Statement, leaving: Collection[int] = ()) -> int | None:
    """Return who else wrote a statement that nobody was offered yet, or None.

    Who agrees with it has written the same words. ``leaving`` are not asked.
    """
    if statement.state != Statement.State.HELD or statement.was_reworded:
        return None
    if statement.decisions.exists():
        return None
    agreeing = statement.votes.filter(choice=Vote.Choice.AGREE).exclude(
        participant__in=[statement.author_id, *leaving]
    )
    return agreeing.order_by("participant").values_list("participant", flat=True).first()


def _texts(text: str | Mapping[str, str], language: str) -> MultilingualText:
    entries = {language: text} if isinstance(text, str) else dict(text)
    clean = {code: " ".join(visible_text(words).split()) for code, words in entries.items()}
    texts = MultilingualText(clean)
    if not texts.get(language):
        raise StatementEmpty
    if any(len(words) > LONGEST for words in texts.values()):
        raise StatementTooLong
    return texts


def why_none_is_taken(dialogue: Dialogue, now: datetime) -> Refused | None:
    """Return why nobody can add a statement now, to be said before anybody writes one."""
    try:
        _refuse_closed(dialogue)
        _refuse_last_day(dialogue, now)
    except Refused as refused:
        return refused
    return None


def _refuse_closed(dialogue: Dialogue) -> None:
    if dialogue.state != Dialogue.State.OPEN:
        raise DialogueNotOpen
    if refusal_of(dialogue):
        raise NoRoundOpen


def _refuse_author(dialogue: Dialogue, author: Participant) -> None:
    _refuse_closed(dialogue)
    if author.is_blocked or author.dialogue_id != dialogue.pk:
        raise ParticipantBlocked
    mine = Statement.objects.filter(author=author, derived_from=None)
    if mine.exclude(state=Statement.State.WITHDRAWN).count() >= MOST_PER_AUTHOR:
        raise EnoughStatements


def _refuse_last_day(dialogue: Dialogue, now: datetime) -> None:
    """Freeze statements on the last day of a round of four days or more."""
    today = local_day(now)
    ending = dialogue.rounds.filter(state=Round.State.OPEN, ends_on=today)
    if any(
        ending_round.starts_on and (today - ending_round.starts_on).days >= FREEZES_FROM
        for ending_round in ending
    ):
        raise ClosingSoon


def _first_state(
    dialogue: Dialogue, author: Participant | None, texts: Mapping[str, str]
) -> Statement.State:
    if author is None:
        return Statement.State.OPEN
    if dialogue.moderation == Dialogue.Moderation.HOLD_FIRST or dialogue.risk == Dialogue.Risk.HIGH:
        return Statement.State.HELD
    has_details = any(private_details(words) for words in texts.values())
    came_before = any(turned_away(dialogue, words) for words in texts.values())
    if has_details or came_before or flags_of(texts):
        return Statement.State.HELD
    return Statement.State.OPEN


def _day_of_rewording(statement: Statement, now: datetime) -> datetime:
    """Return an instant of an author's day that is after every decision and tells no hour."""
    decided = statement.decisions.aggregate(latest=Max("decided_at"))["latest"]
    after = decided + timedelta(microseconds=1) if decided else start_of_day(now)
    return max(start_of_day(now), after)


def drop_details(statement: Statement) -> None:
    """Put masks for good in place of private details, in earlier wordings too; in a transaction.

    What the institution wrote itself stays: it may name its own number.
    """
    if statement.source == Statement.Source.SEED:
        return
    rows: list[Statement | Wording] = [statement, *statement.wordings.order_by("pk")]
    for row in rows:
        bare = masked_text(row.text)
        if bare != row.text:
            row.text = bare
            row.save(update_fields=["text"])


def _keep_wording(statement: Statement, now: datetime) -> None:
    words = statement.text if statement.author_id is None else masked_text(statement.text)
    Wording.objects.create(statement=statement, text=dict(words), replaced_at=now)
