"""The statements of a dialogue at the desk: the table, seeds, translations, themes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hiwar.accounts.access import me, needs
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.pages import attempt, attempt_and_say, paged
from hiwar.common.multilingual import MultilingualText, installation_languages
from hiwar.dialogues import rules
from hiwar.dialogues.actions import people
from hiwar.dialogues.actions import statements as act
from hiwar.dialogues.actions.statement_merges import unmerge_statements
from hiwar.dialogues.desk.pages import (
    dialogue_or_404,
    frame_of_dialogue,
    page_of_dialogue,
    statement_or_404,
)
from hiwar.dialogues.forms.desk import StatementForm
from hiwar.dialogues.models import Statement
from hiwar.dialogues.queries.desk import tallied
from hiwar.dialogues.queries.statements import all_statements, fold
from hiwar.events.rules import can_see_event

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hiwar.accounts.models import User
    from hiwar.accounts.rules import Somebody
    from hiwar.dialogues.models import Dialogue

OWED, BLOCKED = "untranslated", "blocked"


@needs(rules.can_see_dialogue)
def statements(request: HttpRequest, code: str) -> HttpResponse:
    dialogue = dialogue_or_404(code)
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    page = paged(request, _chosen(dialogue, words, state))
    return page_of_dialogue(
        request,
        "statements",
        dialogue,
        tab="statements",
        rows=tallied(page["page"].object_list),
        words=words,
        filters=_filters(words, state),
        **page,
    )


def _chosen(dialogue: Dialogue, words: str, state: str) -> list[Statement]:
    """Return statements with all the words in any language; letters typed in several ways agree."""
    statements = all_statements(dialogue)
    if state in Statement.State.values:
        statements = statements.filter(state=state)
    if state == BLOCKED:
        statements = statements.filter(author__is_blocked=True)
    wanted = fold(words).split()
    listed = [
        statement
        for statement in statements
        if all(
            word in fold(f"{' '.join(statement.shown.values())} {statement.theme}")
            for word in wanted
        )
    ]
    if state == OWED:
        live = (Statement.State.OPEN, Statement.State.HELD)
        listed = [
            statement for statement in listed if statement.text.missing and statement.state in live
        ]
    return listed


def _filters(words: str, current: str) -> list[dict[str, object]]:
    query = f"&{urlencode({'q': words})}" if words else ""
    offered = [("", _("All")), *Statement.State.choices, (OWED, _("to translate")),
               (BLOCKED, _("by blocked participants"))]  # fmt: skip
    return [
        {"label": label, "url": f"?state={key}{query}", "current": key == current, "count": None}
        for key, label in offered
    ]


@needs(rules.can_run_dialogue)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add a statement of the institution, in one language or in all."""
    dialogue = dialogue_or_404(code)
    form = StatementForm(request.POST or None, reader=request.user)
    if attempt_and_say(
        request, form, lambda: _add(me(request), dialogue, form), _("The statement is added.")
    ):
        again = "add" in request.POST
        return redirect("dialogues:add_statement" if again else "dialogues:statements", code)
    themes = _themes(dialogue)
    return form_page(
        request, form, title=_("Add a statement"), verb=_("Add"), lead=dialogue.question,
        back=reverse("dialogues:statements", args=[code]), themes=themes,
        template="dialogues/desk/statement_add.html", **frame_of_dialogue(request, dialogue),
    )  # fmt: skip


def _themes(dialogue: Dialogue) -> list[str]:
    themes = dialogue.statements.exclude(theme="").order_by("theme").values_list("theme", flat=True)
    return list(themes.distinct())


def _may_word(user: Somebody) -> bool:
    return rules.can_run_dialogue(user) or rules.can_moderate_statement(user)


@needs(rules.can_see_dialogue)
def statement(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One statement: its words in every language, its theme, and what became of it."""
    dialogue = dialogue_or_404(code)
    subject = statement_or_404(dialogue, number)
    may_word = _may_word(request.user)
    form = StatementForm(
        request.POST if may_word and request.POST else None,
        initial={"text": subject.shown, "theme": subject.theme, "event": subject.event_id},
        reader=request.user,
    )
    if attempt_and_say(
        request, form, lambda: _save(me(request), subject, form), _("The statement is saved.")
    ):
        return redirect("dialogues:statements", code)
    return page_of_dialogue(
        request,
        "statement",
        dialogue,
        statement=subject,
        tally=tallied([subject])[0],
        form=form,
        may_word=may_word,
        wordings=subject.wordings.order_by("-replaced_at", "pk"),
        decisions=subject.decisions.select_related("moderator").order_by("-decided_at", "-pk"),
    )


@transaction.atomic
def _add(actor: User, dialogue: Dialogue, form: StatementForm) -> None:
    now, values = timezone.now(), form.cleaned_data
    added = act.add_statement(
        dialogue=dialogue, text=values["text"], language=form.language, theme=values["theme"],
        actor=actor, now=now,
    )  # fmt: skip
    act.set_session(actor=actor, statement=added, event=values["event"], now=now)


@transaction.atomic
def _save(actor: User, subject: Statement, form: StatementForm) -> None:
    now, texts = timezone.now(), form.cleaned_data["text"]
    act.set_theme(actor=actor, statement=subject, theme=form.cleaned_data["theme"], now=now)
    # A session that is not open to who words the statement is not offered, and stays.
    if subject.event is None or can_see_event(actor, subject.event):
        event = form.cleaned_data["event"]
        act.set_session(actor=actor, statement=subject, event=event, now=now)
    # Compared with what the form showed: a mask that comes back changes nothing.
    shown = subject.shown
    own = texts.get(subject.language, "")
    if _plain(own) != _plain(shown.get(subject.language, "")):
        changed = MultilingualText({**subject.text, **texts})
        subject = act.reword_statement(statement=subject, text=changed, actor=actor, now=now)
    for language in installation_languages():
        words = _plain(texts.get(language, ""))
        is_new = words and words != _plain(shown.get(language, ""))
        if language != subject.language and is_new:
            subject = act.translate_statement(
                actor=actor, statement=subject, text=words, language=language, now=now
            )


def _plain(text: str) -> str:
    return " ".join(text.split())


@require_POST
@needs(rules.can_moderate_statement)
def unmerge(request: HttpRequest, code: str, number: str) -> HttpResponse:
    subject = statement_or_404(dialogue_or_404(code), number)
    attempt(
        request,
        lambda: unmerge_statements(actor=me(request), merged=subject, now=timezone.now()),
        _("The two statements are apart again, with their votes."),
    )
    return redirect("dialogues:statement", code, number)


@needs(rules.can_run_dialogue)
def block(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """Ask before the author of a statement is blocked, or let in again; nobody learns who it is."""
    dialogue = dialogue_or_404(code)
    subject = statement_or_404(dialogue, number)
    if subject.author is None:
        raise Http404
    author = subject.author
    if request.method == "POST":
        # What the button said is done, even where a colleague was quicker.
        is_blocked = "allow" not in request.POST
        done = (
            _("The participant is blocked. Their votes no longer count.")
            if is_blocked
            else _("The participant takes part again, and their votes count again.")
        )
        attempt(
            request,
            lambda: people.block_participant(
                actor=me(request), participant=author, now=timezone.now(), is_blocked=is_blocked
            ),
            done,
        )
        return redirect("dialogues:statement", code, number)
    return page_of_dialogue(
        request,
        "statement_block",
        dialogue,
        statement=subject,
        is_blocked=author.is_blocked,
        n_statements=dialogue.statements.filter(author=author).count(),
    )
