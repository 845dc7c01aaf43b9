"""Dialogues at the desk: the list, a new one, its page, its settings, its opening and close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hiwar.accounts.access import me, needs
from hiwar.common import dates
from hiwar.common.desk.frames import form_page
from hiwar.common.desk.lists import Listing, choice_of, filter_links, list_page, words_of
from hiwar.common.desk.pages import attempt, attempt_and_say, attempt_with_form, paged
from hiwar.common.queries import activities, audit_entries
from hiwar.common.templatetags.components import number
from hiwar.dialogues import rules
from hiwar.dialogues.actions import dialogues as act
from hiwar.dialogues.desk.coverage import who_is_missing
from hiwar.dialogues.desk.pages import TONES, dialogue_or_404, frame_of_dialogue, page_of_dialogue
from hiwar.dialogues.desk.rounds import round_items, warnings_for
from hiwar.dialogues.forms.desk import NewDialogueForm, SettingsForm
from hiwar.dialogues.models import Dialogue, Round
from hiwar.dialogues.queries.alerts import unseen_alerts
from hiwar.dialogues.queries.coverage import public_coverage
from hiwar.dialogues.queries.desk import dialogue_rows, search_dialogues
from hiwar.dialogues.queries.dialogues import counts_of, rounds_of
from hiwar.dialogues.queries.results import outdated_publications

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RECENT = 8


@needs(rules.can_see_dialogue)
def list_dialogues(request: HttpRequest) -> HttpResponse:
    words = words_of(request)
    state = choice_of(request, "state", Dialogue.State.values)
    page = paged(request, search_dialogues(words, state))
    counted = Dialogue.objects.order_by("state").values("state").annotate(n=Count("pk"))
    counts = dict(counted.values_list("state", "n"))
    options = [
        ("", _("All"), sum(counts.values())),
        *((code, label, counts.get(code, 0)) for code, label in Dialogue.State.choices),
    ]
    chosen = {"q": words, "state": state}
    may_run = rules.can_run_dialogue(request.user)
    new_url = reverse("dialogues:new")
    listing = Listing(
        title=_("Dialogues"),
        search=_("Search in titles and questions"),
        url=reverse("dialogues:list"),
        everything=_("All dialogues"),
        no_match=_("No dialogue matches"),
        none_yet=_("No dialogue yet"),
        why=_(
            "A dialogue puts one question to many people. From a template it is open in five"
            " minutes."
        ),
        new=(_("New dialogue"), new_url) if may_run else None,
        first=(_("Make the first dialogue"), new_url) if may_run else None,
    )
    return list_page(
        request,
        "dialogues/desk/list.html",
        listing,
        page=page,
        rows=[
            (row, TONES[Dialogue.State(row.dialogue.state)])
            for row in dialogue_rows(page["page"].object_list)
        ],
        words=words,
        filters=[("", filter_links("state", state, options, chosen))],
        chosen={"state": state},
        may_moderate=rules.can_moderate_statement(request.user),
    )


@needs(rules.can_run_dialogue)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for the first three decisions and make a draft; the others follow on the next page."""
    form = NewDialogueForm(request.POST or None)
    dialogues: list[Dialogue] = []
    if form.is_valid() and attempt_with_form(
        form,
        lambda: dialogues.append(
            act.create_dialogue(actor=me(request), now=timezone.now(), **form.cleaned_data)
        ),
    ):
        return redirect("dialogues:plan", dialogues[0].code)
    return form_page(
        request, form, title=_("New dialogue"), verb=_("Continue"),
        trail=[(_("Dialogues"), reverse("dialogues:list"))], template="dialogues/desk/new.html",
        lead=_("Seven decisions on two pages. Until you open it, only the desk sees it."),
    )  # fmt: skip


@needs(rules.can_see_dialogue)
def dialogue(request: HttpRequest, code: str) -> HttpResponse:
    subject = dialogue_or_404(code)
    rounds = list(rounds_of(subject))
    counts = counts_of(subject)
    entries = audit_entries(subject=subject.reference)[:RECENT]
    return page_of_dialogue(
        request,
        "dialogue",
        subject,
        tab="overview",
        sentence=state_sentence(subject, rounds, counts),
        counts=counts,
        rounds=round_items(rounds),
        next_round=next(
            (candidate for candidate in rounds if candidate.state == Round.State.PLANNED), None
        ),
        open_round=next(
            (candidate for candidate in rounds if candidate.state == Round.State.OPEN), None
        ),
        coverage=public_coverage(subject),
        activities=activities(entries),
        alerts=unseen_alerts(subject),
        is_outdated=outdated_publications().filter(dialogue=subject).exists(),
    )


