"""Files of a dialogue at the one desk of files: their columns, and how a page tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hiwar.common.imports import Home, Importer, Part, Told, whoever
from hiwar.common.scripts import columns_in_languages
from hiwar.dialogues import rules
from hiwar.dialogues.actions.imports import steps, undoing
from hiwar.dialogues.models import Dialogue
from hiwar.dialogues.queries.imports import (
    FILE,
    KIND,
    LIMITS,
    PROBLEMS,
    TEXT_IN,
    checks_of,
    heading_words,
    open_messages,
    roles_of,
    shown_roles,
)
from hiwar.dialogues.queries.surveys import ANSWERS, sign_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from django.http import HttpRequest

    from hiwar.common.imports import Problem, Report
    from hiwar.common.models import ImportRun

KINDS = {
    "statements": _("statements"),
    "participants": _("registrations"),
    "votes": _("votes"),
    "messages": _("text messages"),
    "forms": _("paper forms"),
    "recommendations": _("answers to recommendations"),
}
ROLES = {
    ANSWERS: _("answers to the statement in the heading"),
    "text": _("statement or message"),
    "language": _("language"),
    "number": _("number"),
    "theme": _("theme"),
    "source": _("where it comes from"),
    "moderated": _("result of review"),
    "registration": _("registration number"),
    "channel": _("channel"),
    "contact": _("telephone or e-mail (not kept)"),
    "sex": _("sex"),
    "age_band": _("age band"),
    "disability": _("disability"),
    "locality_kind": _("kind of locality"),
    "place": _("place"),
    "statement": _("statement number"),
    "vote": _("answer"),
    "time": _("day and time"),
    "important": _("important to me"),
    "form": _("form number"),
    "entered_by": _("entered by"),
    "recommendation": _("recommendation"),
    "reason": _("reason"),
    "room": _("room in which somebody votes"),
}
# What an answer of a survey sheet may be said to mean.
MEANINGS = {
    "agree": _("agree"),
    "disagree": _("disagree"),
    "pass": _("pass"),
    "missing": _("no answer"),
}
COUNTS = {
    "rows": _("Rows in the file"),
    "loaded": _("Rows that can be loaded"),
    "skipped": _("Rows left as they are"),
    "wrong": _("Rows with a problem"),
    "people": _("New people"),
    "seats": _("People who vote in a room"),
    "to_be_told": _("People to be told what came of it"),
    "votes": _("Votes in the file"),
    "understood": _("Messages understood"),
    "to_read": _("Messages for a person to read"),
    "opt_outs": _("People who want no more messages"),
    "forms": _("Paper forms"),
    "blank": _("Answers left blank"),
    "statements": _("New statements"),
    "answers": _("Answers to recommendations"),
    "replaced_in_file": _("Earlier votes in the file itself"),
    "written": _("Votes written"),
    "replaced": _("Votes replaced by a later one"),
    "older": _("Votes older than what is there"),
}
# How sure it is which answers agree.
SIGNS = {
    "said": _("What the answers mean was said by a person."),
    "words": _("The answers are words whose meaning is known: this is sure."),
    "signed": _(
        "1 is read as agree and −1 as disagree. Nothing in the file confirms this: compare it with "
        "the questionnaire."
    ),
    "scale": _(
        "Numbers are read as a scale whose upper half agrees. This is a guess: compare it with the "
        "questionnaire."
    ),
}


def _dialogue(subject: UUID | None) -> Dialogue | None:
    return Dialogue.objects.filter(pk=subject).first() if subject else None


def _home(_user: Any, subject: UUID | None) -> Home:
    dialogue = _dialogue(subject)
    if dialogue is None:
        raise Http404
    return Home(str(dialogue.title), reverse("dialogues:imports", args=[dialogue.code]))


def _options() -> dict[str, forms.Field]:
    offered = [("", _("tell from its headings")), *KINDS.items()]
    kind = forms.ChoiceField(label=_("What does it hold?"), required=False, choices=offered)
    to_be_told = forms.ChoiceField(
        label=_("Of registrations: may the addresses be kept to tell people what came of it?"),
        required=False,
        choices=[
            ("", _("no, nothing of them is kept")),
            ("yes", _("yes, all were asked and agreed")),
        ],
        help_text=_("They are kept sealed, apart from votes, and destroyed once people were told."),
    )
    return {"kind": kind, "to_be_told": to_be_told}


def _words(options: Mapping[str, str]) -> Mapping[str, Any]:
    return heading_words(options.get("asked", options.get("kind", "")))


def _fields(options: Mapping[str, str]) -> Mapping[str, Any]:
    kind = options["kind"]
    labels = _labels()
    return {role: labels[role] for role in (*roles_of(kind), *([ANSWERS] * (kind == "votes")))}


def _labels() -> dict[str, Any]:
    return {**ROLES, **columns_in_languages("text", TEXT_IN)}


def _tell(problem: Problem) -> Told:
    what, happens = PROBLEMS[problem.code]
    # A count follows what is wrong, so it ends without a full stop.
    wrong = str(what).rstrip(".")
    return Told(wrong, happens, str(_labels().get(problem.detail, "")) or problem.value)


def _say(run: ImportRun, report: Report) -> list[str]:
    """Say what kind of rows it is, and of a survey sheet what was read as agreement, how surely."""
    kind = KINDS.get(run.options.get("kind", ""))
    lines = [gettext("Read as: %(kind)s.") % {"kind": kind}] if kind else []
    if not report.answers:
        return lines
    lines.append(
        gettext(
            "Each row is one person; the headings of the columns with answers are the statements."
        )
    )
    for code, name in MEANINGS.items():
        cells = [cell for cell, means in report.answers.items() if means == code]
        if cells:
            words = {"meaning": name, "answers": gettext(", ").join(cells)}
            lines.append(gettext("Read as “%(meaning)s”: %(answers)s.") % words)
    # Nothing is sure while an answer is not understood.
    if all(report.answers.values()):
        lines.append(str(SIGNS[sign_of(list(report.answers), report.said)]))
    return lines


def _follow(_request: HttpRequest, run: ImportRun) -> list[tuple[str, str]]:
    dialogue = _dialogue(run.subject)
    if dialogue is None:
        return []
    listed = []
    if open_messages(dialogue).filter(run=run).exists():
        address = reverse("dialogues:messages_to_read", args=[dialogue.code])
        listed.append((gettext("Read messages"), address))
    if checks_of(dialogue).filter(run=run, result="").exists():
        address = reverse("dialogues:compare_forms", args=[dialogue.code])
        listed.append((gettext("Compare with the paper"), address))
    return listed


IMPORTER = Importer(
    kind=KIND,
    title=_("Files of the dialogue"),
    parts=(
        Part(
            FILE,
            _("File"),
            words=_words,
            fields=_fields,
            shown=lambda options: [
                _labels()[role] for role in shown_roles(options.get("kind", ""))
            ],
            help_text=_("CSV or XLSX, at most 20 MB. Nothing is saved before you have seen it."),
            propose=steps.propose_columns,
            several=(ANSWERS,),
        ),
    ),
    may=whoever(rules.can_import_file),
    home=_home,
    plan=steps.plan_file,
    apply=steps.apply_file,
    undo=undoing.undo_file,
    figures=COUNTS,
    not_taken={"column": _("Nothing is taken of this column, and nothing of it is kept")},
    refusals=(undoing.LaterStepFirst, undoing.MergeFirst, undoing.InUse),
    tell=_tell,
    lock=steps.lock_dialogue,
    options=_options,
    settle=steps.settle_kind,
    meanings=MEANINGS,
    say=_say,
    follow=_follow,
    limits=LIMITS,
    is_for_records=True,
)