def state_sentence(subject: Dialogue, rounds: list[Round], counts: dict[str, int]) -> str:
    """Return in one sentence where a dialogue stands."""
    if subject.state == Dialogue.State.DRAFT:
        return _("A draft: nobody but the desk sees it.")
    people = ngettext("%(n)s person has voted", "%(n)s people have voted", counts["participants"])
    votes = ngettext("%(n)s vote", "%(n)s votes", counts["votes"])
    facts = {
        "people": people % {"n": number(counts["participants"])},
        "votes": votes % {"n": number(counts["votes"])},
    }
    if subject.state == Dialogue.State.CLOSED:
        facts["day"] = dates.day(subject.closed_at) if subject.closed_at else "–"
        return _("Closed on %(day)s: %(people)s, %(votes)s.") % facts
    current = next((candidate for candidate in rounds if candidate.state == Round.State.OPEN), None)
    if current is None:
        return _("Open, between rounds: %(people)s, %(votes)s.") % facts
    facts |= {
        "kind": current.get_kind_display(),
        "number": number(current.number),
        "of": number(len(rounds)),
    }
    if current.ends_on is None:
        return _("Open, round %(number)s of %(of)s (%(kind)s): %(people)s, %(votes)s.") % facts
    facts["day"] = current.until
    return (
        _("Open, round %(number)s of %(of)s (%(kind)s), until %(day)s: %(people)s, %(votes)s.")
        % facts
    )


@needs(rules.can_run_dialogue)
def settings(request: HttpRequest, code: str) -> HttpResponse:
    subject = dialogue_or_404(code)
    is_promised = subject.state != Dialogue.State.DRAFT
    names = SettingsForm.base_fields
    initial = {name: getattr(subject, name) for name in names}
    form = SettingsForm(
        request.POST or None, initial=initial, reader=me(request), is_promised=is_promised
    )
    if attempt_and_say(
        request,
        form,
        lambda: act.update_dialogue(
            actor=me(request), dialogue=subject, changes=form.cleaned_data, now=timezone.now()
        ),
        _("The settings are saved."),
    ):
        return redirect("dialogues:dialogue", code)
    return form_page(
        request, form, title=_("Settings of the dialogue"), verb=_("Save the settings"),
        template="dialogues/desk/settings.html", is_promised=is_promised,
        **frame_of_dialogue(request, subject),
    )  # fmt: skip


@needs(rules.can_run_dialogue)
def open_dialogue(request: HttpRequest, code: str) -> HttpResponse:
    """Show what opening means, with what the calendar says; then open."""
    subject = dialogue_or_404(code)
    first = rounds_of(subject).first()
    if request.method == "POST":
        done = attempt(
            request,
            lambda: act.open_dialogue(actor=me(request), dialogue=subject, now=timezone.now()),
            _("The dialogue is open. Now invite people."),
        )
        return redirect("dialogues:invite" if done else "dialogues:open", code)
    return page_of_dialogue(
        request,
        "open",
        subject,
        round=first,
        opens_on=first.starts_on if first and not act.is_due(first, timezone.now()) else None,
        is_ready=first is not None and act.has_decision(first),
        warnings=warnings_for(subject, first) if first else [],
        statements=counts_of(subject)["statements"],
    )


@needs(rules.can_run_dialogue)
def close_dialogue(request: HttpRequest, code: str) -> HttpResponse:
    """Say first who is missing; then close for good."""
    subject = dialogue_or_404(code)
    if request.method == "POST":
        attempt(
            request,
            lambda: act.close_dialogue(actor=me(request), dialogue=subject, now=timezone.now()),
            _("The dialogue is closed. Nothing that people said can change any more."),
        )
        return redirect("dialogues:dialogue", code)
    return page_of_dialogue(request, "close", subject, **who_is_missing(subject))
